// On tablets a number field gets a pad of large keys instead of the keyboard.
import { hook } from "./lib.js";

const tablet = document.body.dataset.layout === "tablet";
/** @type {HTMLElement | null} */
let pad = null;
/** The field that the pad types into. @type {HTMLInputElement | null} */
let field = null;
/** Says when the field leaves the screen. @type {IntersectionObserver | null} */
let eye = null;

/** @param {HTMLInputElement} input */
function open(input) {
  close();
  const el = document.createElement("div");
  el.className = "numpad";
  for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0", "⌫", "✓"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key;
    if (key === "✓") button.className = "ok";
    button.addEventListener("pointerdown", (e) => { e.preventDefault(); press(input, key); });
    el.append(button);
  }
  document.body.append(el);
  const sends = input.form?.querySelector(".primary, [type=submit]");
  if (covers(el, input) || covers(el, sends)) {
    el.classList.add("left");
    if (covers(el, input)) el.classList.remove("left"); // never over the field itself; better over the button
  }
  pad = el;
  field = input;
  let seen = false;
  eye = new IntersectionObserver((entries) => {
    const is = entries[entries.length - 1].isIntersecting;
    if (seen && !is) { input.blur(); close(); }
    seen ||= is;
  });
  eye.observe(input);
}

/** Says that one stands over the other. @param {Element} el @param {Element | null | undefined} other */
function covers(el, other) {
  if (!other) return false;
  const [a, b] = [el.getBoundingClientRect(), other.getBoundingClientRect()];
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** The pad belongs to the field one is in: a field that was swapped away never says goodbye. */
function check() {
  if (field && (!field.isConnected || document.activeElement !== field)) close();
}

/** @param {HTMLInputElement} input @param {string} key */
function press(input, key) {
  if (key === "✓") { input.blur(); return; }
  if (key === "⌫") input.value = input.value.slice(0, -1);
  else if (key !== "." || (input.inputMode !== "numeric" && !input.value.includes("."))) input.value += key;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function close() {
  eye?.disconnect();
  pad?.remove();
  pad = field = eye = null;
}

if (tablet) {
  for (const name of ["focusin", "focusout", "click", "htmx:after:swap"]) document.addEventListener(name, () => setTimeout(check), { capture: true });
  hook("[data-numpad]", (el) => {
    const input = /** @type {HTMLInputElement} */ (el);
    input.addEventListener("pointerdown", (e) => { if (e.pointerType === "touch") input.readOnly = true; });
    input.addEventListener("focus", () => { setTimeout(() => { input.readOnly = false; }, 60); open(input); });
    input.addEventListener("blur", () => { close(); input.dispatchEvent(new Event("change", { bubbles: true })); });
  });
}
