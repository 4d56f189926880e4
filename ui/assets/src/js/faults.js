// What was refused is marked above the form and at each field. Whoever mends a field sees its mark
// go; the server judges again when the form is sent.
import { hook, say } from "./lib.js";

hook(".faults", (box) => {
  const open = new Set();
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (box.querySelectorAll("li a[href^='#']"))) {
    const at = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const field = at?.closest(".field, fieldset, label") ?? at;
    const line = link.closest("li");
    if (!field || !line) continue;
    open.add(line);
    for (const kind of ["input", "change"]) {
      field.addEventListener(kind, () => {
        if (!open.delete(line)) return;
        line.classList.add("mended");
        field.classList.remove("faulty");
        for (const el of field.querySelectorAll("[aria-invalid]")) el.removeAttribute("aria-invalid");
        if (open.size || box.querySelector("li:not(.mended)")) return;
        box.classList.add("mended");
        const head = box.querySelector("h2");
        if (head) head.textContent = say("mended");
      });
    }
  }
});

// A refusal that came without its form, such as of a text that is too long, names the field: it is
// marked where it stands, until somebody types there. Of one field only the last refusal is shown.
hook(".refusal[data-field]", (box) => {
  const name = box.dataset.field ?? "";
  for (const other of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".refusal[data-field]"))) {
    if (other !== box && other.dataset.field === name) (other.closest(".toast") ?? other).remove();
  }
  const input = [...document.querySelectorAll("#main [name], #drawer [name]")].find((el) => el.getAttribute("name") === name);
  const field = input?.closest(".field");
  if (!(input instanceof HTMLElement) || !field) return;
  const label = field.querySelector("label, legend")?.textContent?.replace("*", "").trim();
  const title = box.querySelector(".title");
  if (label && title) title.textContent = `${label} · ${title.textContent}`;
  field.classList.add("faulty");
  input.setAttribute("aria-invalid", "true");
  const mended = () => {
    field.classList.remove("faulty");
    input.removeAttribute("aria-invalid");
    (box.closest(".toast") ?? box).remove();
  };
  input.addEventListener("input", mended, { once: true });
});
