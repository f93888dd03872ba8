/** What hovering says, and the chooser where several agencies stand at one point. */

import { KNOWLEDGE } from "atlas/marks";
import { shareOf } from "atlas/shades";
import { make } from "atlas/words";

const language = document.documentElement.lang;
let dates = null;

/** Return a date as the pages write it: "23 April 2026". */
export function day(iso) {
  dates ??= new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC" });
  return dates.format(new Date(`${iso}T00:00:00Z`));
}

/** Return the sentences on one partner of the chosen: who, which way, through what, as of when. */
export function partnerLines(partner, chosen, say) {
  const lines = [];
  for (const [way, word] of [["g", "grants"], ["r", "receives"]]) {
    if (!partner.change?.[way]) continue;
    for (const { network, count, last, ended, inactive, disputed } of partner[way].slice(0, 4)) {
      const values = { agency: partner.name, chosen: chosen.name, network, date: day(last), count };
      const told = [say(word, values)];
      if (count > 1) told.push(say("of-them", values));
      if (ended) told.push(say("ended", { date: day(ended) }));
      if (inactive) told.push(say("inactive", { date: day(inactive) }));
      if (disputed) told.push(say("disputed", { date: day(disputed) }));
      lines.push(make("p", { text: told.join(" ") }));
    }
    const change = partner.change[way];
    if (change !== "same") lines.push(make("p", { text: say(change), className: "map-tip-note" }));
  }
  return lines;
}

/** Return what a point says when it is hovered. */
export function pointTip(points, point, { partners, chosen }, say) {
  const tip = make("div", { className: "map-tip" });
  const agencies = points.agenciesAt(point);
  const shown = agencies.slice(0, 3);
  for (const agency of shown) {
    tip.append(make("strong", { text: agency.name }));
    const links = say(agency.links === 1 ? "link" : "links", { count: agency.links });
    const told = [agency.kind, say(KNOWLEDGE[agency.knowledge])];
    if (agency.rung) told.push(say("rung", { number: agency.rung, rung: say(`rung${agency.rung}`) }));
    if (agency.past) told.push(say("past", { rung: say(`rung${agency.past}`) }));
    tip.append(make("p", { text: `${told.join(". ")}. ${agency.links ? links : ""}` }));
  }
  if (agencies.length > shown.length) {
    tip.append(make("p", { text: say("more", { count: agencies.length - shown.length }) }));
  }
  if (!points.exact[point]) tip.append(make("p", { text: say(points.precision(point)), className: "map-tip-note" }));
  for (const agency of agencies) {
    const partner = partners?.get(agency.slug);
    if (partner) tip.append(...partnerLines(partner, chosen, say));
  }
  return tip;
}

/** Return what a state says from afar: out of how many, never a bare number. */
export function stateTip(name, state, flows, by, say) {
  const { known, all } = shareOf(state, by);
  const lines = [say(by === "rung" ? "state-rungs" : "state-known", { known, all }), say("state-flows", flows)];
  return make("div", { className: "map-tip" }, make("strong", { text: name }), ...lines.map((text) => make("p", { text })));
}

/** Return what a flow says: from whom, to whom, how many links. */
export function flowTip({ count, from, to, newest }, places, say) {
  const values = { count, from: places.get(from).name, to: places.get(to).name };
  const text = newest ? say("flow-dated", { ...values, date: day(newest) }) : say("flow", values);
  return make("div", { className: "map-tip" }, make("p", { text }));
}

/** Return the list that a crowded point opens, each name a link that chooses it. */
export function chooser(agencies, say) {
  const items = agencies.map((agency) => {
    const link = make("a", { text: agency.name, href: `?agency=${agency.slug}`, "data-choose": agency.slug });
    return make("li", {}, link, make("span", { text: ` ${say(KNOWLEDGE[agency.knowledge])}` }));
  });
  const title = make("strong", { text: say("stack", { count: agencies.length }) });
  return make("div", { className: "map-chooser" }, title, make("ul", {}, ...items));
}
