/** Places as Leaflet counts them at zoom 0: the web map's square of 256, which any zoom is a multiple of. */

const RADIANS = Math.PI / 180;

/** West of the date line the longitudes go on (Guam is -215), so that no line crosses the whole map. */
export function unwrapped(longitude) {
  return longitude > 0 ? longitude - 360 : longitude;
}

export function worldX(longitude) {
  return (unwrapped(longitude) + 180) * (256 / 360);
}

export function worldY(latitude) {
  const sine = Math.sin(Math.max(-85, Math.min(85, latitude)) * RADIANS);
  return 128 - (64 / Math.PI) * Math.log((1 + sine) / (1 - sine));
}

/** Return [latitude, longitude] of a place in the square. */
export function fromWorld(x, y) {
  return [Math.atan(Math.sinh(Math.PI * (1 - y / 128))) / RADIANS, x * (360 / 256) - 180];
}
