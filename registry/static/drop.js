// A file that is chosen or dropped, and the bar that shows how far it has gone.

/** Makes a label around a file input take files by drag and drop; they end up in the input, as if chosen. */
export function dropZone(label) {
  const input = label.querySelector("input[type=file]");
  const over = (on) => label.classList.toggle("over", on);
  label.addEventListener("dragover", () => over(true));
  label.addEventListener("dragleave", () => over(false));
  label.addEventListener("drop", (event) => {
    over(false);
    const [file] = event.dataTransfer.files;
    if (!file) return;
    const one = new DataTransfer();
    one.items.add(file);
    input.files = one.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // Beside the zone, a browser would leave the page to show the file.
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  return input;
}

/** Shows a share from 0 to 1 in a <progress>; null for work of unknown length; undefined hides it. */
export function progress(element, share) {
  element.hidden = share === undefined;
  const bar = element.querySelector("progress");
  if (typeof share === "number") bar.value = share;
  else bar.removeAttribute("value");
}

/** A size in bytes for people, as the registry's own pages write it. */
export function size(bytes) {
  return bytes < 1e6 ? `${Math.max(Math.round(bytes / 1e3), 1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
