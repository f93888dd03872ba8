/** Names on the basemap when near: of counties, and nearer of cities, the larger first; none is written over another. */

import { inView, label, NEAR, touches } from "atlas/basemap";
import { load } from "atlas/fetch";
import { worldX, worldY } from "atlas/mercator";

/** From this zoom cities are named, from the second those too that no agency is named for. */
export const CITIES = 9;
const ALL_CITIES = 10.5;
const CELL = 64;
/** Side of the squares in which taken boxes are looked up, in pixels. */
const DOT = 7;
/** Half of the square around a city's point that is left to its mark. */
const LARGE = 8;
/** Size from which a name is bold. */

/** Boxes that are taken, by the squares they touch. */
class Taken {
  constructor() {
    this.cells = new Map();
  }

  /** Return the numbers of the squares that a box touches. */
  *touched([x1, y1, x2, y2]) {
    for (let column = Math.floor(x1 / CELL); column <= x2 / CELL; column += 1) {
      for (let row = Math.floor(y1 / CELL); row <= y2 / CELL; row += 1) yield column * 4096 + row;
    }
  }

  add(box) {
    for (const cell of this.touched(box)) {
      const boxes = this.cells.get(cell);
      if (boxes) boxes.push(box);
      else this.cells.set(cell, [box]);
    }
  }

  /** Tell whether a box meets none that is taken. */
  isFree(box) {
    for (const cell of this.touched(box)) {
      for (const other of this.cells.get(cell) ?? []) {
        if (other[0] < box[2] && other[2] > box[0] && other[1] < box[3] && other[3] > box[1]) return false;
      }
    }
    return true;
  }
}

/** Return a state's cities from the payload's columns. */
function readCities({ name, latitude, longitude, size }) {
  if (!name) return [];
  let [north, east] = [0, 0];
  return name.split("\n").map((text, index) => {
    north += latitude[index];
    east += longitude[index];
    return { text, x: worldX(east / 1000), y: worldY(north / 1000), size: Number(size[index]), width: null };
  });
}

/** Return the boxes in which a city's name may stand, best first: under, over, right or left of its mark; or where none is. */
function spotsOf({ size, width }, x, y, zoom) {
  const [half, away] = [width / 2 + 2, 15 + (zoom - CITIES) * 1.2];
  const around = [[0, away], [0, -away], [half + away - 5, 0], [5 - half - away, 0]];
  return (size ? around : [[0, 0]]).map(([dx, dy]) => [x + dx - half, y + dy - 7, x + dx + half, y + dy + 7]);
}

/** `codeOf(geoid)` returns a state's code; `told(number)` is called when the number of names of cities changes. */
export class Names {
  constructor({ url, alert, basemap, codeOf, changed, told }) {
    Object.assign(this, { url, alert, basemap, codeOf, changed, told, cities: [], asked: new Set(), drawn: 0 });
  }

  /** Load the cities of the states in view, each once. */
  want(view) {
    for (const shape of this.basemap.layers.far ?? []) {
      const code = this.codeOf(shape.geoid);
      if (code && !this.asked.has(code) && touches(shape, view)) this.read(code);
    }
  }

  async read(code) {
    this.asked.add(code);
    const payload = await load(this.url.replace("STATE", code), { alert: this.alert });
    if (!payload) return;
    this.cities = [...this.cities, ...readCities(payload)].sort((a, b) => b.size - a.size);
    this.changed();
  }

  draw(ctx, view, colours) {
    const words = new Taken();
    Object.assign(ctx, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
    let drawn = 0;
    if (view.zoom >= CITIES) {
      this.want(view);
      drawn = this.drawCities(ctx, view, colours, words);
    }
    if (view.zoom >= NEAR) this.drawCounties(ctx, view, colours, words);
    ctx.textAlign = "start";
    if (drawn !== this.drawn) this.told((this.drawn = drawn));
  }

  /** Name cities beside their points, which are left to marks; returns how many. */
  drawCities(ctx, view, colours, words) {
    const least = view.zoom < ALL_CITIES ? 1 : 0;
    const marks = new Taken();
    const shown = [];
    for (const city of this.cities) {
      const [x, y] = [city.x * view.scale - view.left, city.y * view.scale - view.top];
      if (city.size < least || x < 0 || y < 0 || x > view.width || y > view.height) continue;
      if (city.size) marks.add([x - DOT, y - DOT, x + DOT, y + DOT]);
      shown.push([city, x, y]);
    }
    return shown.filter((one) => this.drawCity(ctx, view, colours, words, marks, ...one)).length;
  }

  /** Name a city where neither a name nor a mark stands; a large one rather under marks than nowhere. */
  drawCity(ctx, view, colours, words, marks, city, x, y) {
    const [size, weight] = city.size >= LARGE ? ["13px", 600] : ["12px", 400];
    ctx.font = `${weight} ${size} system-ui, sans-serif`;
    city.width ??= ctx.measureText(city.text).width;
    const free = spotsOf(city, x, y, view.zoom).filter((box) => words.isFree(box));
    const box = free.find((one) => marks.isFree(one)) ?? (city.size >= LARGE ? free[0] : undefined);
    if (!box) return false;
    words.add(box);
    label(ctx, city.text, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, colours, size, weight);
    return true;
  }

  /** Name counties in capitals, each at the middle of its box, where the box is wide enough. */
  drawCounties(ctx, view, colours, words) {
    const muted = { ...colours, text: colours["county-name"] };
    for (const shape of this.basemap.layers.counties ?? []) {
      const { name, box } = shape;
      if (!inView(shape, view) || (box[2] - box[0]) * view.scale < name.length * 9 + 20) continue;
      const [x, y] = [((box[0] + box[2]) / 2) * view.scale - view.left, ((box[1] + box[3]) / 2) * view.scale - view.top];
      const half = name.length * 4.5;
      const wanted = [x - half, y - 7, x + half, y + 7];
      if (!words.isFree(wanted)) continue;
      words.add(wanted);
      label(ctx, name.toUpperCase(), x, y, muted, "11px", 600);
    }
  }
}
