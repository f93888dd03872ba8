/** Our own basemap under the points: states at once, counties when near. No tile, no other host. */

import { unwrapped } from "atlas/arcs";
import { load } from "atlas/fetch";

const L = window.L;
const COUNTIES_FROM_ZOOM = 7;

/** Draw the states, and the counties once the reader is near; returns a function that takes new colours. */
export async function drawBasemap(map, { states, counties, colours, alert }) {
  const pane = map.createPane("base");
  pane.style.zIndex = 200;
  pane.style.pointerEvents = "none";
  const canvas = L.canvas({ pane: "base", padding: 0.5 });
  const layers = [];

  const styles = {
    states: (c) => ({ color: c["state-line"], weight: 1, fillColor: c.land, fillOpacity: 1 }),
    counties: (c) => ({ color: c["county-line"], weight: 0.6, fill: false }),
  };

  async function add(name, url) {
    const shapes = await load(url, { alert });
    if (!shapes) return;
    const layer = L.geoJSON(shapes, {
      renderer: canvas,
      pane: "base",
      interactive: false,
      coordsToLatLng: ([longitude, latitude]) => L.latLng(latitude, unwrapped(longitude)),
      style: () => styles[name](colours),
    }).addTo(map);
    layers.push([name, layer]);
  }

  let asked = false;
  const addCountiesWhenNear = () => {
    if (asked || map.getZoom() < COUNTIES_FROM_ZOOM) return;
    asked = true;
    add("counties", counties);
  };
  await add("states", states);
  map.on("zoomend", addCountiesWhenNear);
  addCountiesWhenNear();
  return (fresh) => {
    colours = fresh;
    for (const [name, layer] of layers) layer.setStyle(styles[name](fresh));
  };
}
