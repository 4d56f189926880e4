// A search box over groups that are folded: what one types leaves the buttons that say it.
import { hook } from "./lib.js";

hook("[data-sift]", (el) => {
  const box = /** @type {HTMLInputElement} */ (el);
  const none = document.querySelector("[data-sift-none]");
  box.addEventListener("input", () => {
    const typed = box.value.trim().toLowerCase();
    let all = 0;
    for (const group of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(box.dataset.sift ?? ""))) {
      let met = 0;
      for (const b of group.querySelectorAll("button")) {
        const says = (b.textContent ?? "").toLowerCase().includes(typed);
        b.hidden = !says;
        if (says) met++;
      }
      group.hidden = !met;
      group.open = Boolean(typed) && met > 0;
      all += met;
    }
    if (none instanceof HTMLElement) none.hidden = all > 0;
  });
  box.addEventListener("keydown", (e) => { if (e.key === "Enter") e.preventDefault(); }); // it sends nothing
});
