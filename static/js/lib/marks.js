/** Marks of the points: the shape tells what is known, or which rung; a hollow one that only the county is known. */

import { label } from "atlas/basemap";

/** State of knowledge by code, as the payload numbers it; also the name of its colour. */
export const KNOWLEDGE = ["none", "documents", "listed", "publishes"];
/** Names of colour by rung; 0: ICE, CBP and their parts, which have no rung. */
const RUNGS = ["none", "rung1", "rung2", "rung3", "rung4", "rung5", "rung6", "none"];
const COUNTS_FROM_ZOOM = 8;
const SIZES = 5;
const CELL = 72;
const ROW = 16;
/** Pictures of marks stand in one sheet, in cells of so many pixels, so many in a row: a canvas each would take longer. */
const sheet = { canvas: null, ctx: null, sprites: new Map() };

function polygon(ctx, x, y, corners) {
  corners.forEach(([dx, dy], index) => (index ? ctx.lineTo(x + dx, y + dy) : ctx.moveTo(x + dx, y + dy)));
  ctx.closePath();
}

const disc = (ctx, x, y, r) => (ctx.moveTo(x + r, y), ctx.arc(x, y, r, 0, Math.PI * 2));
const square = (ctx, x, y, r) => ctx.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
const diamond = (ctx, x, y, r) => polygon(ctx, x, y, [[0, -r * 1.25], [r * 1.25, 0], [0, r * 1.25], [-r * 1.25, 0]]);
const triangle = (ctx, x, y, r) => polygon(ctx, x, y, [[0, -r * 1.3], [r * 1.2, r * 0.9], [-r * 1.2, r * 0.9]]);
const falling = (ctx, x, y, r) => polygon(ctx, x, y, [[0, r * 1.3], [r * 1.2, -r * 0.9], [-r * 1.2, -r * 0.9]]);
const bar = (ctx, x, y, r) => ctx.rect(x - r * 1.2, y - r * 0.45, r * 2.4, r * 0.9);
const SHAPES = {
  none: disc, documents: square, listed: disc, publishes: diamond,
  rung1: triangle, rung2: diamond, rung3: falling, rung4: square, rung5: disc, rung6: bar,
};

/** Return which mark a point has, by what the reader asked to see. */
export function markOf(points, point, by) {
  return by === "rung" ? RUNGS[points.rung[point]] : KNOWLEDGE[points.knowledge[point]];
}

/** Radius in pixels: grows with the zoom, with what is known, and a little with the number of links. */
function radiusOf(name, level, zoom) {
  const near = Math.max(0, Math.min(8, zoom - 3));
  if (name === "none") return 0.9 + near * 0.5;
  return 1.7 + near * 0.75 + level * 0.8;
}

/** Return 0 to 4 by number of links: 1, 25, 100, 225, 400 and more. */
function levelOf(links) {
  return Math.min(SIZES - 1, Math.floor(Math.sqrt(links) / 5));
}

export function paintMark(ctx, name, x, y, r, exact, colours) {
  ctx.beginPath();
  SHAPES[name](ctx, x, y, r);
  ctx.fillStyle = exact ? colours[name] : colours.land;
  ctx.fill();
  if (exact && name === "none") return;
  ctx.setLineDash([]);
  ctx.strokeStyle = exact ? colours.land : colours[name];
  ctx.lineWidth = exact ? 0.7 : Math.max(0.8, r * 0.35);
  ctx.stroke();
}

/** Return where a mark's picture stands in the sheet: copying it is many times faster than drawing its shape again. */
function spriteOf(name, level, exact, { zoom, dots }, colours) {
  const r = radiusOf(name, level, zoom);
  const key = `${name} ${r} ${exact} ${dots} ${colours[name]} ${colours.land}`;
  const sprite = sheet.sprites.get(key);
  if (sprite) return sprite;
  if (!sheet.canvas || sheet.sprites.size === ROW * ROW) clearSheet();
  const place = sheet.sprites.size;
  const half = Math.min(Math.ceil(r * 1.4 + 2), CELL / 2 / dots);
  const fresh = { x: (place % ROW) * CELL, y: Math.floor(place / ROW) * CELL, half, side: half * 2 * dots };
  sheet.ctx.setTransform(dots, 0, 0, dots, fresh.x, fresh.y);
  paintMark(sheet.ctx, name, half, half, r, exact, colours);
  sheet.sprites.set(key, fresh);
  return fresh;
}

function clearSheet() {
  sheet.canvas = Object.assign(document.createElement("canvas"), { width: ROW * CELL, height: ROW * CELL });
  sheet.ctx = sheet.canvas.getContext("2d");
  sheet.sprites.clear();
}

/**
 * Draw the points in view. `only` is a set of points, or null for all; others are faint when near, and not there from
 * afar. `chosen` gets a ring. A picture to keep (ctx.isVector) gets shapes, not copies.
 */
export function drawMarks(ctx, view, points, { by, colours, only, chosen, others }) {
  if (only && others) {
    ctx.globalAlpha = 0.25;
    for (const point of points.order) if (!only.has(point)) drawMark(ctx, view, points, point, by, colours);
    ctx.globalAlpha = 1;
  }
  for (const point of points.order) if (!only || only.has(point)) drawMark(ctx, view, points, point, by, colours);
  if (chosen >= 0) ring(ctx, points.x[chosen] * view.scale - view.left, points.y[chosen] * view.scale - view.top, colours);
  if (view.zoom >= COUNTS_FROM_ZOOM) drawCounts(ctx, view, points, only, colours);
}

function drawMark(ctx, view, points, point, by, colours) {
  const [x, y] = [points.x[point] * view.scale - view.left, points.y[point] * view.scale - view.top];
  if (x < -12 || y < -12 || x > view.width + 12 || y > view.height + 12) return;
  const name = markOf(points, point, by);
  const [level, exact] = [levelOf(points.links[point]), points.exact[point] === 1];
  if (ctx.isVector) {
    paintMark(ctx, name, x, y, radiusOf(name, level, view.zoom), exact, colours);
    return;
  }
  const { x: sx, y: sy, half, side } = spriteOf(name, level, exact, view, colours);
  ctx.drawImage(sheet.canvas, sx, sy, side, side, x - half, y - half, half * 2, half * 2);
}

/** Draw a ring around a place. */
export function ring(ctx, x, y, colours, radius = 11) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, Math.PI * 2);
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.chosen;
  ctx.lineWidth = 3;
  ctx.stroke();
}

function drawCounts(ctx, view, points, only, colours) {
  ctx.textBaseline = "middle";
  ctx.textAlign = "start";
  ctx.lineJoin = "round";
  for (let point = 0; point < points.count; point += 1) {
    if (points.size(point) < 2 || (only && !only.has(point))) continue;
    const [x, y] = [points.x[point] * view.scale - view.left, points.y[point] * view.scale - view.top];
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    label(ctx, `×${points.size(point)}`, x + 12, y, colours, "11px", 600);
  }
}
