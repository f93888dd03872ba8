/** The line under the map, and which tip belongs to what lies under the pointer. */

import { LARGEST } from "atlas/flows";
import { day, flowTip, partnerLines, pointTip, stateTip } from "atlas/tips";
import { make } from "atlas/words";

const NAMED = 4;
/** Federal bodies that are named under the map; the panel names all. */

/** Say what is drawn of the country, and what is not: from afar only, where it is flows. */
export function statesTold({ aggregate, mode }, say) {
  if (!aggregate || mode !== "states") return "";
  const { flows, placeless } = aggregate;
  return say("states", {
    shown: Math.min(LARGEST, flows.length),
    all: flows.length,
    gets: placeless[1],
    gives: placeless[0],
  });
}

/** Say what is drawn of the chosen, what has no line, and which federal bodies those are. */
export function chosenTold({ lines, chosenPoint }, data, counts, { before }, say) {
  const values = { agency: data.name, lines: counts.drawn, ...counts };
  if (data.flows) return say("county-flows", { ...values, all: data.all, without: data.without });
  const isPlaced = chosenPoint >= 0 || data.at;
  const told = [say(!isPlaced ? "unplaced" : counts.without ? "drawn-some" : "drawn", values)];
  if (before) told.push(say("compared", values));
  const federal = lines.federal();
  const names = federal.slice(0, NAMED).map((body) => bodyTold(body, say));
  if (federal.length) told.push(say("federal", { names: names.join("; "), count: federal.length }));
  return told.join(" ");
}

function bodyTold({ name, last, disputed }, say) {
  const text = say("federal-one", { name, date: day(last) });
  return disputed ? `${text} ${say("federal-disputed", { date: day(disputed) })}` : text;
}

/** Return the tip of what `scene.under` found, or null. */
export function tipOf({ point, partner, flow, places, state: found }, scene, state, say) {
  if (point !== undefined) return pointTip(scene.points, point, state, say);
  if (partner) return make("div", { className: "map-tip" }, ...partnerLines(partner, state.chosen, say));
  if (flow) return flowTip(flow, places, say);
  return found ? stateTip(found.name, found, flowsOf(found.code, scene.aggregate), scene.by, say) : null;
}

/** Return how many links the agencies of a state give to others, get from others, and have within the state. */
function flowsOf(code, { flows, inside }) {
  const sum = (side) => flows.reduce((total, flow) => total + (flow[side] === code ? flow[2] : 0), 0);
  return { gives: sum(0), gets: sum(1), inside: inside[code] ?? 0 };
}
