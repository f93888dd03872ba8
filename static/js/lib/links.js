/** One agency's listed links as great circles: a solid line for a grant, a dashed one for a receipt, both for both. */

import { greatCircle } from "atlas/arcs";

const L = window.L;
const LOOK = {
  g: (colours) => ({ color: colours.grant, weight: 1.6, opacity: 0.75 }),
  r: (colours) => ({ color: colours.receipt, weight: 1.6, opacity: 0.9, dashArray: "5 6" }),
};

/** Return the rows of the payload by the other side's slug: { slug, name, g: [row...], r: [row...] }. */
export function byPartner(rows) {
  const partners = new Map();
  for (const [slug, name, direction, network, first, last, disputed] of rows) {
    if (!partners.has(slug)) partners.set(slug, { slug, name, g: [], r: [] });
    partners.get(slug)[direction].push({ network, first, last, disputed });
  }
  return partners;
}

/**
 * Draw the lines of the partners that have a point of their own.
 * Returns the layer, the partners drawn by slug, and how many have no line.
 */
export function drawLinks(map, chosen, partners, bySlug, { colours, renderer }) {
  const layer = L.featureGroup().addTo(map);
  const drawn = new Map();
  let lines = 0;
  let without = 0;
  for (const partner of partners.values()) {
    const agency = bySlug.get(partner.slug);
    partner.name ||= agency?.name ?? partner.slug;
    partner.point = agency?.point;
    const directions = ["g", "r"].filter((direction) => partner[direction].length);
    if (!agency || agency.point === chosen.point) {
      without += directions.length;
      continue;
    }
    const line = greatCircle(chosen.point.at, agency.point.at);
    partner.lines = directions.map((direction) => {
      const options = { renderer, pane: "points", bubblingMouseEvents: false, ...LOOK[direction](colours) };
      return Object.assign(L.polyline(line, options).addTo(layer), { partner, direction });
    });
    drawn.set(partner.slug, partner);
    lines += directions.length;
  }
  return { layer, drawn, lines, without };
}

/** Draw a partner's lines thicker and on top, or as before. */
export function emphasise(partner, strong) {
  for (const line of partner.lines ?? []) {
    line.setStyle({ weight: strong ? 4 : 1.6, opacity: strong ? 1 : 0.8 });
    if (strong) line.bringToFront();
  }
}
