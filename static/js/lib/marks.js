/** Marks of the points, on one canvas: the shape tells what is known, a hollow one that only the county is known. */

const L = window.L;

/** State of knowledge by code, as the payload numbers it; also the name of its colour. */
export const KNOWLEDGE = ["none", "documents", "listed", "publishes"];

/** Radius in pixels: grows with the zoom, with what is known, and a little with the number of links. */
export function radiusOf(point, zoom) {
  const near = Math.max(0, Math.min(8, zoom - 3));
  if (point.knowledge === 0) return 1 + near * 0.55;
  return 1.7 + near * 0.8 + Math.min(4, Math.sqrt(point.links) / 10);
}

const SHAPES = {
  none: (ctx, x, y, r) => ctx.arc(x, y, r, 0, Math.PI * 2),
  listed: (ctx, x, y, r) => ctx.arc(x, y, r, 0, Math.PI * 2),
  documents: (ctx, x, y, r) => ctx.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7),
  publishes: (ctx, x, y, r) => {
    const d = r * 1.25;
    ctx.moveTo(x, y - d);
    ctx.lineTo(x + d, y);
    ctx.lineTo(x, y + d);
    ctx.lineTo(x - d, y);
    ctx.closePath();
  },
};

/** One point's mark. `view` is shared by all: { colours, partners, chosen }; a change needs one redraw. */
const Mark = L.CircleMarker.extend({
  _project() {
    this._radius = radiusOf(this.point, this._map.getZoom());
    L.CircleMarker.prototype._project.call(this);
  },

  _updatePath() {
    const { _ctx: ctx, _drawing: drawing } = this._renderer;
    if (drawing && !this._empty()) paint(ctx, this._point, this._radius, this.point, this.view, this._map.getZoom());
  },
});

function paint(ctx, { x, y }, radius, point, view, zoom) {
  const name = KNOWLEDGE[point.knowledge];
  const involved = !view.partners || view.partners.has(point);
  ctx.globalAlpha = involved ? 1 : 0.16;
  ctx.setLineDash([]); // Leaflet leaves the dashes of the last line drawn.
  ctx.beginPath();
  SHAPES[name](ctx, x, y, radius);
  ctx.fillStyle = point.exact ? view.colours[name] : view.colours.land;
  ctx.fill();
  const stroked = !point.exact || point.knowledge > 0;
  ctx.strokeStyle = point.exact ? view.colours.land : view.colours[name];
  ctx.lineWidth = point.exact ? 0.7 : Math.max(0.8, radius * 0.35);
  if (stroked) ctx.stroke();
  if (point === view.chosen) ring(ctx, x, y, radius + 4, view.colours.chosen, 3);
  if (point.agencies.length > 1 && zoom >= 8) count(ctx, x + radius + 3, y, point, view.colours);
  ctx.globalAlpha = 1;
}

function ring(ctx, x, y, radius, colour, width) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, Math.PI * 2);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}

function count(ctx, x, y, point, colours) {
  ctx.font = "600 11px system-ui, sans-serif";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = colours.land;
  ctx.strokeText(`×${point.agencies.length}`, x, y);
  ctx.fillStyle = colours.text;
  ctx.fillText(`×${point.agencies.length}`, x, y);
}

/** Put a mark for each point on the canvas; returns the group that fires their events. */
export function addMarks(map, points, view, renderer) {
  const marks = points.map((point) => {
    const mark = new Mark(point.at, { renderer, pane: "points", bubblingMouseEvents: false });
    mark.point = point;
    mark.view = view;
    point.mark = mark;
    return mark;
  });
  return L.featureGroup(marks).addTo(map);
}

/** Paint the whole canvas anew, once, in the next frame; call it after all changes of layers and of `view`. */
export function repaint(renderer) {
  if (!renderer._map) return;
  renderer._redrawBounds = null;
  renderer._redrawRequest ||= L.Util.requestAnimFrame(renderer._redraw, renderer);
}
