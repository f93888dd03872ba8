/** The map's page: what is known by state, then agencies, then the links of the chosen; the panel the server writes. */

import { addressWith, readAddress } from "atlas/address";
import { Basemap, breathe, NEAR, shapeOf } from "atlas/basemap";
import { load } from "atlas/fetch";
import { Flows } from "atlas/flows";
import { byPartner, Lines } from "atlas/links";
import { fromWorld, worldX, worldY } from "atlas/mercator";
import { Names } from "atlas/names";
import { Points } from "atlas/points";
import { Scene } from "atlas/scene";
import { chosenTold, statesTold, tipOf } from "atlas/telling";
import { onThemeChange, readColours } from "atlas/theme";
import { TimeControl } from "atlas/time";
import { chooser, day, partnerLines } from "atlas/tips";
import { make, readWords } from "atlas/words";

const L = window.L;
const root = document.getElementById("map-root");
const alert = document.getElementById("map-alert");
const status = document.getElementById("map-status");
const say = readWords(document.getElementById("map-words"));
const LOWER_48 = [[24.5, -124.8], [49.4, -66.9]];
const urls = root.dataset;

const state = { asked: null, chosen: null, partners: null, address: readAddress() };
const hint = L.tooltip({ className: "map-tooltip", opacity: 1 });
const time = new TimeControl(document.getElementById("map-time"), retime, say);
let map;
let scene;
let pointsRead;

root.hidden = false;
root.querySelector(".map-legend").open = matchMedia("(min-width: 40rem)").matches;
L.Map.mergeOptions({ zoomSnap: 0.5, wheelPxPerZoomLevel: 90, maxBoundsViscosity: 0.8 });
window.addEventListener("map:init", (event) => start(event.detail.map), { once: true });

async function start(fresh) {
  map = fresh;
  map.fitBounds(LOWER_48, { animate: false });
  const files = { far: urls.farUrl, states: urls.statesUrl, counties: urls.countiesUrl };
  const basemap = new Basemap({ urls: files, alert, changed: () => scene?.redraw() });
  const far = basemap.want(map.getZoom());
  scene = new Scene(map, basemap, readColours(root), urls.tilesUrl ? { overTiles: true } : { names: namesOn(basemap) });
  if (urls.tilesUrl) showTiles();
  listen();
  await Promise.all([far, showStates()]);
  performance.mark("atlas-states");
  pointsRead = readPoints();
  await show({ fit: true, panel: false });
  await pointsRead;
}

/** Return the names of the basemap; with tiles there are none, as these have their own. */
function namesOn(basemap) {
  const codeOf = (geoid) => scene.states?.get(geoid)?.code;
  const told = (number) => (root.dataset.placeNames = number);
  return new Names({ url: urls.namesUrl, alert, basemap, codeOf, changed: () => scene.base.redraw(), told });
}

/** Show the operator's tiles under all else: their host learns the reader's address, but not from which site it is asked. */
function showTiles() {
  const attribution = make("span", { text: urls.tilesAttribution }).innerHTML;
  L.tileLayer(urls.tilesUrl, { attribution, referrerPolicy: "no-referrer", maxZoom: 12 }).addTo(map);
}

async function readPoints() {
  const payload = await load(urls.agenciesUrl, { alert });
  if (!payload) return null;
  await breathe(); // Reading the text took its time.
  const points = new Points(payload);
  scene.points = points;
  scene.top.redraw();
  root.dataset.pointsDrawn = points.count;
  root.dataset.agenciesDrawn = points.agencies;
  performance.mark("atlas-points");
  points.bySlug();
  return points;
}

/** Load what is known by state, and the flows between states. */
async function showStates() {
  state.flowsOf = flowsWanted() ?? "";
  const payload = await load(urls.flowsUrl + state.flowsOf, { alert });
  if (!payload) return;
  const places = new Map();
  const states = new Map();
  for (const [code, [geoid, name, latitude, longitude]] of Object.entries(payload.places)) {
    const counts = Object.fromEntries(payload.columns.map((column, index) => [column, payload.states[code]?.[index] ?? 0]));
    states.set(geoid, { ...counts, code, name, geoid, x: worldX(longitude), y: worldY(latitude) });
    places.set(code, { name, at: [latitude, longitude] });
  }
  Object.assign(scene, { states, flows: new Flows(payload.flows, places), aggregate: payload });
  useBy();
  scene.redraw();
  tellStates();
}

/** Return which flows between states the address asks for; null where none are shown. */
function flowsWanted() {
  const { subject, isState, flowQuery } = state.address;
  return !subject || isState ? flowQuery : null;
}

