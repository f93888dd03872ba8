/** The payload of agencies, in columns as it comes: points with numbers only, names when they are asked for. */

import { breathe } from "atlas/basemap";
import { worldX, worldY } from "atlas/mercator";

const SLICE = 1500;

/** Return the name in addresses that follows from a name: the same as Django's slugify. */
export function slugOf(name, state) {
  let text = `${name} ${state}`.toLowerCase();
  if (/[^a-z0-9 ]/.test(text)) {
    text = text.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").replace(/[^\w\s-]/g, "");
    return text.replace(/[-\s]+/g, "-").replace(/^[-_]+|[-_]+$/g, "");
  }
  return text.trim().replace(/ +/g, "-");
}

/** Return a digit of a string of digits. */
function digit(text, index) {
  return text.charCodeAt(index) - 48;
}

function highest(numbers, first, size, least) {
  let found = least;
  for (let i = first; i < first + size; i += 1) found = Math.max(found, numbers(i));
  return found;
}

/** All points. Agencies whose centre is the same point are one point with a count. */
export class Points {
  constructor(payload) {
    this.payload = payload;
    this.count = payload.size.length;
    this.agencies = payload.links.length;
    for (const name of ["x", "y", "latitude", "longitude"]) this[name] = new Float64Array(this.count);
    for (const name of ["knowledge", "rung", "exact"]) this[name] = new Uint8Array(this.count);
    for (const name of ["first", "links"]) this[name] = new Uint32Array(this.count);
    this.hasRungs = payload.rung !== "";
    this.read(payload);
    this.order = this.leastKnownFirst();
  }

  read({ latitude, longitude, precision, size, knowledge, rung, links }) {
    let [north, east, first] = [0, 0, 0];
    for (let point = 0; point < this.count; point += 1) {
      north += latitude[point];
      east += longitude[point];
      this.latitude[point] = north / 1000;
      this.longitude[point] = east / 1000;
      this.x[point] = worldX(east / 1000);
      this.y[point] = worldY(north / 1000);
      this.first[point] = first;
      this.exact[point] = precision.charCodeAt(point) === 48 ? 1 : 0;
      this.knowledge[point] = highest((i) => digit(knowledge, i), first, size[point], 0);
      this.links[point] = highest((i) => links[i], first, size[point], 0);
      if (this.hasRungs) this.rung[point] = 8 - highest((i) => 8 - (digit(rung, i) || 8), first, size[point], 1);
      first += size[point];
    }
  }

  /** Return the points in the order of drawing: what is known on top. */
  leastKnownFirst() {
    const order = new Uint32Array(this.count);
    let place = 0;
    for (const known of [0, 1, 2, 3]) {
      for (let point = 0; point < this.count; point += 1) if (this.knowledge[point] === known) order[place++] = point;
    }
    return order;
  }

  at(point) {
    return [this.latitude[point], this.longitude[point]];
  }

  size(point) {
    return this.payload.size[point];
  }

  precision(point) {
    return this.payload.precisions[digit(this.payload.precision, point)];
  }

  /** Return the agencies at a point, best known first. */
  agenciesAt(point) {
    const found = Array.from({ length: this.size(point) }, (_, index) => this.agency(this.first[point] + index));
    return found.sort((a, b) => b.knowledge - a.knowledge || b.links - a.links);
  }

  agency(index) {
    const { payload } = this;
    const point = this.pointOf(index);
    const [name, state] = [this.names[index], this.states[point]];
    return {
      name,
      slug: this.slugs[index] || slugOf(name, state),
      kind: payload.kinds[payload.kind.charCodeAt(index) - 97],
      knowledge: digit(payload.knowledge, index),
      rung: this.hasRungs ? digit(payload.rung, index) : null,
      past: this.hasRungs ? digit(payload.past, index) : null,
      links: payload.links[index],
      point,
    };
  }

  /** Return the point of an agency: the last one that begins at or before it. */
  pointOf(index) {
    let [low, high] = [0, this.count - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.first[middle] <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  get names() {
    this._names ??= this.payload.name.split("\n");
    return this._names;
  }

  get slugs() {
    this._slugs ??= this.payload.slug.split("\n");
    return this._slugs;
  }

  get states() {
    this._states ??= this.payload.state.flatMap(([state, count]) => Array(count).fill(state));
    return this._states;
  }

  /** Return agencies' numbers by slug; made once, in slices, so that no reader has to wait. */
  bySlug() {
    this._bySlug ??= (async () => {
      const found = new Map();
      for (let point = 0, index = 0; point < this.count; point += 1) {
        const state = this.states[point];
        for (const end = index + this.size(point); index < end; index += 1) {
          found.set(this.slugs[index] || slugOf(this.names[index], state), index);
          if (index % SLICE === SLICE - 1) await breathe();
        }
      }
      return found;
    })();
    return this._bySlug;
  }

  /** Return the point nearest to a place of the square, at most `within` away; all are looked at. */
  nearest(x, y, within, isShown = () => true) {
    let [best, least] = [-1, within * within];
    for (let point = 0; point < this.count; point += 1) {
      const [dx, dy] = [this.x[point] - x, this.y[point] - y];
      const away = dx * dx + dy * dy;
      const ahead = away < least || (away === least && this.knowledge[point] > this.knowledge[best]);
      if (ahead && isShown(point)) [best, least] = [point, away];
    }
    return best;
  }
}
