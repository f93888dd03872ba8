/** A search box with suggestions, after the ARIA pattern "combobox with list autocomplete, manual selection". */

import { load } from "atlas/fetch";
import { make } from "atlas/words";

const SHORTEST = 2;
const PAUSE = 120;

/** Give the input a list of suggestions from `words.suggestUrl`; `words` also has the sentences for screen readers. */
export function combobox(input, words) {
  const named = { id: "suggestions", className: "suggestions", "aria-label": words.listLabel };
  const list = make("ul", { ...named, role: "listbox" });
  const status = make("span", { className: "hidden", role: "status" });
  list.hidden = true;
  input.after(list, status);
  const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
  const box = { input, words, list, status, lines: [], active: -1, timer: 0, asked: null };
  input.addEventListener("input", () => typed(box));
  input.addEventListener("keydown", (event) => pressed(box, event));
  input.addEventListener("blur", () => close(box));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    open(box, [...list.children].indexOf(target.closest("[role=option]")));
  });
}

/** Ask after a pause in typing; what was asked before is dropped. */
function typed(box) {
  clearTimeout(box.timer);
  const query = box.input.value.trim();
  if (query.length < SHORTEST) return close(box);
  box.timer = setTimeout(ask, PAUSE, box, query);
}

async function ask(box, query) {
  box.asked?.abort();
  box.asked = new AbortController();
  const { signal } = box.asked;
  const found = await load(`${box.words.suggestUrl}?q=${encodeURIComponent(query)}`, { signal });
  if (!found || signal.aborted) return;
  const count = found.suggestions.length;
  show(box, found.suggestions, box.words[["none", "one"][count] ?? "many"].replace("{n}", count));
}

function show(box, lines, sentence) {
  Object.assign(box, { lines, active: -1 });
  box.list.replaceChildren(...lines.map(option));
  box.list.hidden = !lines.length;
  box.input.setAttribute("aria-expanded", String(lines.length > 0));
  box.input.removeAttribute("aria-activedescendant");
  box.status.textContent = sentence;
}

function close(box) {
  clearTimeout(box.timer);
  box.asked?.abort();
  show(box, [], "");
}

function option({ label, kind, within }, number) {
  const small = make("small", { text: [kind, within].filter(Boolean).join(" · ") });
  return make("li", { id: `suggestion-${number}`, role: "option", "aria-selected": "false" }, label, " ", small);
}

const KEYS = {
  ArrowDown: (box) => step(box, 1),
  ArrowUp: (box) => step(box, -1),
  Enter: (box) => open(box, box.active),
  Escape: close,
};

function pressed(box, event) {
  const isOurs = event.key in KEYS && !(event.key === "Enter" && box.active < 0);
  if (box.list.hidden || event.isComposing || !isOurs) return;
  event.preventDefault();
  KEYS[event.key](box);
}

/** Step through the lines and, between the last and the first, the box itself. */
function step(box, by) {
  const places = box.lines.length + 1;
  activate(box, ((box.active + 1 + by + places) % places) - 1);
}

function activate(box, number) {
  box.active = number;
  const options = [...box.list.children];
  options.forEach((one, index) => one.setAttribute("aria-selected", String(index === number)));
  if (number < 0) return box.input.removeAttribute("aria-activedescendant");
  box.input.setAttribute("aria-activedescendant", options[number].id);
  options[number].scrollIntoView({ block: "nearest" });
}

function open(box, number) {
  if (number >= 0) location.assign(box.lines[number].url);
}
