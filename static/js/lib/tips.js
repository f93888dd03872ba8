/** What hovering says, and the chooser where several agencies stand at one point. */

import { KNOWLEDGE } from "atlas/marks";
import { make } from "atlas/words";

const language = document.documentElement.lang;
const dates = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC" });

/** Return a date as the pages write it: "23 April 2026". */
function day(iso) {
  return dates.format(new Date(`${iso}T00:00:00Z`));
}

/** Return the sentences on one partner of the chosen agency: who, which way, through what, as of when. */
export function partnerLines(partner, chosen, say) {
  const lines = [];
  for (const [direction, word] of [["g", "grants"], ["r", "receives"]]) {
    for (const { network, last, disputed } of partner[direction]) {
      const text = say(word, { agency: partner.name, chosen: chosen.name, network, date: day(last) });
      lines.push(make("p", { text: disputed ? `${text} ${say("disputed", { date: day(disputed) })}` : text }));
    }
  }
  return lines;
}

/** Return what a point says when it is hovered. */
export function pointTip(point, state, say) {
  const tip = make("div", { className: "map-tip" });
  const shown = point.agencies.slice(0, 3);
  for (const agency of shown) {
    tip.append(make("strong", { text: agency.name }));
    const links = say(agency.links === 1 ? "link" : "links", { count: agency.links.toLocaleString() });
    const known = say(KNOWLEDGE[agency.knowledge]);
    tip.append(make("p", { text: `${agency.kind}. ${known}. ${agency.links ? links : ""}` }));
  }
  if (point.agencies.length > shown.length) {
    tip.append(make("p", { text: say("more", { count: point.agencies.length - shown.length }) }));
  }
  if (!point.exact) tip.append(make("p", { text: say(point.precision), className: "map-tip-note" }));
  for (const agency of point.agencies) {
    const partner = state.partners?.get(agency.slug);
    if (partner) tip.append(...partnerLines(partner, state.chosen, say));
  }
  return tip;
}

/** Return the list that a crowded point opens, each name a link that chooses it. */
export function chooser(point, say) {
  const items = point.agencies.map((agency) => {
    const link = make("a", { text: agency.name, href: `?agency=${agency.slug}`, "data-choose": agency.slug });
    return make("li", {}, link, make("span", { text: ` ${say(KNOWLEDGE[agency.knowledge])}` }));
  });
  const title = make("strong", { text: say("stack", { count: point.agencies.length }) });
  return make("div", { className: "map-chooser" }, title, make("ul", {}, ...items));
}
