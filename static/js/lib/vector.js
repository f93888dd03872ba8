/** A pen that draws as a canvas does, and leaves an SVG: the part of a canvas's words that the map uses. */

const round = (number) => Math.round(number * 10) / 10;
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const ANCHORS = { start: "start", center: "middle" };

export class VectorPen {
  constructor(width, height) {
    Object.assign(this, { width, height, isVector: true, parts: [], path: "", dash: [], clips: 0, open: 0 });
    Object.assign(this, { fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1, font: "10px sans-serif" });
    Object.assign(this, { textAlign: "start", textBaseline: "alphabetic", lineJoin: "miter", lineCap: "butt" });
    this.ruler = document.createElement("canvas").getContext("2d");
  }

  beginPath() {
    this.path = "";
  }

  moveTo(x, y) {
    this.path += `M${round(x)} ${round(y)}`;
  }

  lineTo(x, y) {
    this.path += `L${round(x)} ${round(y)}`;
  }

  closePath() {
    this.path += "Z";
  }

  rect(x, y, width, height) {
    this.path += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
  }

  /** Only whole circles are drawn. */
  arc(x, y, r) {
    const [turn, wide] = [`a${round(r)} ${round(r)} 0 1 0`, round(2 * r)];
    this.path += `M${round(x - r)} ${round(y)}${turn} ${wide} 0${turn} ${-wide} 0`;
  }

  setLineDash(dash) {
    this.dash = dash;
  }

  get opacity() {
    return this.globalAlpha < 1 ? ` opacity="${this.globalAlpha}"` : "";
  }

  fill(rule) {
    const even = rule === "evenodd" ? ' fill-rule="evenodd"' : "";
    if (this.path) this.parts.push(`<path d="${this.path}" fill="${escaped(this.fillStyle)}"${even}${this.opacity}/>`);
  }

  stroke() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.map(round).join(" ")}"` : "";
    const look = `stroke="${escaped(this.strokeStyle)}" stroke-width="${round(this.lineWidth)}" stroke-linejoin="${this.lineJoin}"`;
    if (this.path) this.parts.push(`<path d="${this.path}" fill="none" ${look}${dash}${this.opacity}/>`);
  }

  fillRect(x, y, width, height) {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }

  text(text, x, y, look) {
    const size = Number(/(\d+)px/.exec(this.font)[1]);
    const weight = /^(\d+) /.exec(this.font)?.[1] ?? "400";
    const low = this.textBaseline === "middle" ? size * 0.35 : 0;
    const place = `x="${round(x)}" y="${round(y + low)}" text-anchor="${ANCHORS[this.textAlign]}"`;
    this.parts.push(`<text ${place} font-size="${size}" font-weight="${weight}" ${look}>${escaped(text)}</text>`);
  }

  fillText(text, x, y) {
    this.text(text, x, y, `fill="${escaped(this.fillStyle)}"`);
  }

  strokeText(text, x, y) {
    const look = `stroke="${escaped(this.strokeStyle)}" stroke-width="${round(this.lineWidth)}" stroke-linejoin="round"`;
    this.text(text, x, y, `fill="none" ${look}`);
  }

  measureText(text) {
    this.ruler.font = this.font;
    return this.ruler.measureText(text);
  }

  save() {}

  /** What follows, until `restore`, is cut at the path. */
  clip() {
    this.clips += 1;
    this.parts.push(`<clipPath id="cut${this.clips}"><path d="${this.path}"/></clipPath><g clip-path="url(#cut${this.clips})">`);
    this.open += 1;
  }

  restore() {
    if (!this.open) return;
    this.parts.push("</g>");
    this.open -= 1;
  }

  toString() {
    const size = `width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}"`;
    const family = 'font-family="system-ui, sans-serif"';
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${family}>${this.parts.join("")}</svg>`;
  }
}
