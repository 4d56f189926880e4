// Arrow keys move between the buttons of a table of cells, as in a spreadsheet.
document.addEventListener("keydown", (e) => {
  const from = e.target instanceof Element ? e.target.closest("[data-cells] td > button") : null;
  const cell = from?.closest("td"), row = cell?.closest("tr");
  if (!cell || !row) return;
  const at = cell.cellIndex;
  /** @type {Element | null | undefined} */
  let to;
  if (e.key === "ArrowRight") to = cell.nextElementSibling;
  else if (e.key === "ArrowLeft") to = cell.previousElementSibling;
  else if (e.key === "ArrowDown") to = row.nextElementSibling?.children[at];
  else if (e.key === "ArrowUp") to = row.previousElementSibling?.children[at];
  else return;
  const button = /** @type {HTMLElement | null | undefined} */ (to?.querySelector("button"));
  if (!button) return;
  e.preventDefault();
  e.stopPropagation();
  button.focus();
}, true);

// What htmx draws anew gives the focus back to the cell that was clicked.
/** @type {string | undefined} */
let last;
document.addEventListener("htmx:before:request", () => {
  const here = document.activeElement;
  last = here instanceof HTMLButtonElement && here.closest("[data-cells]") ? here.value : undefined;
});
document.addEventListener("htmx:after:swap", () => {
  if (last) /** @type {HTMLElement | null} */ (document.querySelector(`[data-cells] button[value="${CSS.escape(last)}"]`))?.focus();
  last = undefined;
});
