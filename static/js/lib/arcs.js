/** Great circles: the shortest way over the globe between two points, as a line to draw. */

const RADIANS = Math.PI / 180;

/** West of the date line the longitudes go on (Guam is -215), so that no line crosses the whole map. */
export function unwrapped(longitude) {
  return longitude > 0 ? longitude - 360 : longitude;
}

function toVector([latitude, longitude]) {
  const [phi, lambda] = [latitude * RADIANS, longitude * RADIANS];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

/** Return [latitude, longitude] pairs from one point to another, one for each 1.5 degrees, at most 25. */
export function greatCircle(from, to) {
  const [a, b] = [toVector(from), toVector(to)];
  const angle = Math.acos(Math.min(1, Math.max(-1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
  const steps = Math.min(24, Math.ceil(angle / RADIANS / 1.5));
  if (steps < 2) return [from, to];
  const line = [from];
  for (let step = 1; step < steps; step += 1) {
    const [s, t] = [Math.sin(angle * (1 - step / steps)), Math.sin((angle * step) / steps)];
    const [x, y, z] = a.map((part, axis) => (s * part + t * b[axis]) / Math.sin(angle));
    line.push([Math.atan2(z, Math.hypot(x, y)) / RADIANS, unwrapped(Math.atan2(y, x) / RADIANS)]);
  }
  line.push(to);
  return line;
}