/** Show what the address asks for: lines or flows of the chosen, and the panel that the server writes. */
async function show({ fit = false, panel = true } = {}) {
  state.asked?.abort();
  state.asked = new AbortController();
  const { signal } = state.asked;
  state.address = readAddress();
  map.closePopup();
  const panelLoaded = panel ? showPanel(signal) : null;
  const { subject, isState, filters, flowQuery } = state.address;
  useBy();
  const flowsLoaded = [null, state.flowsOf].includes(flowsWanted()) ? null : showStates();
  if (!subject) showNobody();
  else {
    const [kind, name] = subject;
    const base = (kind === "agency" ? urls.linksUrl : urls.placeUrl).replace("SUBJECT", encodeURIComponent(name));
    const data = await load(base + (isState ? flowQuery : filters), { alert, signal });
    const points = data && (await pointsRead);
    const slugs = points && (await points.bySlug());
    if (!points || signal.aborted) return;
    showSubject(kind, data, points, slugs, fit);
  }
  await Promise.all([panelLoaded, flowsLoaded]);
}

/** Tell rungs where they are asked for, and worked out; else what is known. */
function useBy() {
  scene.by = root.dataset.by = state.address.by === "rung" && scene.aggregate?.has_rungs ? "rung" : "knowledge";
}

function showNobody() {
  scene.clear();
  Object.assign(state, { chosen: null, partners: null });
  Object.assign(root.dataset, { agency: "", place: "", arcsDrawn: 0 });
  time.offer(null, state.address.when);
  scene.redraw();
  tellStates();
}

function showSubject(kind, data, points, slugs, fit) {
  scene.clear();
  const index = slugs.get(data.slug);
  let from = null;
  if (kind === "agency") {
    scene.chosenPoint = index === undefined ? -1 : points.pointOf(index);
    from = scene.chosenPoint < 0 ? null : points.at(scene.chosenPoint);
  } else from = showPlace(data, points, slugs);
  state.chosen = { name: data.name, slug: data.slug };
  state.partners = data.links ? byPartner(data) : null;
  scene.lines = data.links ? new Lines(state.partners, from, scene.chosenPoint, points, slugs) : null;
  state.data = data;
  showWhen(state.address.when);
  if (fit) fitTo(from, data);
  Object.assign(root.dataset, { agency: data.slug ?? "", place: data.geoid ?? "" });
  time.offer(state.partners, state.address.when);
}

/** Draw a place's border and its agencies, of a state the flows between its counties; returns where its lines begin. */
function showPlace(data, points, slugs) {
  const shape = data.outline.length ? shapeOf(data.geoid, data.name, data.outline) : null;
  const from = data.at && !data.flows ? { x: worldX(data.at[1]), y: worldY(data.at[0]) } : null;
  scene.place = { shape, from, code: data.flows ? data.state : null };
  scene.own = new Set(data.agencies.filter((slug) => slugs.has(slug)).map((slug) => points.pointOf(slugs.get(slug))));
  if (data.flows) {
    const places = new Map(Object.entries(data.counties).map(([geoid, [name, y, x]]) => [geoid, { name, at: [y, x] }]));
    scene.counties = new Flows(data.flows, places, Infinity);
  }
  return data.at;
}

/** Draw the lines as they stood when the reader asks, without asking the server again. */
function showWhen(when) {
  state.address.when = when;
  const counts = scene.lines?.choose(when) ?? { drawn: scene.counties?.items.length ?? 0 };
  scene.keepPartners();
  scene.redraw();
  root.dataset.arcsDrawn = counts.drawn;
  tellChosen(counts);
  performance.mark("atlas-arcs");
}

/** Show another month, or another comparison: the lines at once, the address too, the panel when the reader rests. */
function retime(chosen) {
  showWhen({ ...state.address.when, ...chosen });
  history.replaceState(null, "", addressWith({ as_of: chosen.day, as_of_before: chosen.before }));
  clearTimeout(state.resting);
  state.resting = setTimeout(() => showPanel(state.asked.signal), 500);
}

/** Bring all ends of the lines into view, or the place; from the lower 48 states, without what lies overseas. */
function fitTo(from, data) {
  const shape = scene.place?.shape;
  if (shape) {
    const [x1, y1, x2, y2] = shape.box;
    map.fitBounds([fromWorld(x1, y1), fromWorld(x2, y2)], { padding: [12, 12], maxZoom: 10, animate: false });
    return;
  }
  if (!from || !data.links) return;
  const lower48 = L.latLngBounds(LOWER_48);
  const ends = [from, ...scene.lines.items.map(({ point }) => scene.points.at(point))];
  const shown = ends.filter((end) => !lower48.contains(from) || lower48.contains(end));
  map.fitBounds(L.latLngBounds(shown).pad(0.05), { maxZoom: 9, animate: false });
}

function tellStates() {
  root.dataset.mode = scene.mode;
  if (!scene.isChosen) status.textContent = statesTold(scene, say);
}

