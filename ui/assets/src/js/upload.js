// Photos are shrunk on the device before they travel; that also drops EXIF and place.
import { hook } from "./lib.js";

const longest = 2000;

/** @param {File} file @returns {Promise<File>} */
async function shrink(file) {
  if (!file.type.startsWith("image/") || file.type === "image/svg+xml") return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.86));
    return blob ? new File([/** @type {Blob} */ (blob)], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // the server decodes and judges
  }
}

hook("[data-upload]", (box) => {
  const input = /** @type {HTMLInputElement} */ (box.querySelector("input[type=file]"));
  const list = box.querySelector("[data-upload-list]");
  const tools = /** @type {HTMLTemplateElement | null} */ (box.parentElement?.querySelector(":scope > template[data-upload-tools]"));
  /** @type {{file: File, figure: HTMLElement}[]} */
  let kept = [];
  let own = false;
  // The input holds what is kept, in the order of the figures: choices and files agree.
  const settle = () => {
    const carrier = new DataTransfer();
    for (const k of kept) carrier.items.add(k.file);
    own = true;
    input.files = carrier.files;
    own = false;
    list?.replaceChildren(...kept.map((k) => k.figure));
    box.dispatchEvent(new CustomEvent("photos", { bubbles: true, detail: kept.length }));
  };
  /** @param {File} file */
  const add = (file) => {
    const figure = preview(file);
    if (tools) figure.append(tools.content.cloneNode(true));
    choose(figure, kept.map((k) => k.figure.querySelector("select")?.value ?? ""));
    figure.querySelector("[data-upload-remove]")?.addEventListener("click", () => {
      kept = kept.filter((k) => k.figure !== figure);
      settle();
    });
    kept.push({ file, figure });
  };
  input.addEventListener("change", async () => {
    if (own || !input.files) return;
    const fresh = await Promise.all([...input.files].map(shrink));
    if (!input.multiple) kept = [];
    fresh.forEach(add);
    settle();
  });
});

/** The next picture stands for the first choice, from the proposed one on, that no other has.
 * @param {HTMLElement} figure @param {string[]} taken */
function choose(figure, taken) {
  const select = figure.querySelector("select");
  if (!select) return;
  const all = [...select.options].map((o) => o.value);
  const from = Math.max(0, all.indexOf(select.dataset.first ?? ""));
  select.value = all.slice(from).find((v) => !taken.includes(v)) ?? all[all.length - 1];
}

/** @param {File} file */
function preview(file) {
  const figure = document.createElement("figure");
  const img = document.createElement("img");
  const url = URL.createObjectURL(file);
  img.src = url;
  img.alt = "";
  img.addEventListener("load", () => URL.revokeObjectURL(url));
  const caption = document.createElement("figcaption");
  caption.textContent = `${Math.max(1, Math.round(file.size / 1024))} KB`;
  figure.append(img, caption);
  return figure;
}
