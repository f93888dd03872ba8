/** Which links stood on a day, by the dates of today's record: the same rule as the page's own table (LinkFilter). */

/** Tell whether a link has a status; days are written YYYY-MM-DD, 0 or "" for none, so that they compare as text. */
export function stands({ first, ended, inactive, disputed }, status, day) {
  const by = (date) => Boolean(date) && (!day || date <= day);
  if (day && first > day) return false;
  if (status === "all") return true;
  if (status === "disputed") return by(disputed);
  if (status === "ended") return by(ended);
  if (status === "inactive") return by(inactive);
  return !by(ended) && !by(inactive);
}

/** Return "same", "added", "removed" or "" (not there): how links stand on a day, beside the day before, if any. */
export function changeOf(rows, { status, day, before }) {
  const now = rows.some((row) => stands(row, status, day));
  if (!before) return now ? "same" : "";
  const then = rows.some((row) => stands(row, status, before));
  if (now && then) return "same";
  if (now) return "added";
  return then ? "removed" : "";
}
