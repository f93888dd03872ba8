/** The legend's signs, drawn; and the part of the legend that is in force. */

import { paintMark } from "atlas/marks";

const LINES = { flow: [], grant: [], receipt: [5, 4], removed: [1, 4] };

/** Draw a sign of the legend around a place: "mark publishes", "hollow listed", "line grant" or "shade known3". */
export function drawKey(ctx, key, x, y, colours) {
  const [kind, name] = key.split(" ");
  if (kind === "mark" || kind === "hollow") paintMark(ctx, name, x, y, name === "none" ? 2.5 : 5.5, kind === "mark", colours);
  else if (kind === "line") line(ctx, x, y, colours[name], LINES[name]);
  else if (kind === "shade") shade(ctx, x, y, colours[name] ?? colours.land, colours["state-line"]);
}

function line(ctx, x, y, colour, dash) {
  ctx.beginPath();
  ctx.moveTo(x - 14, y);
  ctx.lineTo(x + 14, y);
  ctx.setLineDash(dash);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2.5;
  ctx.stroke();
  ctx.setLineDash([]);
}

function shade(ctx, x, y, colour, rim) {
  ctx.beginPath();
  ctx.rect(x - 7, y - 7, 14, 14);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.strokeStyle = rim;
  ctx.lineWidth = 1;
  ctx.stroke();
}

/** Return [key, text] of the legend's lines that are about what is shown now. */
export function keysOf(legend, mode, by) {
  const other = by === "rung" ? "of-knowledge" : "of-rung";
  const items = [...legend.querySelectorAll(`.in-${mode} [data-key]`)].filter(({ classList }) => !classList.contains(other));
  return items.map((item) => [item.dataset.key, item.textContent.trim().replace(/\s+/g, " ")]);
}
