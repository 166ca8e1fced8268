// Show other styles as soon as an artist, a movement or an order is chosen, by an address without empty parts.

const form = document.querySelector(".finder");

form?.addEventListener("submit", () => {
  for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
});
form?.addEventListener("change", (event) => {
  if (event.target.matches("select")) form.requestSubmit();
});
// The browser may show this page again from its memory, with the fields as they were sent.
addEventListener("pageshow", () => {
  for (const field of form?.elements ?? []) field.disabled = false;
});
