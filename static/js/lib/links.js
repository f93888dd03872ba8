/** Links of the chosen agency or place as great circles: solid for a grant, dashed for a receipt, both for both. */

import { arrow, distance, greatCircle, trace } from "atlas/arcs";
import { changeOf } from "atlas/when";

const AT_ONCE = 48;
const ARROWS_UP_TO = 400;
const WIDE_UP_TO = 300;
/** Of more lines than that, thin ones are drawn without arrows: they would hide each other. */
export const DIRECTIONS = ["g", "r"];
const LOOKS = {
  g: { colour: "grant", dash: [] },
  r: { colour: "receipt", dash: [5, 5] },
  removed: { colour: "removed", dash: [1, 5] },
};

/** Return the rows of the payload by the other side's slug: { slug, name, isFederal, g: [row...], r: [row...] }. */
export function byPartner({ networks, links }) {
  const partners = new Map();
  for (const [slug, name, direction, network, access, federal, count, first, last, ended, inactive, disputed] of links) {
    let partner = partners.get(slug);
    if (!partner) partners.set(slug, (partner = { slug, name, isFederal: federal === 1, g: [], r: [] }));
    partner[direction].push({ network: networks[network], access, count, first, last, ended, inactive, disputed });
  }
  return partners;
}

/** The lines from a place of the map to the partners that have a point of their own. */
export class Lines {
  constructor(partners, from, own, points, slugs) {
    this.partners = partners;
    this.items = [];
    this.without = [];
    for (const partner of partners.values()) {
      const index = slugs.get(partner.slug);
      partner.point = index === undefined ? -1 : points.pointOf(index);
      if (index !== undefined) partner.name ||= points.names[index];
      partner.name ||= partner.slug;
      if (partner.point < 0 || partner.point === own || !from) this.without.push(partner);
      else this.items.push(Object.assign(partner, { line: greatCircle(from, points.at(partner.point)) }));
    }
  }

  /** Choose what stood when; counts lines drawn, by change, and those that have no line. */
  choose(when) {
    const counts = { drawn: 0, added: 0, removed: 0, without: 0 };
    for (const partner of this.partners.values()) {
      partner.change = Object.fromEntries(DIRECTIONS.map((way) => [way, changeOf(partner[way], when)]));
    }
    for (const { change } of this.items) {
      for (const way of DIRECTIONS) {
        if (change[way]) counts.drawn += 1;
        if (change[way] === "added" || change[way] === "removed") counts[change[way]] += 1;
      }
    }
    for (const { change } of this.without) counts.without += DIRECTIONS.filter((way) => change[way]).length;
    this.counts = counts;
    return counts;
  }

  /** Return the partners that have a line now. */
  shown() {
    return this.items.filter(({ change }) => DIRECTIONS.some((way) => change[way]));
  }

  /** Return the points of all partners that stand now, those without a line too. */
  points() {
    const all = [...this.items, ...this.without].filter(({ point }) => point >= 0);
    return all.filter(({ change }) => DIRECTIONS.some((way) => change[way])).map(({ point }) => point);
  }

  /** Return federal bodies that are listed as getting access, and have no line: { name, last, disputed }. */
  federal() {
    const there = this.without.filter(({ isFederal, change }) => isFederal && change.g && change.g !== "removed");
    const newest = (rows, what) => rows.map((row) => row[what] || "").sort().at(-1);
    return there
      .map(({ name, g }) => ({ name, last: newest(g, "last"), disputed: newest(g, "disputed") }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  draw(ctx, view, colours) {
    const shown = this.shown();
    const wide = shown.length <= WIDE_UP_TO;
    for (const [way, change] of [["g", "same"], ["r", "same"], ["g", "removed"], ["r", "removed"], ["g", "added"], ["r", "added"]]) {
      const look = change === "removed" ? LOOKS.removed : LOOKS[way];
      ctx.strokeStyle = colours[look.colour];
      ctx.fillStyle = colours[look.colour];
      ctx.lineWidth = change === "added" ? 2.4 : wide ? 1.6 : 1;
      ctx.globalAlpha = change === "same" && !wide ? 0.6 : 0.9;
      ctx.setLineDash(look.dash);
      const some = shown.filter((partner) => partner.change[way] === change);
      for (let i = 0; i < some.length; i += AT_ONCE) {
        ctx.beginPath();
        for (const { line } of some.slice(i, i + AT_ONCE)) trace(ctx, line, view);
        ctx.stroke();
      }
      if (shown.length <= ARROWS_UP_TO) this.drawHeads(ctx, view, some, way, change);
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  /** Arrow heads point to who gets access; a plus or a minus tells what came or went between two days. */
  drawHeads(ctx, view, some, way, change) {
    ctx.setLineDash([]);
    ctx.beginPath();
    for (const { line } of some) arrow(ctx, line, view, { against: way === "r" });
    ctx.fill();
    if (change === "same") return;
    ctx.lineWidth = 2.4;
    ctx.beginPath();
    for (const { line } of some) sign(ctx, line, view, change === "added");
    ctx.stroke();
  }

  /** Return the partner whose line is nearest to a place of the square, at most `within` away. */
  nearest(x, y, within) {
    let [best, least] = [null, within * within];
    for (const partner of this.shown()) {
      const away = distance(partner.line, x, y);
      if (away < least) [best, least] = [partner, away];
    }
    return best;
  }
}

function sign(ctx, line, { scale, left, top }, isPlus) {
  const last = line.length - 2;
  const [x, y] = [line[last] * scale - left + 9, line[last + 1] * scale - top - 9];
  ctx.moveTo(x - 4, y);
  ctx.lineTo(x + 4, y);
  if (!isPlus) return;
  ctx.moveTo(x, y - 4);
  ctx.lineTo(x, y + 4);
}
