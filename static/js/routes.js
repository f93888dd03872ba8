/** Offer agencies' names while somebody types one of a route's ends. Without this script names are typed in full. */

import { load } from "atlas/fetch";

const SHORTEST = 2;
const PAUSE = 150;
const AGENCY = /\/agencies\/[^/]+\/$/;

const form = document.querySelector("form[data-suggest-url]");
for (const name of ["from", "to"]) offer(form.elements[name], form.dataset.suggestUrl);

/** Give an input a list of the agencies among the site's suggestions. */
function offer(input, url) {
  const list = document.createElement("datalist");
  list.id = `${input.name}-agencies`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer = 0;
  let asked = null;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const query = input.value.trim();
      if (query.length < SHORTEST) return;
      const found = await load(`${url}?q=${encodeURIComponent(query)}`, { signal: asked.signal });
      if (found) list.replaceChildren(...found.suggestions.filter((line) => AGENCY.test(line.url)).map(option));
    }, PAUSE);
  });
}

function option({ label, kind, within }) {
  const line = document.createElement("option");
  line.value = label;
  line.label = [kind, within].filter(Boolean).join(" · ");
  return line;
}
