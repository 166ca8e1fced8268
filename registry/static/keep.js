// Change a style: its live version, aliases, maintainers and card. Those who may not have none of the buttons.

import { announce, perform, reload } from "./act.js";
import { ask } from "./send.js";

const name = document.querySelector("#style").dataset.name;
const api = `/api/styles/${encodeURIComponent(name)}`;

announce();
for (const button of document.querySelectorAll("[data-promote]")) {
  const version = Number(button.dataset.promote);
  // From which version, so that a page that is out of date undoes nothing.
  const from = Number(button.dataset.from);
  onClick(button, async () => {
    await ask("PUT", `${api}/aliases/live`, { json: from ? { version, from } : { version } });
    reload(`Version ${version} is live now.`, button.dataset.after);
  });
}
for (const button of document.querySelectorAll("[data-unalias]")) {
  const { unalias } = button.dataset;
  onClick(button, async () => {
    await ask("DELETE", `${api}/aliases/${encodeURIComponent(unalias)}`);
    reload(`${name}@${unalias} means nothing any more.`);
  });
}
const back = document.querySelector("[data-rollback]");
onClick(back, async () => {
  const { version } = await ask("POST", `${api}/rollback`, { json: { from: Number(back.dataset.rollback) } });
  reload(`Rolled back: version ${version} is live now.`);
});
onSubmit(document.querySelector("#alias-form"), async ({ alias, version }) => {
  await ask("PUT", `${api}/aliases/${encodeURIComponent(alias)}`, { json: { version: Number(version) } });
  reload(`${name}@${alias} is version ${version} now.`);
});
onSubmit(document.querySelector("#maintainer-form"), async ({ person }) => {
  await ask("PUT", `${api}/maintainers/${encodeURIComponent(person)}`);
  reload(`${person} may change ${name} now.`);
});
for (const button of document.querySelectorAll("[data-dismiss]")) {
  const { dismiss } = button.dataset;
  onClick(button, async () => {
    await ask("DELETE", `${api}/maintainers/${encodeURIComponent(dismiss)}`);
    reload(`${dismiss} may not change ${name} any more.`);
  });
}
onSubmit(document.querySelector("#card-form"), async (fields) => {
  await ask("PATCH", `${api}/card`, { json: fields });
  reload("The card is saved.");
});
const retire = document.querySelector("[data-retire]");
const dialog = document.querySelector("#retire");
if (retire) {
  retire.addEventListener("click", () => {
    dialog.returnValue = "";
    dialog.showModal();
  });
  retire.disabled = false;
}
dialog?.addEventListener("close", () => {
  if (dialog.returnValue !== "yes") return;
  perform(retire, async () => {
    await ask("DELETE", api);
    reload(`${name} is retired.`);
  });
});

/** Handle a button's click, and enable the button: the page has it disabled until then. */
function onClick(button, action) {
  if (!button) return;
  button.addEventListener("click", () => perform(button, action));
  button.disabled = false;
}

function onSubmit(form, action) {
  if (!form) return;
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    perform(button, () => action(Object.fromEntries(new FormData(form))));
  });
  button.disabled = false;
}
