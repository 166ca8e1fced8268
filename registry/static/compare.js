// Have one photo painted by two versions of a style, and show the paintings side by side.

import { dropZone, progress } from "./drop.js";
import { send } from "./send.js";

const form = document.querySelector("#compare-form");
const find = (selector) => form.querySelector(selector);
const [bar, said, wrong, pair] = [".progress", ".said", ".wrong", ".pair"].map(find);
const path = `/api/styles/${encodeURIComponent(document.querySelector("#style").dataset.name)}/try`;
const input = dropZone(find(".drop"));
let before = null;

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("change", async () => {
  const [photo] = input.files;
  if (!photo) return;
  before?.abort();
  const { signal } = (before = new AbortController());
  wrong.textContent = "";
  pair.hidden = true;
  try {
    // One after the other: the registry takes one photo of a visitor at a time.
    const paintings = [await paint(photo, form.dataset.old, signal), await paint(photo, form.dataset.new, signal)];
    for (const [index, image] of [find(".old"), find(".new")].entries()) {
      if (image.src) URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(paintings[index]);
    }
    pair.hidden = false;
    said.textContent = "Painted by both.";
  } catch (problem) {
    if (problem.name === "AbortError") return;
    said.textContent = "";
    wrong.textContent = problem.sentence ?? "Your photo could not be painted.";
  }
  progress(bar, undefined);
  input.value = ""; // so that the same photo can be chosen again
});

async function paint(photo, version, signal) {
  said.textContent = `Version ${version} is painting…`;
  const headers = { "Content-Type": photo.type || "application/octet-stream" };
  const sending = (share) => progress(bar, share < 1 ? share : null);
  const { blob } = await send("POST", `${path}?ref=${version}`, { body: photo, headers, sending, signal });
  return blob;
}
