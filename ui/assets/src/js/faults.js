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
