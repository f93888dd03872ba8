/** Sentences of the map, from the page, where they are translated; every value is set as text, never as markup. */

/** Return a function that fills a sentence: say("grants", { agency, date }); numbers are written as readers do. */
export function readWords(element) {
  const words = Object.fromEntries([...element.children].map((word) => [word.dataset.word, word.textContent.trim()]));
  return (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => told(values[key] ?? ""));
}

function told(value) {
  return typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : String(value);
}

/** Return an element with text, a class and children. */
export function make(tag, { text, className, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
