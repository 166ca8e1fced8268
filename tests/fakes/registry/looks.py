"""What can be wrong with a page in Chromium, as JavaScript that lists it: for pages and for answers."""

from __future__ import annotations

#: Text whose contrast with its ground is below 4.5 to 1 (WCAG 2.2, 1.4.3), of what is seen.
PALE = """() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const color = parts(getComputedStyle(e).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const seen = [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && !e.disabled &&
    [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return seen.filter((e) => {
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5;
  }).map((e) => e.textContent.trim());
}"""

#: What a screen reader could not name, and headings that skip a level.
NAMELESS = """() => {
  const named = (e) => e.labels?.length || e.getAttribute("aria-label") || e.textContent.trim() ||
    e.querySelector("img")?.alt || e.type === "hidden";
  const controls = [...document.querySelectorAll("input, select, textarea, button, a[href], progress")];
  const levels = [...document.querySelectorAll("h1, h2, h3")].map((h) => Number(h.tagName[1]));
  return [
    ...controls.filter((e) => !named(e)), ...document.querySelectorAll("img:not([alt])"),
    ...[...document.querySelectorAll("[aria-describedby], [aria-labelledby]")].filter((e) =>
      (e.getAttribute("aria-describedby") ?? e.getAttribute("aria-labelledby")).split(" ")
        .some((id) => !document.getElementById(id))),
  ].map((e) => e.outerHTML).concat(levels.filter((n, i) => n > (levels[i - 1] ?? 0) + 1).map((n) => `h${n}`));
}"""
