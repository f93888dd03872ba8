/** All that the map shows: the base on one canvas, marks and lines on another; and what lies under the pointer. */

import { label, outline } from "atlas/basemap";
import { fromWorld } from "atlas/mercator";
import { drawMarks, ring } from "atlas/marks";
import { classOf } from "atlas/shades";
import { Sheet } from "atlas/sheet";

const L = window.L;
/** Up to this zoom states are shaded and links are drawn from state to state; beyond it every agency has its mark. */
export const FAR = 5;
const REACH = 9;
/** How many pixels from a mark or line the pointer may be. */

export class Scene {
  /** `names` is left out, and `overTiles` true, where tiles lie under the base. */
  constructor(map, basemap, colours, { names = null, overTiles = false }) {
    Object.assign(this, { map, basemap, colours, names, by: "knowledge", points: null, states: null, flows: null });
    this.clear();
    this.base = this.sheet("base", 200, (ctx, view) => this.drawBase(ctx, { ...view, overTiles }));
    this.top = this.sheet("marks", 450, (ctx, view) => this.drawTop(ctx, view));
    this.pen = L.svg({ pane: this.pane("pen", 460) });
  }

  /** Forget who was chosen. */
  clear() {
    Object.assign(this, { lines: null, place: null, chosenPoint: -1, own: null, only: null, one: null, hovered: null });
    this.counties = null;
    this.emphasise(null);
  }

  pane(name, order) {
    const pane = this.map.createPane(name);
    pane.style.zIndex = order;
    pane.style.pointerEvents = "none";
    return name;
  }

  sheet(name, order, paint) {
    return new Sheet(paint, { pane: this.pane(name, order) }).addTo(this.map);
  }

  redraw() {
    this.base.redraw();
    this.top.redraw();
  }

  get isChosen() {
    return Boolean(this.lines || this.place || this.chosenPoint >= 0);
  }

  isFar(zoom = this.map.getZoom()) {
    return zoom <= FAR;
  }

  /** Say what is shown, for the legend: states from afar, else marks. */
  get mode() {
    return !this.isChosen && this.isFar() ? "states" : "marks";
  }

  drawBase(ctx, view) {
    const shaded = this.states && !this.isChosen && this.isFar(view.zoom);
    this.basemap.draw(ctx, view, this.colours, shaded ? (geoid) => this.shade(geoid) : undefined);
    if (this.isFar(view.zoom) && this.states) this.drawCodes(ctx, view);
    this.drawPlace(ctx, view);
    this.names?.draw(ctx, view, this.colours);
  }

  drawPlace(ctx, view) {
    if (!this.place?.shape) return;
    ctx.beginPath();
    outline(ctx, this.place.shape, view);
    ctx.lineWidth = 3;
    ctx.setLineDash([]);
    ctx.strokeStyle = this.colours.border;
    ctx.stroke();
  }

  shade(geoid) {
    const state = this.states.get(geoid);
    const step = state && classOf(state, this.by);
    return step === 0 ? this.colours.land : this.colours[`${this.by === "rung" ? "stand" : "known"}${step}`];
  }

  drawCodes(ctx, view) {
    if (view.zoom < 3.5) return;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const { code, x, y } of this.states.values()) {
      label(ctx, code, x * view.scale - view.left, y * view.scale - view.top, this.colours, "11px", 600);
    }
    ctx.textAlign = "start";
  }

  drawTop(ctx, view) {
    const { colours, by } = this;
    if (!this.isChosen && this.isFar(view.zoom)) {
      this.flows?.draw(ctx, view, colours, this.one);
      return;
    }
    const code = this.place?.code;
    if (code && this.isFar(view.zoom)) this.flows?.draw(ctx, view, colours, code);
    else this.counties?.draw(ctx, view, colours, null);
    this.lines?.draw(ctx, view, colours);
    if (this.points) {
      const others = !this.isFar(view.zoom);
      drawMarks(ctx, view, this.points, { by, colours, only: this.only, chosen: this.chosenPoint, others });
    }
    const from = this.place?.from;
    if (from) ring(ctx, from.x * view.scale - view.left, from.y * view.scale - view.top, colours);
  }

  /** Bring marks into line with the lines that are drawn now. */
  keepPartners() {
    if (!this.isChosen) this.only = null;
    else this.only = new Set([...(this.own ?? []), ...(this.lines?.points() ?? [])]);
    if (this.only && this.chosenPoint >= 0) this.only.add(this.chosenPoint);
  }

  /** Return what lies at a place: { point }, { partner }, { flow, places } or { state }; {} where nothing does. */
  under(latlng) {
    const { x, y } = this.map.project(latlng, 0);
    const within = REACH / 2 ** this.map.getZoom();
    if (!this.isChosen && this.isFar()) return this.underFar(x, y, within);
    if (this.points) {
      const hidden = this.only && this.isFar();
      const point = this.points.nearest(x, y, within, hidden ? (one) => this.only.has(one) : undefined);
      if (point >= 0) return { point };
    }
    const partner = this.lines?.nearest(x, y, within / 2);
    if (partner) return { partner };
    const flow = this.counties?.nearest(x, y, within, null);
    return flow ? { flow, places: this.counties.places } : {};
  }

  underFar(x, y, within) {
    const flow = this.flows?.nearest(x, y, within / 2, this.one);
    if (flow) return { flow, places: this.flows.places };
    const shape = this.basemap.stateAt(x, y);
    const state = shape && this.states?.get(shape.geoid);
    return state ? { state, shape } : {};
  }

  /** Draw one partner's line thick, above all others; or none. */
  emphasise(partner) {
    this.strong?.remove();
    this.strong = null;
    if (!partner?.line) return;
    const corners = [];
    for (let i = 0; i < partner.line.length; i += 2) corners.push(fromWorld(partner.line[i], partner.line[i + 1]));
    const color = this.colours[partner.change.g ? "grant" : "receipt"];
    const options = { renderer: this.pen, interactive: false, color, weight: 4, dashArray: partner.change.g ? null : "6 6" };
    this.strong = L.polyline(corners, options).addTo(this.map);
  }
}
