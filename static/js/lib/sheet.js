/** One canvas as a layer of the map: it moves with the map as a whole, and is painted anew when that comes to rest. */

const L = window.L;

/**
 * `paint(context, view)` draws all; a place in the square of `mercator` lies at x * view.scale - view.left, and
 * y * view.scale - view.top, of a canvas of view.width by view.height.
 */
export const Sheet = L.Layer.extend({
  options: { padding: 0.15 },

  initialize(paint, options) {
    L.setOptions(this, options);
    this._paint = paint;
  },

  onAdd(map) {
    this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated", this.getPane());
    this._context = this._canvas.getContext("2d");
    this._shown = null;
    this._render(map);
  },

  onRemove() {
    cancelAnimationFrame(this._frame);
    this._frame = null;
    this._canvas.remove();
  },

  getEvents() {
    return { moveend: this.redraw, viewreset: this.redraw, resize: this.redraw, zoom: this._follow, zoomanim: this._follow };
  },

  /** Paint in the next frame, once, however often it is asked for. */
  redraw() {
    this._frame ??= requestAnimationFrame(() => {
      this._frame = null;
      if (this._map && !this._map._animatingZoom) this._render(this._map);
    });
  },

  /** While the zoom changes, stretch what is painted. */
  _follow({ center = this._map.getCenter(), zoom = this._map.getZoom() }) {
    const map = this._map;
    const ratio = 2 ** zoom / this._shown.scale;
    const moved = L.DomUtil.getPosition(map.getPane("mapPane"));
    const origin = map.project(center, zoom).subtract(map.getSize().divideBy(2)).add(moved).round();
    const corner = L.point(this._shown.left, this._shown.top).multiplyBy(ratio).subtract(origin);
    L.DomUtil.setTransform(this._canvas, corner, ratio);
  },

  _render(map) {
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint(size.multiplyBy(-this.options.padding)).round();
    const [width, height] = [size.x, size.y].map((side) => Math.round(side * (1 + 2 * this.options.padding)));
    const dots = Math.min(2, window.devicePixelRatio || 1);
    const canvas = this._canvas;
    if (canvas.width !== width * dots || canvas.height !== height * dots) {
      Object.assign(canvas, { width: width * dots, height: height * dots });
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    const { x: left, y: top } = corner.add(map.getPixelOrigin());
    this._shown = { scale: 2 ** map.getZoom(), zoom: map.getZoom(), left, top, width, height, dots };
    this._context.setTransform(dots, 0, 0, dots, 0, 0);
    this._context.clearRect(0, 0, width, height);
    this._paint(this._context, this._shown);
    L.DomUtil.setTransform(canvas, corner, 1);
  },
});
