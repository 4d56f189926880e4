// The finder: results as you type, older questions are dropped, arrows and Enter open.
import { debounce, hook } from "./lib.js";

hook("[data-finder-url]", (box) => {
  const input = /** @type {HTMLInputElement} */ (box.querySelector("input:not([type=hidden])"));
  const list = /** @type {HTMLElement} */ (box.querySelector("[role=listbox]"));
  let at = -1;
  /** @type {AbortController | null} */
  let asking = null;

  /** @type {EventTarget | null} where one came from to look for somebody */
  let from = null;
  const options = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);
  const show = /** @param {boolean} is */ (is) => {
    list.hidden = !is;
    input.setAttribute("aria-expanded", String(is));
    if (!is) input.removeAttribute("aria-activedescendant");
  };
  const mark = /** @param {number} n */ (n) => {
    const all = options();
    at = all.length ? (n + all.length) % all.length : -1;
    all.forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return;
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const ask = debounce(async () => {
    const q = input.value.trim();
    asking?.abort();
    if (!q) return show(false);
    asking = new AbortController();
    try {
      const answer = await fetch(box.dataset.finderUrl ?? "", { // a post: names and phone numbers stand in no address
        method: "POST", credentials: "same-origin", body: new URLSearchParams({ q }), signal: asking.signal,
        headers: { "HX-Request": "true", "HX-Request-Type": "partial" },
      });
      if (!answer.ok) return show(false);
      list.innerHTML = await answer.text();
      show(true);
      mark(0);
    } catch { /* an older question */ }
  }, 120);
  input.addEventListener("input", ask);
  input.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); mark(at + (e.key === "ArrowDown" ? 1 : -1)); }
    if (e.key === "Enter" && !list.hidden && at >= 0) { e.preventDefault(); options()[at]?.click(); }
    if (e.key === "Escape") {
      e.stopPropagation();
      show(false);
      input.blur();
      if (from instanceof HTMLElement && from.isConnected) from.focus(); // back to the field that one was in
    }
  });
  input.addEventListener("focus", (e) => { from = e.relatedTarget; });
  // Whoever has chosen is done with the finder: it is closed before the next page, and when
  // one comes back to this one.
  const done = () => { asking?.abort(); input.value = ""; list.replaceChildren(); at = -1; show(false); };
  list.addEventListener("click", (e) => { if (e.target instanceof Element && e.target.closest("a[href]")) show(false); });
  list.addEventListener("submit", () => setTimeout(() => show(false)));
  addEventListener("pagehide", done);
  document.addEventListener("click", (e) => { if (e.target instanceof Node && !box.contains(e.target)) show(false); });
});
