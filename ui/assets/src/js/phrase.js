// Banned wording is marked while typing, with the safer words beside it.
import { debounce, hook } from "./lib.js";

hook("[data-phrase-url]", (el) => {
  const area = /** @type {HTMLTextAreaElement} */ (el);
  const box = document.createElement("div");
  box.className = "phrase-hits";
  box.hidden = true;
  box.setAttribute("role", "status");
  area.after(box);
  area.addEventListener("input", debounce(async () => {
    if (!area.value.trim()) { box.hidden = true; return; }
    try {
      const answer = await fetch(area.dataset.phraseUrl ?? "", {
        method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams({ text: area.value, field: area.name }),
      });
      if (!answer.ok) return;
      const html = (await answer.text()).trim();
      box.innerHTML = html;
      box.hidden = !html;
    } catch { /* the save checks again */ }
  }, 500));
});
