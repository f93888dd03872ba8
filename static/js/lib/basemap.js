/** Our own basemap: states at once, finer ones and counties when near. No tile, no other host. */

import { load } from "atlas/fetch";
import { worldX, worldY } from "atlas/mercator";

export const NEAR = 7;
const SLICE = 8;
/** Milliseconds of work after which the page gets its turn. */

/** Let the page have its turn. */
export function breathe() {
  return new Promise((done) => setTimeout(done));
}

/** Return shapes as rings of the square with the box around each, read in slices so that no reader has to wait. */
async function readShapes({ features }) {
  const shapes = [];
  let begun = performance.now();
  for (const { properties, geometry } of features) {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    shapes.push(shapeOf(properties.geoid, properties.name, polygons.flat()));
    if (performance.now() - begun > SLICE) {
      await breathe();
      begun = performance.now();
    }
  }
  return shapes;
}

/** Return rings of [longitude, latitude] as a shape. */
export function shapeOf(geoid, name, outline) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const rings = outline.map((ring) => {
    const line = new Float64Array(ring.length * 2);
    ring.forEach(([longitude, latitude], index) => {
      const [x, y] = [worldX(longitude), worldY(latitude)];
      line[2 * index] = x;
      line[2 * index + 1] = y;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    });
    return line;
  });
  return { geoid, name, rings, box };
}

/** Tell whether the box around a shape meets the view. */
export function inView({ box }, { scale, left, top, width, height }) {
  const [x1, y1, x2, y2] = box;
  return x2 * scale > left && x1 * scale < left + width && y2 * scale > top && y1 * scale < top + height;
}

/** Tell whether a shape itself meets the view: a corner of it lies there, or it covers a corner or the middle of the view. */
export function touches(shape, view) {
  if (!inView(shape, view)) return false;
  const { scale, left, top, width, height } = view;
  const [x1, y1, x2, y2] = [left / scale, top / scale, (left + width) / scale, (top + height) / scale];
  const corners = [[x1, y1], [x1, y2], [x2, y1], [x2, y2], [(x1 + x2) / 2, (y1 + y2) / 2]];
  if (corners.some(([x, y]) => covers(shape, x, y))) return true;
  return shape.rings.some((ring) => ring.some((x, i) => i % 2 === 0 && x > x1 && x < x2 && ring[i + 1] > y1 && ring[i + 1] < y2));
}

/** Add a shape's outline to the path that is being drawn; steps of less than half a pixel are left out. */
export function outline(ctx, shape, { scale, left, top }) {
  for (const ring of shape.rings) {
    let [lastX, lastY] = [ring[0] * scale - left, ring[1] * scale - top];
    ctx.moveTo(lastX, lastY);
    for (let i = 2; i < ring.length; i += 2) {
      const [x, y] = [ring[i] * scale - left, ring[i + 1] * scale - top];
      if (Math.abs(x - lastX) + Math.abs(y - lastY) < 0.7) continue;
      ctx.lineTo(x, y);
      [lastX, lastY] = [x, y];
    }
    ctx.closePath();
  }
}

/** Tell whether a shape covers a place of the square. */
export function covers({ box, rings }, x, y) {
  if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false;
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const crosses = ring[i + 1] > y !== ring[j + 1] > y;
      if (crosses && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i]) {
        inside = !inside;
      }
    }
  }
  return inside;
}

/**
 * The basemap's shapes, loaded as they are needed. `draw` paints them; `fill(geoid)` may colour the states, and returns
 * nothing where the land's colour is right.
 */
export class Basemap {
  constructor({ urls, alert, changed }) {
    Object.assign(this, { urls, alert, changed, layers: {}, asked: {} });
  }

  async add(name) {
    this.asked[name] ??= (async () => {
      const shapes = await load(this.urls[name], { alert: this.alert });
      if (!shapes) return;
      this.layers[name] = await readShapes(shapes);
      this.changed();
    })();
    await this.asked[name];
  }

  /** Load what this zoom wants; counties only when near. */
  async want(zoom) {
    const wanted = [this.add("far")];
    if (zoom >= NEAR) wanted.push(this.add("states"), this.add("counties"));
    await Promise.all(wanted);
  }

  /** Return the state that covers a place of the square. */
  stateAt(x, y) {
    return (this.layers.far ?? []).find((shape) => covers(shape, x, y));
  }

  draw(ctx, view, colours, fill = () => null) {
    const near = view.zoom >= NEAR;
    const states = ((near && this.layers.states) || this.layers.far || []).filter((shape) => inView(shape, view));
    ctx.lineJoin = "round";
    ctx.lineWidth = 1;
    ctx.strokeStyle = colours["state-line"];
    for (const shape of states) {
      ctx.beginPath();
      outline(ctx, shape, view);
      this.paintLand(ctx, view, fill(shape.geoid), colours);
      if (!near) ctx.stroke();
    }
    if (near) this.drawBorders(ctx, view, colours, states);
  }

  /** Fill the path with a state's shade, or the land's colour; over tiles so that these are seen through it. */
  paintLand(ctx, view, shade, colours) {
    if (view.overTiles && !shade) return;
    ctx.globalAlpha = view.overTiles ? 0.6 : 1;
    ctx.fillStyle = shade || colours.land;
    ctx.fill("evenodd");
    ctx.globalAlpha = 1;
  }

  drawBorders(ctx, view, colours, states) {
    const counties = (this.layers.counties ?? []).filter((shape) => inView(shape, view));
    ctx.beginPath();
    for (const shape of counties) outline(ctx, shape, view);
    ctx.lineWidth = 0.6;
    ctx.strokeStyle = colours["county-line"];
    ctx.stroke();
    ctx.beginPath();
    for (const shape of states) outline(ctx, shape, view);
    ctx.lineWidth = 1.2;
    ctx.strokeStyle = colours["state-line"];
    ctx.stroke();
  }
}

/** Write a word with a rim of the land's colour, so that it is read on lines and marks. */
export function label(ctx, text, x, y, colours, size, weight = 400) {
  ctx.font = `${weight} ${size} system-ui, sans-serif`;
  ctx.lineWidth = 3;
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.land;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colours.text;
  ctx.fillText(text, x, y);
}
