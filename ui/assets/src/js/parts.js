// Heavier parts are loaded only by pages that have them.
export async function loadParts() {
  if (document.querySelector("[data-sign]")) (await import("./sign.js")).bind();
  if (document.querySelector("[data-till]")) (await import("./till.js")).bind();
  const calendar = /** @type {HTMLElement | null} */ (document.querySelector("[data-calendar]"));
  if (calendar?.dataset.src) await import(calendar.dataset.src);
}
