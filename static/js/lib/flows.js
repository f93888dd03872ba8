/** Links between states, or between a state's counties, as lines whose width tells how many; arrows to who gets access. */

import { arrow, distance, greatCircle, trace } from "atlas/arcs";

/** Flows drawn at once where none of their ends was chosen. */
export const LARGEST = 30;

/** Flows of [from, to, links, newest day] between named places: { name, at: [latitude, longitude] } by key. */
export class Flows {
  constructor(rows, places, most = LARGEST) {
    Object.assign(this, { places, most });
    this.items = [];
    for (const [from, to, count, newest] of rows) {
      if (places.has(from) && places.has(to)) this.items.push({ from, to, count, newest });
    }
  }

  /** Return what is drawn: all flows of `one`, or the largest. */
  shown(one) {
    const some = one ? this.items.filter(({ from, to }) => from === one || to === one) : this.items.slice(0, this.most);
    for (const flow of some) flow.line ??= bent(this.places.get(flow.from).at, this.places.get(flow.to).at);
    return some;
  }

  draw(ctx, view, colours, one) {
    const some = this.shown(one);
    const most = Math.max(1, ...some.map(({ count }) => count));
    const thick = (this.most === LARGEST ? 5 : 3) * Math.max(0.3, Math.min(1, (view.zoom - 1.5) / 3));
    ctx.lineCap = "round";
    for (const flow of [...some].reverse()) {
      const isGot = one && flow.to === one;
      const width = 0.7 + thick * Math.sqrt(flow.count / most);
      ctx.strokeStyle = ctx.fillStyle = colours[isGot ? "receipt" : "flow"];
      ctx.globalAlpha = 0.75;
      ctx.lineWidth = width;
      ctx.setLineDash(isGot ? [width * 2, width * 2] : []);
      ctx.beginPath();
      trace(ctx, flow.line, view);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.beginPath();
      arrow(ctx, flow.line, view, { size: 2 + thick / 2 + width });
      ctx.fill();
    }
    ctx.lineCap = "butt";
    ctx.globalAlpha = 1;
  }

  nearest(x, y, within, one) {
    let [best, least] = [null, within * within];
    for (const flow of this.shown(one)) {
      const away = distance(flow.line, x, y);
      if (away < least) [best, least] = [flow, away];
    }
    return best;
  }
}

/** Bend the line a little to its right, so that the way there and the way back lie apart. */
function bent(from, to) {
  const line = greatCircle(from, to);
  const last = line.length - 2;
  const [dx, dy] = [line[last] - line[0], line[last + 1] - line[1]];
  const steps = 16;
  const bow = new Float32Array(2 * steps + 2);
  for (let step = 0; step <= steps; step += 1) {
    const t = step / steps;
    const off = 0.12 * 4 * t * (1 - t);
    bow[2 * step] = line[0] + dx * t - dy * off;
    bow[2 * step + 1] = line[1] + dy * t + dx * off;
  }
  return bow;
}
