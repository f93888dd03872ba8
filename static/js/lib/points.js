/** The payload of agencies, read into points. Agencies whose centre is the same point are one point with a count. */

import { unwrapped } from "atlas/arcs";

/** Return the name in addresses that follows from a name: the same as Django's slugify. */
export function slugOf(name, state) {
  return `${name} ${state}`
    .normalize("NFKD")
    .replace(/[^\x00-\x7f]/g, "")
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replace(/[-\s]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "");
}

/** Return the points, least known first (so that the known are drawn on top), and agencies by slug. */
export function readPoints(payload) {
  const bySlug = new Map();
  const points = payload.points.map(([latitude, longitude, precision, state, entries]) => {
    const point = { at: [latitude / 1000, unwrapped(longitude / 1000)], exact: precision === 0, state, agencies: [] };
    point.precision = payload.precisions[precision];
    for (const [name, slug, kind, knowledge, links] of entries) {
      const agency = { name, slug: slug || slugOf(name, state), kind: payload.kinds[kind], knowledge, links, point };
      point.agencies.push(agency);
      bySlug.set(agency.slug, agency);
    }
    point.knowledge = Math.max(...point.agencies.map((agency) => agency.knowledge));
    point.links = Math.max(...point.agencies.map((agency) => agency.links));
    point.agencies.sort((a, b) => b.knowledge - a.knowledge || b.links - a.links);
    return point;
  });
  points.sort((a, b) => a.knowledge - b.knowledge || a.links - b.links);
  return { points, bySlug };
}
