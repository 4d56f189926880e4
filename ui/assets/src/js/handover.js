// The tablet in the client's hands: Back leads nowhere, and a form with data-steps shows one
// group (its [data-step] children) per screen.
import { hook } from "./lib.js";

if (document.body.dataset.layout === "handover") {
  history.pushState(null, "", location.href);
  addEventListener("popstate", () => history.pushState(null, "", location.href));
  document.addEventListener("contextmenu", (e) => e.preventDefault());
  document.addEventListener("dragstart", (e) => e.preventDefault());
}

hook("form[data-steps]", (el) => {
  const form = /** @type {HTMLFormElement} */ (el);
  const steps = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-step]")]);
  const bar = form.querySelector("[data-steps-bar]");
  if (steps.length < 2 || !bar) return;
  const back = /** @type {HTMLElement | null} */ (bar.querySelector("[data-steps-back]"));
  const next = /** @type {HTMLElement | null} */ (bar.querySelector("[data-steps-next]"));
  const done = /** @type {HTMLElement | null} */ (bar.querySelector("[data-submit]"));
  const where = bar.querySelector("[data-steps-where]");
  let at = Math.max(0, steps.findIndex((s) => s.querySelector(".faulty")));
  const show = /** @param {boolean} scroll */ (scroll) => {
    steps.forEach((s, i) => { s.hidden = i !== at; });
    if (back) back.hidden = at === 0;
    if (next) next.hidden = at === steps.length - 1;
    if (done) done.hidden = at < steps.length - 1;
    if (where) where.textContent = `${at + 1} / ${steps.length}`;
    if (scroll) scrollTo({ top: 0 });
  };
  back?.addEventListener("click", () => { at--; show(true); });
  next?.addEventListener("click", () => {
    const open = /** @type {HTMLInputElement[]} */ ([...steps[at].querySelectorAll("input, select, textarea")]);
    const bad = open.find((f) => f.offsetParent !== null && !f.checkValidity());
    if (bad) { bad.reportValidity(); return; }
    at++;
    show(true);
  });
  show(false);
});
