// The waiting room's screen reads every new call aloud, twice, in Chinese. Browsers speak only
// after somebody touched the page, so the screen has a button; it vanishes once it was used.
import { enhance, hook } from "./lib.js";

export function bind() { enhance(); }

/** @type {Set<string>} */
const told = new Set();
let ready = false;
let loud = false;

/** @param {HTMLElement} box @param {HTMLElement} call */
function tell(box, call) {
  // C01 is read digit by digit.
  const number = [...(call.dataset.number ?? "")].join(" ");
  const room = call.dataset.room ?? "";
  let text = (box.dataset.speak ?? "").replace("%s", number);
  if (room) text += "，" + (box.dataset.speakRoom ?? "").replace("%s", room);
  for (let time = 0; time < 2; time++) {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = document.documentElement.lang;
    words.rate = 0.9;
    speechSynthesis.speak(words);
  }
}

hook("[data-speak]", (box) => {
  const look = () => {
    for (const call of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("[data-call]"))) {
      const id = call.dataset.call ?? "";
      if (told.has(id)) continue;
      told.add(id);
      if (ready && loud && "speechSynthesis" in window) tell(box, call);
    }
    ready = true; // what was called before the page opened is not read
  };
  new MutationObserver(look).observe(box, { childList: true, subtree: true });
  look();
});

hook("[data-speak-on]", (button) => {
  if (!("speechSynthesis" in window)) { button.hidden = true; return; }
  button.addEventListener("click", () => { loud = true; button.hidden = true; });
});
