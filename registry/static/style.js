// Compare photo and painting, and paint the visitor's photo, on a style's page.

import { dropZone, progress } from "./drop.js";
import { send } from "./send.js";

/** Most bytes of a photo that the registry accepts. */
const LARGEST_PHOTO = 20e6;
/** Most difference in proportions of two pictures of one shape: one row of pixels in 150. */
const SAME_SHAPE = 0.007;

const name = document.querySelector("#style").dataset.name;
const api = `/api/styles/${encodeURIComponent(name)}`;

compare(document.querySelector(".compare"));
tryOwn(document.querySelector("#try-form"));

/** Lay the photo over the painting, with a divider to drag, where both have one shape. */
async function compare(frame) {
  if (!frame) return;
  const before = await ofShape(frame.dataset.before, frame.querySelector("img"));
  if (!before) return;
  before.className = "before";
  const divider = document.createElement("input");
  Object.assign(divider, { type: "range", min: 0, max: 100, step: 1, value: 40, className: "divider" });
  divider.setAttribute("aria-label", "How much of the photo covers the painting");
  const move = () => {
    frame.style.setProperty("--at", divider.value / 100);
    divider.setAttribute("aria-valuetext", `${divider.value} % photo, ${100 - divider.value} % painting`);
  };
  divider.addEventListener("input", move);
  move();
  frame.append(before, divider);
}

/** Load a photo and return it if it has the painting's shape, else null. */
async function ofShape(path, painting) {
  const shape = (image) => image.naturalWidth / image.naturalHeight;
  try {
    await painting.decode();
    const photo = new Image();
    photo.alt = "";
    photo.src = path;
    await photo.decode();
    if (Math.abs(shape(photo) / shape(painting) - 1) < SAME_SHAPE) return photo;
  } catch {
    // The painting is shown without its photo.
  }
  return null;
}

/** Send a photo to be painted as soon as it is chosen; a second photo replaces the first. */
function tryOwn(form) {
  if (!form) return;
  const find = (selector) => form.querySelector(selector);
  const [bar, said, wrong, pair] = [".progress", ".said", ".wrong", ".pair"].map(find);
  const input = dropZone(find(".drop"));
  let before = null;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", async () => {
    const [photo] = input.files;
    if (!photo) return;
    before?.abort();
    const turn = (before = new AbortController());
    wrong.textContent = said.textContent = "";
    pair.hidden = true;
    if (photo.size > LARGEST_PHOTO) {
      wrong.textContent = "That photo is too large for this page: at most 20 MB. By mail it may be larger.";
      return;
    }
    const sending = (share) => {
      progress(bar, share < 1 ? share : null);
      const told = share < 1 ? "Sending your photo…" : "Painting…";
      if (said.textContent !== told) said.textContent = told;
    };
    sending(0);
    try {
      const headers = { "Content-Type": photo.type || "application/octet-stream" };
      const { blob } = await send("POST", `${api}/try`, { body: photo, headers, sending, signal: turn.signal });
      show(pair, photo, blob);
      said.textContent = "Painted.";
    } catch (problem) {
      if (problem.name === "AbortError") return;
      said.textContent = "";
      wrong.textContent = problem.sentence ?? "Your photo could not be painted.";
    }
    progress(bar, undefined);
    input.value = ""; // so that the same photo can be chosen again
  });
}

function show(pair, photo, painting) {
  const [original, painted, download] = [".original", ".painted", ".download"].map((s) => pair.querySelector(s));
  for (const image of [original, painted]) if (image.src) URL.revokeObjectURL(image.src);
  const figure = original.closest("figure");
  figure.hidden = false;
  original.onerror = () => { figure.hidden = true; }; // HEIC, which few browsers show
  original.src = URL.createObjectURL(photo);
  painted.src = download.href = URL.createObjectURL(painting);
  download.download = `${photo.name.replace(/\.[^.]*$/, "") || "photo"}-${name}.jpg`;
  pair.hidden = false;
}