function tellChosen(counts) {
  root.dataset.mode = scene.mode;
  status.textContent = chosenTold(scene, state.data, counts, state.address.when, say);
}

/** Put the panel of the present address in place of the old one: the same markup as without this script. */
async function showPanel(signal) {
  const page = await load(location.href, { as: "text", alert, signal });
  if (!page || signal?.aborted) return;
  const fresh = new DOMParser().parseFromString(page, "text/html");
  document.getElementById("map-panel").replaceWith(document.adoptNode(fresh.getElementById("map-panel")));
  document.title = fresh.title;
}

/** Save the present view, with what is needed to read and to cite it. */
async function keepPicture(kind) {
  const [{ savePicture }, { keysOf }] = await Promise.all([import("atlas/picture"), import("atlas/keys")]);
  const newest = scene.aggregate?.as_of;
  const values = { url: location.href, date: newest && day(newest) };
  await savePicture(scene, kind, {
    file: `map-${(state.chosen && (state.data.slug || state.data.geoid)) || "country"}-${newest ?? "undated"}`,
    title: state.chosen ? `${say("title")}: ${state.chosen.name}` : say("title"),
    status: status.textContent,
    source: say(newest ? "source" : "source-undated", values),
    keys: keysOf(root.querySelector(".map-legend"), scene.mode, scene.by),
  });
}

/** Go to an address of this page without loading it anew. */
function go(address, options) {
  history.pushState(null, "", address);
  return show(options);
}

function hover({ latlng }) {
  const found = scene.under(latlng);
  const one = found.state?.code ?? null;
  if (one !== scene.one && (found.state || !found.flow)) {
    scene.one = one;
    scene.top.redraw();
  }
  scene.emphasise(found.partner ?? null);
  const content = tipOf(found, scene, state, say);
  map.getContainer().style.cursor = content ? "pointer" : "";
  if (content) hint.setLatLng(latlng).setContent(content).addTo(map);
  else hint.remove();
}

function pick({ latlng }) {
  const { point, partner, state: found } = scene.under(latlng);
  hint.remove();
  if (found) go(addressWith({ place: found.geoid, agency: "", q: "" }), { fit: true });
  else if (partner) go(addressWith({ agency: partner.slug, place: "", q: "" }));
  else if (point !== undefined) {
    const agencies = scene.points.agenciesAt(point);
    if (agencies.length === 1) go(addressWith({ agency: agencies[0].slug, place: "", q: "" }));
    else L.popup({ maxHeight: 260 }).setLatLng(scene.points.at(point)).setContent(chooser(agencies, say)).openOn(map);
  }
}

function listen() {
  let waiting = null;
  map.on("mousemove", (event) => {
    if (waiting || event.originalEvent.buttons) return; // A pressed button drags: no time for tips.
    waiting = requestAnimationFrame(() => {
      waiting = null;
      hover(event);
    });
  });
  map.on("mouseout", () => hint.remove());
  map.on("movestart", () => hint.remove());
  map.on("click", pick);
  map.on("zoomend", () => {
    if (map.getZoom() >= NEAR) scene.basemap.want(map.getZoom());
    tellStates();
  });
  onThemeChange(() => {
    scene.colours = readColours(root);
    scene.redraw();
  });
}

root.addEventListener("click", ({ target }) => {
  const kind = target.closest("[data-picture]")?.dataset.picture;
  if (kind && scene) keepPicture(kind);
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "map-filters" || !map) return;
  event.preventDefault();
  const asked = [...new FormData(event.target)].filter(([, value]) => value);
  go(`${location.pathname}?${new URLSearchParams(asked)}`);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-choose], a[data-place], a[data-by], #map-panel .pages a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || !map) return;
  event.preventDefault();
  const { choose, place } = link.dataset;
  if (choose === undefined && place === undefined) {
    go(link.href);
    return;
  }
  const address = addressWith({ agency: choose ?? "", place: place ?? "", q: "", ...(state.address.subject ? {} : { state: "" }) });
  go(address, { fit: true }).then(() => document.getElementById("map-chosen")?.focus({ preventScroll: true }));
});

for (const [type, strong] of [["focusin", true], ["focusout", false], ["mouseover", true], ["mouseout", false]]) {
  document.addEventListener(type, (event) => {
    const slug = event.target.closest?.("#map-panel [data-partner]")?.dataset.partner;
    const partner = slug && state.partners?.get(slug);
    if (!partner?.line || !partner.change) return;
    scene.emphasise(strong ? partner : null);
    const tip = () => make("div", { className: "map-tip" }, ...partnerLines(partner, state.chosen, say));
    if (strong) hint.setLatLng(scene.points.at(partner.point)).setContent(tip()).addTo(map);
    else hint.remove();
  });
}

window.addEventListener("popstate", () => {
  if (map) show();
});
