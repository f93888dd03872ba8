/** The page's address: who is chosen, what is filtered, which day; the same words as the page without script has. */

const OWN = ["agency", "place", "by", "as_of", "as_of_before", "status", "page", "q"];
const FLOW = ["as_of", "status"];
/** Of those, what only the server can tell of flows: they come without the dates of each link. */

/** Return a day as it is written in addresses; "" for none, and for what is no day: the page's form tells that. */
function dayOf(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text ?? "") ? text : "";
}

/** Return what the address asks for. */
export function readAddress(href = location.href) {
  const asked = new URL(href).searchParams;
  const [agency, place] = [asked.get("agency"), asked.get("place")];
  const subject = agency ? ["agency", agency] : place ? ["place", place] : null;
  const kept = [...asked].filter(([, value]) => value);
  const filters = new URLSearchParams(kept.filter(([name]) => !OWN.includes(name)));
  const flows = new URLSearchParams(kept.filter(([name]) => !OWN.includes(name) || FLOW.includes(name)));
  return {
    subject,
    isState: !agency && place?.length === 2,
    flowQuery: flows.size ? `?${flows}` : "",
    by: asked.get("by") === "rung" ? "rung" : "knowledge",
    when: {
      status: asked.get("status") || "listed",
      day: dayOf(asked.get("as_of")),
      before: dayOf(asked.get("as_of_before")),
    },
    filters: filters.size ? `?${filters}` : "",
  };
}

/** Return the present address with some parameters set, or taken away where the value is empty. */
export function addressWith(changes, href = location.href) {
  const url = new URL(href);
  for (const [name, value] of Object.entries({ page: "", ...changes })) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url.pathname + url.search;
}
