// Make and revoke tokens, on the page for them.

import { ask } from "./send.js";
import { announce, perform, reload } from "./act.js";

const form = document.querySelector("#make");
const made = document.querySelector("#made");
const secret = document.querySelector("#secret");

announce();
form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const values = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  if (values.days) values.days = Number(values.days);
  perform(form.querySelector("button"), async () => {
    const answer = await ask("POST", "/api/tokens", { json: values });
    made.querySelector(".whose").textContent = [answer.person, answer.label].filter(Boolean).join(", ");
    secret.value = answer.secret;
    form.hidden = true;
    made.hidden = false;
    secret.focus();
    secret.select();
  });
});
document.querySelector("#copy").addEventListener("click", async () => {
  secret.select();
  try {
    await navigator.clipboard.writeText(secret.value);
    document.querySelector("#said").textContent = "Copied.";
  } catch {
    document.querySelector("#said").textContent = "It is selected: copy it by the keyboard.";
  }
});
document.querySelector("#done").addEventListener("click", () => reload("The token was made."));
for (const button of document.querySelectorAll("[data-revoke]")) {
  button.addEventListener("click", () => {
    if (button.dataset.sure === undefined) {
      button.dataset.sure = "";
      button.textContent = "Revoke it?";
      return;
    }
    perform(button, async () => {
      await ask("DELETE", `/api/tokens/${button.dataset.revoke}`);
      reload("The token is revoked.");
    });
  });
}
