/** The present view as a picture to keep: the map, its legend, and a line that says of when and from where it is. */

import { drawKey } from "atlas/keys";
import { VectorPen } from "atlas/vector";

const MARGIN = 16;
const LINE = 20;
const DOTS = 2;
const WIDEST = 1200;

/** Save the view of a scene; `told` is { title, status, source, keys: [[key, text]...] }. */
export async function savePicture(scene, kind, told) {
  const { x, y } = scene.map.getSize();
  const width = Math.min(x, WIDEST);
  const ruler = new VectorPen(width, 0);
  const below = layOut(ruler, told, width);
  const height = y + below.height;
  const blob = kind === "svg" ? vectorBlob(scene, width, y, height, below) : await pixelBlob(scene, width, y, height, below);
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${told.file}.${kind}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function vectorBlob(scene, width, mapHeight, height, below) {
  const pen = new VectorPen(width, height);
  drawAll(pen, scene, width, mapHeight, height, below, 1);
  return new Blob([pen.toString()], { type: "image/svg+xml" });
}

function pixelBlob(scene, width, mapHeight, height, below) {
  const canvas = Object.assign(document.createElement("canvas"), { width: width * DOTS, height: height * DOTS });
  const ctx = canvas.getContext("2d");
  ctx.scale(DOTS, DOTS);
  drawAll(ctx, scene, width, mapHeight, height, below, DOTS);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function drawAll(ctx, scene, width, mapHeight, height, below, dots) {
  const { map, colours } = scene;
  const { x: left, y: top } = map.getPixelBounds().min;
  const view = { scale: 2 ** map.getZoom(), zoom: map.getZoom(), left, top, width, height: mapHeight, dots };
  ctx.fillStyle = colours.land;
  ctx.fillRect(0, 0, width, height);
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, width, mapHeight);
  ctx.clip();
  ctx.fillStyle = colours.ground;
  ctx.fillRect(0, 0, width, mapHeight);
  scene.drawBase(ctx, view);
  scene.drawTop(ctx, view);
  ctx.restore();
  ctx.textAlign = "start";
  ctx.textBaseline = "alphabetic";
  ctx.globalAlpha = 1;
  for (const { key, text, x, y, font } of below.lines) {
    if (key) drawKey(ctx, key, x - 20, y + mapHeight - 5, colours);
    ctx.font = font;
    ctx.fillStyle = colours.text;
    ctx.fillText(text, x, y + mapHeight);
  }
}

/** Return the lines of text under the map, with their places. */
function layOut(ctx, { title, status, source, keys }, width) {
  const lines = [];
  let y = MARGIN + LINE;
  const add = (text, font, x, room, key = null) => {
    ctx.font = font;
    for (const part of wrapped(ctx, text, room)) {
      lines.push({ text: part, font, x, y, key });
      key = null;
      y += LINE;
    }
  };
  add(title, "600 16px system-ui, sans-serif", MARGIN, width - 2 * MARGIN);
  if (status) add(status, "400 13px system-ui, sans-serif", MARGIN, width - 2 * MARGIN);
  y += 6;
  const columns = width > 700 ? 2 : 1;
  const room = (width - MARGIN) / columns;
  const begun = y;
  let lowest = y;
  keys.forEach(([key, text], index) => {
    if (index === Math.ceil(keys.length / columns)) y = begun;
    const column = index < Math.ceil(keys.length / columns) ? 0 : 1;
    add(text, "400 13px system-ui, sans-serif", MARGIN + column * room + 40, room - 56, key);
    lowest = Math.max(lowest, y);
  });
  y = lowest + 6;
  add(source, "400 12px system-ui, sans-serif", MARGIN, width - 2 * MARGIN);
  return { lines, height: y };
}

function wrapped(ctx, text, room) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) && ctx.measureText(longer).width > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
