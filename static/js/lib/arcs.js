/** Great circles: the shortest way over the globe between two points, as a line to draw. */

import { unwrapped, worldX, worldY } from "atlas/mercator";

const RADIANS = Math.PI / 180;

function toVector([latitude, longitude]) {
  const [phi, lambda] = [latitude * RADIANS, longitude * RADIANS];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

/** Return the way from one [latitude, longitude] to another as [x, y, x, y...] of the square, a place each 2 degrees. */
export function greatCircle(from, to) {
  const [a, b] = [toVector(from), toVector(to)];
  const angle = Math.acos(Math.min(1, Math.max(-1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
  const steps = Math.max(1, Math.min(20, Math.ceil(angle / RADIANS / 2)));
  const line = new Float32Array(2 * steps + 2);
  line.set([worldX(from[1]), worldY(from[0])]);
  for (let step = 1; step < steps; step += 1) {
    const s = Math.sin(angle * (1 - step / steps)) / Math.sin(angle);
    const t = Math.sin((angle * step) / steps) / Math.sin(angle);
    const [x, y, z] = [s * a[0] + t * b[0], s * a[1] + t * b[1], s * a[2] + t * b[2]];
    line[2 * step] = worldX(unwrapped(Math.atan2(y, x) / RADIANS));
    line[2 * step + 1] = worldY(Math.atan2(z, Math.hypot(x, y)) / RADIANS);
  }
  line.set([worldX(to[1]), worldY(to[0])], 2 * steps);
  return line;
}

/** Add a line to the path that is being drawn. */
export function trace(ctx, line, { scale, left, top }) {
  ctx.moveTo(line[0] * scale - left, line[1] * scale - top);
  for (let i = 2; i < line.length; i += 2) ctx.lineTo(line[i] * scale - left, line[i + 1] * scale - top);
}

/** Add an arrow head in the middle of a line, pointing along it, or against it. */
export function arrow(ctx, line, { scale, left, top }, { size = 5, against = false } = {}) {
  const last = line.length - 2;
  const middle = last === 2 ? 0 : 2 * Math.floor(last / 4);
  const [x1, y1, x2, y2] = [0, 1, 2, 3].map((i) => line[middle + i] * scale - (i % 2 ? top : left));
  const at = last === 2 ? 0.5 : 0;
  const [x, y] = [x1 + (x2 - x1) * at, y1 + (y2 - y1) * at];
  const turn = Math.atan2(y2 - y1, x2 - x1) + (against ? Math.PI : 0);
  const corner = (angle, length) => [x + Math.cos(turn + angle) * length, y + Math.sin(turn + angle) * length];
  ctx.moveTo(...corner(0, size));
  ctx.lineTo(...corner(2.5, size));
  ctx.lineTo(...corner(-2.5, size));
  ctx.closePath();
}

/** Return how far, in the square's units and squared, a place is from a line. */
export function distance(line, px, py) {
  let least = Infinity;
  for (let i = 0; i + 3 < line.length; i += 2) {
    const [x, y] = [line[i], line[i + 1]];
    const [dx, dy] = [line[i + 2] - x, line[i + 3] - y];
    const along = Math.max(0, Math.min(1, ((px - x) * dx + (py - y) * dy) / (dx * dx + dy * dy || 1)));
    const [ex, ey] = [x + along * dx - px, y + along * dy - py];
    least = Math.min(least, ex * ex + ey * ey);
  }
  return least;
}
