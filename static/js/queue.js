// Keys of the review queue: each presses a button that is there anyway. Without this file the buttons do it all.

const cards = [...document.querySelectorAll(".queue-card")];
let current = 0;

function select(number, scroll = true) {
  cards[current]?.classList.remove("is-current");
  current = Math.max(0, Math.min(number, cards.length - 1));
  const card = cards[current];
  if (!card) return;
  card.classList.add("is-current");
  if (!card.contains(document.activeElement)) card.focus({ preventScroll: !scroll });
}

function isTyping(target) {
  return target.matches("select, textarea, input:not([type=checkbox])");
}

// Digits by the place of the key, so that Shift works on every layout.
function keyName(event) {
  const digit = /^(?:Digit|Numpad)([1-5])$/.exec(event.code);
  if (digit) return event.shiftKey ? `Shift+${digit[1]}` : digit[1];
  return event.key.toLowerCase();
}

function press(control) {
  if (control.type === "checkbox") {
    control.checked = !control.checked;
  } else if (control.type === "text") {
    control.focus();
  } else if (!control.disabled) {
    control.click();
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") cards[current]?.focus();
    return;
  }
  const name = keyName(event);
  if (name === "j" || name === "k") {
    select(current + (name === "j" ? 1 : -1));
  } else if (name === "?") {
    const help = document.querySelector(".queue-help");
    help.open = !help.open;
  } else {
    const selector = `[data-key="${CSS.escape(name)}"]`;
    const control = cards[current]?.querySelector(selector) ?? document.querySelector(`.queue-tools ${selector}`);
    if (!control) return;
    press(control);
  }
  event.preventDefault();
}

// One press, one decision: a second key before the next page is not sent.
let sent = false;
document.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
window.addEventListener("pageshow", () => {
  sent = false;
});

cards.forEach((card, number) => card.addEventListener("focusin", () => select(number, false)));
document.addEventListener("keydown", onKey);
select(0);
