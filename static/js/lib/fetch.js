/** The one way to load: it owns errors. Each failure is told to the reader, with a button to try again. */

/**
 * Load an address of this site. Returns what it holds, or null when it failed and was told, or was aborted.
 * `alert` is the element with role=alert in which failures are told; it has the words as data attributes.
 */
export async function load(url, { as = "json", signal, alert } = {}) {
  for (;;) {
    const found = await attempt(url, as, signal);
    if (!(found instanceof Error)) return found;
    if (signal?.aborted || !alert || !(await askAgain(alert, signal))) return null;
  }
}

async function attempt(url, as, signal) {
  try {
    const response = await fetch(url, { signal, credentials: "same-origin" });
    if (!response.ok) return new Error(`${response.status}`);
    return await (as === "json" ? response.json() : response.text());
  } catch (error) {
    return error;
  }
}

/** Tell a failure; true when the reader asks to try again, false when the load is no longer wanted. */
async function askAgain(alert, signal) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = alert.dataset.again;
  const line = document.createElement("p");
  line.append(`${alert.dataset.failed} `, button);
  alert.append(line);
  alert.hidden = false;
  const again = await new Promise((resolve) => {
    button.addEventListener("click", () => resolve(true), { once: true });
    signal?.addEventListener("abort", () => resolve(false), { once: true });
  });
  line.remove();
  alert.hidden = !alert.hasChildNodes();
  return again;
}
