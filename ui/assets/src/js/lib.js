// The little that all modules share: binding to hooks, saying things, server time.

/** @type {[string, (el: HTMLElement) => void][]} */
const hooks = [];
const bound = new WeakMap();

/** Runs fn once for each element that matches, now and after every swap.
 * @param {string} selector @param {(el: HTMLElement) => void} fn */
export function hook(selector, fn) {
  hooks.push([selector, fn]);
}

/** Binds everything on the page that is not bound yet. */
export function enhance() {
  for (const [selector, fn] of hooks) {
    for (const el of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))) {
      const done = bound.get(el) ?? new Set();
      if (done.has(selector)) continue;
      done.add(selector);
      bound.set(el, done);
      fn(el);
    }
  }
}

/** A sentence of the catalogue that the layout put on the body. @param {string} name */
export function say(name) {
  return document.body.dataset["say" + name[0].toUpperCase() + name.slice(1)] ?? "";
}

/** A short message, with a deed to take back when undo is given.
 * @param {string} text @param {{label: string, run: () => void}} [undo] */
export function toast(text, undo) {
  if (!text) return;
  const el = document.createElement("div");
  el.className = "toast";
  el.append(text);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = undo.label;
    button.addEventListener("click", () => { undo.run(); el.remove(); });
    el.append(button);
  }
  document.getElementById("toasts")?.append(el);
  setTimeout(() => el.remove(), undo ? 10000 : 4500);
}

const serverNow = Date.parse(document.body.dataset.now ?? "");
const started = performance.now();
const began = Date.now();

/** The server's clock in milliseconds: a wrong clock on a tablet misleads nobody. */
export function now() {
  return Number.isNaN(serverNow) ? Date.now() : serverNow + (performance.now() - started);
}

/** How far this device's clock was ahead of the server's when the page came, in milliseconds. */
export const apart = () => (Number.isNaN(serverNow) ? 0 : began - serverNow);

/** @param {string} url @param {unknown} body @param {boolean} [last] it outlives the page */
export function postJSON(url, body, last = false) {
  return fetch(url, {
    method: "POST", keepalive: last, credentials: "same-origin", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-Requested-With": "meixu" },
  });
}

/** Whether the focus is in something that takes typing. @param {EventTarget | null} el */
export function typing(el) {
  return el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
}

/** @template {(...args: any[]) => void} F @param {F} fn @param {number} ms */
export function debounce(fn, ms) {
  let timer = 0;
  return /** @param {Parameters<F>} args */ (...args) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => fn(...args), ms);
  };
}
