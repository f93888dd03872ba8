/** The map's page: points of all agencies, lines of the chosen one, and the panel below, which the server writes. */

import { drawBasemap } from "atlas/basemap";
import { load } from "atlas/fetch";
import { byPartner, drawLinks, emphasise } from "atlas/links";
import { addMarks, repaint } from "atlas/marks";
import { readPoints } from "atlas/points";
import { onThemeChange, readColours } from "atlas/theme";
import { chooser, partnerLines, pointTip } from "atlas/tips";
import { make, readWords } from "atlas/words";

const L = window.L;
const root = document.getElementById("map-root");
const alert = document.getElementById("map-alert");
const status = document.getElementById("map-status");
const say = readWords(document.getElementById("map-words"));
const TIP = { className: "map-tooltip", opacity: 1 };
const LOWER_48 = [[24.5, -124.8], [49.4, -66.9]];

const view = { colours: readColours(root), partners: null, chosen: null };
const state = { marks: null, bySlug: new Map(), chosen: null, data: null, partners: null, links: null, asked: null };
const hint = L.tooltip(TIP);
let map;
let renderer;

const payloadLoaded = load(root.dataset.agenciesUrl, { alert });
root.hidden = false;
root.querySelector(".map-legend").open = matchMedia("(min-width: 40rem)").matches;
L.Map.mergeOptions({ preferCanvas: true, zoomSnap: 0.5, wheelPxPerZoomLevel: 90 });
window.addEventListener("map:init", (event) => start(event.detail.map), { once: true });

async function start(fresh) {
  map = fresh;
  map.fitBounds(LOWER_48, { animate: false });
  const pane = map.createPane("points");
  pane.style.zIndex = 450;
  renderer = L.canvas({ pane: "points", padding: 0.3, tolerance: 4 });
  const { statesUrl: states, countiesUrl: counties } = root.dataset;
  const base = drawBasemap(map, { states, counties, colours: view.colours, alert });
  const payload = await payloadLoaded;
  const recolourBase = await base;
  if (!payload) return;
  showPoints(payload);
  onThemeChange(() => recolour(recolourBase));
  await choose(new URL(location).searchParams.get("agency"), { fit: true, panel: false });
}

function showPoints(payload) {
  const { points, bySlug } = readPoints(payload);
  state.bySlug = bySlug;
  state.marks = addMarks(map, points, view, renderer);
  state.marks.bindTooltip((mark) => pointTip(mark.point, state, say), TIP);
  state.marks.on("click", ({ layer }) => pick(layer.point));
  root.dataset.pointsDrawn = points.length;
  root.dataset.agenciesDrawn = bySlug.size;
  performance.mark("atlas-points");
}

function pick(point) {
  state.marks.closeTooltip();
  if (point.agencies.length === 1) choose(point.agencies[0].slug, { push: true });
  else L.popup({ maxHeight: 260 }).setLatLng(point.at).setContent(chooser(point, say)).openOn(map);
}

/** Choose an agency by slug, or none: its lines, the address, and the panel that the server writes. */
async function choose(slug, { push = false, fit = false, panel = true } = {}) {
  state.asked?.abort();
  state.asked = new AbortController();
  const { signal } = state.asked;
  map.closePopup();
  if (push) history.pushState(null, "", slug ? `?agency=${encodeURIComponent(slug)}` : location.pathname);
  const panelLoaded = panel ? showPanel(signal) : null;
  const url = root.dataset.linksUrl.replace("SLUG", encodeURIComponent(slug ?? ""));
  const data = slug ? await load(url, { alert, signal }) : { links: [] };
  if (!data || signal.aborted) return;
  showLinks(slug, data, fit);
  await panelLoaded;
}

function showLinks(slug, data, fit) {
  state.links?.remove();
  const agency = state.bySlug.get(slug);
  Object.assign(state, { data, chosen: slug ? { name: data.name, slug } : null });
  state.partners = slug ? byPartner(data.links) : null;
  const ends = [...(state.partners?.keys() ?? [])].map((partner) => state.bySlug.get(partner)?.point);
  view.chosen = agency?.point ?? null;
  view.partners = slug ? new Set([view.chosen, ...ends].filter(Boolean)) : null;
  if (fit && agency) fitTo(agency.point);
  const found = agency ? drawLinks(map, agency, state.partners, state.bySlug, { ...view, renderer }) : null;
  state.links = found?.layer;
  found?.layer.bindTooltip(({ partner }) => partnerTip(partner), { ...TIP, sticky: true });
  for (const point of view.partners ?? []) point.mark.bringToFront();
  repaint(renderer);
  tell(slug, data, found);
}

/** Bring all ends of the lines into view; from the lower 48 states, without what lies overseas. */
function fitTo(chosen) {
  const lower48 = L.latLngBounds(LOWER_48);
  const ends = [...view.partners].filter((point) => !lower48.contains(chosen.at) || lower48.contains(point.at));
  map.fitBounds(L.latLngBounds(ends.map((point) => point.at)).pad(0.05), { maxZoom: 9, animate: false });
}

function partnerTip(partner) {
  return make("div", { className: "map-tip" }, ...partnerLines(partner, state.chosen, say));
}

function tell(slug, data, found) {
  root.dataset.agency = slug ?? "";
  root.dataset.arcsDrawn = found?.lines ?? 0;
  performance.mark("atlas-arcs");
  const values = { agency: data.name, lines: found?.lines ?? 0, without: found?.without ?? data.links.length };
  if (!slug) status.textContent = "";
  else if (!found) status.textContent = say("unplaced", values);
  else status.textContent = say(values.without ? "drawn-some" : "drawn", values);
}

/** Put the panel of the present address in place of the old one: the same markup as without this script. */
async function showPanel(signal) {
  const page = await load(location.href, { as: "text", alert, signal });
  if (!page) return;
  const fresh = new DOMParser().parseFromString(page, "text/html");
  document.getElementById("map-panel").replaceWith(document.adoptNode(fresh.getElementById("map-panel")));
  document.title = fresh.title;
}

function recolour(recolourBase) {
  Object.assign(view, { colours: readColours(root) });
  recolourBase(view.colours);
  if (state.chosen) showLinks(state.chosen.slug, state.data, false);
  else repaint(renderer);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-choose], #map-panel .pages a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || !map) return;
  event.preventDefault();
  if (link.dataset.choose === undefined) {
    history.pushState(null, "", link.href);
    showPanel();
    return;
  }
  choose(link.dataset.choose, { push: true, fit: true }).then(() => {
    document.getElementById("map-chosen")?.focus({ preventScroll: true });
  });
});

for (const [type, strong] of [["focusin", true], ["focusout", false], ["mouseover", true], ["mouseout", false]]) {
  document.addEventListener(type, (event) => {
    const slug = event.target.closest?.("#map-panel [data-partner]")?.dataset.partner;
    const partner = slug && state.partners?.get(slug);
    if (!partner?.lines) return;
    emphasise(partner, strong);
    if (strong) hint.setLatLng(partner.point.at).setContent(partnerTip(partner)).addTo(map);
    else hint.remove();
  });
}

window.addEventListener("popstate", () => {
  if (map) choose(new URL(location).searchParams.get("agency"));
});
