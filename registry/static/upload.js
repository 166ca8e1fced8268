// The upload page: a file and its card go out, the trial's result comes back.

import { dropZone, progress, size } from "./drop.js";
import { Problem, ask, send } from "./send.js";

/** A style's name, as registry/store/publishing.py has it. */
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Files that are called like all others: no name for a style. */
const COMMON = new Set(["weights", "model", "style", "epoch", "best", "final"]);
/** After the last key, before the registry is asked for a style of that name, milliseconds. */
const PAUSE = 250;

const form = document.querySelector("#upload");
const { name, title, artist, year, description, licence } = form.elements;
const file = dropZone(form.querySelector(".drop"));
const told = file.nextElementSibling;
const invitation = [...told.childNodes];
const note = document.querySelector("#name-note");
const refused = document.querySelector("#refused");
const said = form.querySelector(".said");
const bar = form.querySelector(".progress");
const published = document.querySelector("#published");
/** What the page wrote into a field, by the field: it goes again when the name does. */
const lent = new Map();
let asked = 0;

form.hidden = false;
file.addEventListener("change", chosen);
name.addEventListener("input", named);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  publish();
});
document.querySelector("#another").addEventListener("click", () => {
  form.reset();
  chosen();
  named();
  published.hidden = true;
  form.hidden = false;
  file.focus();
});

/** Says which file it is; its name is a first idea of the style's. */
function chosen() {
  const [one] = file.files;
  if (!one) return told.replaceChildren(...invitation);
  const bold = document.createElement("b");
  bold.textContent = one.name;
  told.replaceChildren(bold, ` ${size(one.size)}`);
  const words = one.name.replace(/\.[^.]*$/, "").toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const idea = words.join("-").slice(0, 64).replace(/-+$/, "");
  if (!COMMON.has(idea) && lend(name, idea)) named();
}

/** Fills in a field that nobody has written into; says whether it did. */
function lend(field, value) {
  if (field.value && field.value !== lent.get(field)) return false;
  field.value = value;
  lent.set(field, value);
  return true;
}

/** Says at once what is wrong with the name, or what publishing under it means. */
function named() {
  const wanted = name.value;
  const turn = ++asked;
  const good = NAME.test(wanted);
  name.setAttribute("aria-invalid", Boolean(wanted) && !good);
  note.classList.toggle("bad", Boolean(wanted) && !good);
  note.textContent = "";
  for (const field of [artist, year, description, licence]) lend(field, "");
  lend(title, (wanted.charAt(0).toUpperCase() + wanted.slice(1)).replaceAll("-", " "));
  if (wanted && !good) note.textContent = reasonAgainst(wanted);
  if (good) setTimeout(() => turn === asked && lookUp(wanted, turn), PAUSE);
}

function reasonAgainst(wanted) {
  if (wanted.startsWith("-")) return "A name cannot begin with a hyphen.";
  const strange = [...wanted].find((letter) => !/[a-z0-9-]/.test(letter));
  if (strange === " ") return "No spaces: write a hyphen.";
  return strange ? `“${strange}” cannot stand in a name: small letters, digits and hyphens only.` : "At most 64 letters.";
}

/** A name that is taken gets a new version; what its card says stands in for fields that are empty. */
async function lookUp(wanted, turn) {
  try {
    const known = await ask("GET", "/api/styles"); // or each new name would be an error in the browser's log
    const style = known.some((one) => one.name === wanted) ? await ask("GET", `/api/styles/${wanted}`) : null;
    if (turn === asked) tell(wanted, style);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem; // publishing will tell what is the matter
  }
}

function tell(wanted, style) {
  if (!style) {
    note.textContent = `A new style: mails will ask for it as “${wanted}”.`;
    return;
  }
  const next = Math.max(...style.versions.map(({ version }) => version)) + 1;
  note.textContent = `There is a style of this name: yours becomes its version ${next}, and live.`;
  for (const field of [title, artist, year, description, licence]) lend(field, style.card[field.name] || field.value);
}

async function publish() {
  const button = form.querySelector("button.button");
  const body = new FormData();
  for (const [key, value] of new FormData(form)) if (key !== "weights" && key !== "name" && value) body.append(key, value);
  body.append("weights", file.files[0]); // last, so that the registry knows the card when the file comes
  refused.replaceChildren();
  button.disabled = true;
  try {
    const { blob } = await send("POST", `/api/styles/${encodeURIComponent(name.value)}/versions`, { body, sending });
    show(JSON.parse(await blob.text()));
  } catch (problem) {
    refuse(problem);
  }
  progress(bar, undefined);
  said.textContent = "";
  button.disabled = false;
}

function sending(share) {
  progress(bar, share < 1 ? share : null);
  const text = share < 1 ? "Sending the file…" : "It is here. Trying it out: three photos…";
  if (said.textContent !== text) said.textContent = text;
}

/** The form stays as it was filled in. */
function refuse(problem) {
  const [title, detail] = ["p", "p"].map((kind) => document.createElement(kind));
  title.textContent = problem.message;
  title.className = "what";
  detail.textContent = problem.detail ?? "";
  refused.replaceChildren(...(detail.textContent ? [title, detail] : [title]));
  refused.focus();
}

function show({ version, preview, notes = [] }) {
  const find = (selector) => published.querySelector(selector);
  const heading = find("h2");
  heading.textContent = `${title.value} is live: version ${version}`;
  find(".frame").hidden = !preview;
  if (preview) find("img").src = preview;
  find(".notes").replaceChildren(...notes.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
  find(".subject").textContent = name.value;
  const write = find("#write");
  write.href = `${write.dataset.letter}?subject=${encodeURIComponent(name.value)}`;
  find("#see").href = `/styles/${encodeURIComponent(name.value)}`;
  form.hidden = true;
  published.hidden = false;
  heading.focus();
}
