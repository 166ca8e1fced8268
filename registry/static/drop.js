// Choose or drop a file, and show the progress of its upload.

/** Let a label around a file input accept a dropped file, or several, which then are in the input as if chosen. */
export function dropZone(label) {
  const input = label.querySelector("input[type=file]");
  const over = (on) => label.classList.toggle("over", on);
  label.addEventListener("dragover", () => over(true));
  label.addEventListener("dragleave", () => over(false));
  label.addEventListener("drop", (event) => {
    over(false);
    const files = [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1);
    if (!files.length) return;
    const taken = new DataTransfer();
    for (const file of files) taken.items.add(file);
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // If a file is dropped beside the zone, a browser would leave the page to show it.
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  return input;
}

/** Show a share from 0 to 1 in a <progress>; null is work of unknown length; undefined hides it. */
export function progress(element, share) {
  element.hidden = share === undefined;
  const bar = element.querySelector("progress");
  if (typeof share === "number") bar.value = share;
  else bar.removeAttribute("value");
}

/** Format bytes for people, as the other pages do. */
export function size(bytes) {
  return bytes < 1e6 ? `${Math.max(Math.round(bytes / 1e3), 1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
