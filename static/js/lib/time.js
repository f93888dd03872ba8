/** The slider of months, its player, and the second month to compare with. It only chooses; who draws is told. */

import { make } from "atlas/words";

const STEP = 800;
/** Milliseconds that a month is shown for when played. */

/** Return the last day of a month written YYYY-MM. */
function endOf(month) {
  const [year, number] = month.split("-").map(Number);
  return `${month}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, "0")}`;
}

function monthAfter(month) {
  const [year, number] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}

/** Return every month from the first to the last date of links, YYYY-MM. */
export function monthsOf(partners) {
  const dates = [];
  for (const { g, r } of partners.values()) {
    for (const { first, last, ended, inactive } of [...g, ...r]) dates.push(first, last, ended || last, inactive || last);
  }
  if (!dates.length) return [];
  dates.sort();
  const months = [];
  for (let month = dates[0].slice(0, 7); month <= dates.at(-1).slice(0, 7); month = monthAfter(month)) months.push(month);
  return months;
}

export class TimeControl {
  /** `changed({ day, before })` is called with days, "" for the newest of the record, and for no comparison. */
  constructor(element, changed, say) {
    Object.assign(this, { element, changed, say, months: [] });
    const find = (name) => element.querySelector(`[data-time="${name}"]`);
    Object.assign(this, { range: find("month"), told: find("told"), play: find("play"), before: find("before") });
    this.range.addEventListener("input", () => this.moved());
    this.before.addEventListener("change", () => this.moved());
    this.play.addEventListener("click", () => (this.timer ? this.stop() : this.start()));
  }

  /** Offer the months of these links; without any, or with one only, there is nothing to choose. */
  offer(partners, { day, before }) {
    this.stop();
    this.months = partners ? monthsOf(partners) : [];
    this.element.hidden = this.months.length < 2;
    if (this.element.hidden) return;
    const last = this.months.length - 1;
    const reached = this.months.findIndex((month) => endOf(month) >= day);
    this.range.max = last;
    this.range.value = day && reached >= 0 ? reached : last;
    this.offerBefore(before);
    this.tell();
  }

  offerBefore(chosen) {
    const earlier = this.months.slice(0, Number(this.range.value));
    const options = earlier.map((month) => make("option", { value: endOf(month), text: this.name(month) }));
    this.before.replaceChildren(make("option", { value: "", text: this.say("no-day") }), ...options);
    this.before.value = options.some(({ value }) => value === chosen) ? chosen : "";
  }

  /** Return a month in words; its names are the page's, because a browser takes long to make its own ready. */
  name(month) {
    const [year, number] = month.split("-");
    return this.say("month", { month: this.say("months").split(" ")[number - 1], year });
  }

  /** The last step is the record as it stands. */
  get day() {
    const place = Number(this.range.value);
    return place === this.months.length - 1 ? "" : endOf(this.months[place]);
  }

  tell() {
    const name = this.name(this.months[Number(this.range.value)]);
    this.told.textContent = name;
    this.range.setAttribute("aria-valuetext", name);
  }

  moved() {
    const before = this.before.value;
    this.offerBefore(before);
    this.tell();
    this.changed({ day: this.day, before: this.before.value });
  }

  start() {
    if (Number(this.range.value) === this.months.length - 1) this.range.value = 0;
    this.moved();
    this.play.textContent = this.say("stop");
    this.timer = setInterval(() => {
      this.range.value = Number(this.range.value) + 1;
      this.moved();
      if (Number(this.range.value) === this.months.length - 1) this.stop();
    }, STEP);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = this.say("play");
  }
}
