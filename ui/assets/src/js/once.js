// One click, one post: the button rests after the first, and comes back if the page stays.
import { hook, say, toast } from "./lib.js";

hook("form", (el) => {
  const form = /** @type {HTMLFormElement} */ (el);
  let posted = false;
  // Capture refuses the second post; marking comes last, when nobody held the first one back.
  form.addEventListener("submit", (e) => {
    if (posted) { e.preventDefault(); e.stopImmediatePropagation(); }
  }, { capture: true });
  form.addEventListener("submit", (e) => {
    const htmx = form.hasAttribute("hx-post");
    if ((form.method !== "post" && !htmx) || (e.defaultPrevented && !htmx)) return;
    posted = true;
    const buttons = [...form.querySelectorAll("button:not([type='button'])")];
    const pressed = e.submitter;
    queueMicrotask(() => {
      pressed?.classList.add("busy");
      for (const b of buttons) b.setAttribute("aria-disabled", "true");
    });
    const free = () => {
      posted = false;
      pressed?.classList.remove("busy");
      for (const b of buttons) b.removeAttribute("aria-disabled");
    };
    form.addEventListener("htmx:finally:request", free, { once: true });
    form.addEventListener("meixu:free", free, { once: true });
    window.addEventListener("pageshow", free, { once: true });
    setTimeout(free, 8000);
  });
});

// A double click is a click: what its second half meets may be the button of the next step, which
// the first one brought under the pointer.
document.addEventListener("click", (e) => {
  const deed = e.detail > 1 && e.target instanceof Element ? e.target.closest("form button:not([type='button']), a.button") : null;
  if (deed) { e.preventDefault(); e.stopImmediatePropagation(); }
}, { capture: true });

// While the network is away a part that could not be fetched is no fault, and a deed is told why.
document.addEventListener("htmx:error", (e) => {
  if (navigator.onLine) toast(say("failed"));
  else if (/** @type {CustomEvent} */ (e).detail?.ctx?.request?.method !== "GET") toast(say("offline"));
});
hook("[data-focus]", (el) => el.focus());
