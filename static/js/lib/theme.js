/** Colours of the map, read from the style sheet, so that light and dark are decided in one place. */

const NAMES = [
  "ground", "land", "state-line", "county-line", "county-name", "text",
  "none", "documents", "listed", "publishes", "grant", "receipt", "removed", "flow", "chosen", "border",
  "rung1", "rung2", "rung3", "rung4", "rung5", "rung6",
  "known1", "known2", "known3", "known4", "known5", "stand1", "stand2", "stand3", "stand4", "stand5",
];

/** Return the colours by name, as the element's style has them now. */
export function readColours(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
}

/** Call back whenever the reader's system turns to dark or light, or the page's own theme attribute changes. */
export function onThemeChange(callback) {
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", callback);
  }
  new MutationObserver(callback).observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
}
