// Send the upload page's file and card, and show the result of the trial.

import { dropZone, progress, size } from "./drop.js";
import { Problem, ask, send } from "./send.js";

/** Pattern of a style's name, the same as in registry/store/publishing.py. */
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Common file names that are no good name for a style. */
const COMMON = new Set(["weights", "model", "style", "epoch", "best", "final"]);
/** Milliseconds from the last key to the question whether the registry has a style of that name. */
const PAUSE = 250;

const form = document.querySelector("#upload");
const { name, title, artist, year, description, licence, other_names: otherNames, tags } = form.elements;
const file = dropZone(form.querySelector(".drop"));
const told = file.nextElementSibling;
const invitation = [...told.childNodes];
const note = document.querySelector("#name-note");
const refused = document.querySelector("#refused");
const said = form.querySelector(".said");
const bar = form.querySelector(".progress");
const published = document.querySelector("#published");
/** Text that the page wrote into a field, by field. It is removed when the name changes. */
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

/** Show the chosen file, and suggest a style's name from its name. */
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

/** Fill in a field that the person has not changed, and return whether it was filled in. */
function lend(field, value) {
  if (field.value && field.value !== lent.get(field)) return false;
  field.value = value;
  lent.set(field, value);
  return true;
}

/** Show at once what is wrong with the name, or the effect of publishing under it. */
function named() {
  const wanted = name.value;
  const turn = ++asked;
  const good = NAME.test(wanted);
  name.setAttribute("aria-invalid", Boolean(wanted) && !good);
  note.classList.toggle("bad", Boolean(wanted) && !good);
  note.textContent = "";
  for (const field of [artist, year, description, licence, otherNames, tags]) lend(field, "");
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

/** Find a style of that name. It would get a new version, and its card fills in empty fields. */
async function lookUp(wanted, turn) {
  try {
    const known = await ask("GET", "/api/styles"); // one request for a name would put an error for each new one in the browser's log
    const style = known.some((one) => one.name === wanted) ? await ask("GET", `/api/styles/${wanted}`) : null;
    if (turn === asked) tell(wanted, style);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem; // publishing will report the problem
  }
}

function tell(wanted, style) {
  if (!style) {
    note.textContent = `A new style: mails will ask for it as “${wanted}”.`;
    return;
  }
  const next = Math.max(...style.versions.map(({ version }) => version)) + 1;
  note.textContent = `There is a style of this name: yours becomes its version ${next}.`;
  for (const field of [title, artist, year, description, licence]) lend(field, style.card[field.name] || field.value);
  for (const field of [otherNames, tags]) lend(field, style.card[field.name].join(", ") || field.value);
}

async function publish() {
  const button = form.querySelector("button.button");
  const body = new FormData();
  for (const [key, value] of new FormData(form)) if (!["weights", "name", "alias"].includes(key) && value) body.append(key, value);
  body.append("weights", file.files[0]); // last, so that the registry has the card before the file
  refused.replaceChildren();
  button.disabled = true;
  try {
    const { blob } = await send("POST", `/api/styles/${encodeURIComponent(name.value)}/versions?alias=${form.elements.alias.value}`, { body, sending });
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

/** Show why the upload was refused, and leave the form filled in. */
function refuse(problem) {
  const [title, detail] = ["p", "p"].map((kind) => document.createElement(kind));
  title.textContent = problem.message;
  title.className = "what";
  detail.textContent = problem.detail ?? "";
  refused.replaceChildren(...(detail.textContent ? [title, detail] : [title]));
  refused.focus();
}

function show({ version, alias, preview, notes = [] }) {
  const find = (selector) => published.querySelector(selector);
  const heading = find("h2");
  const isLive = alias === "live";
  heading.textContent = `${title.value} is ${isLive ? "live" : "staged"}: version ${version}`;
  find(".frame").hidden = !preview;
  if (preview) find("img").src = preview;
  find(".notes").replaceChildren(...notes.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
  const subject = isLive ? name.value : `${name.value}@${alias}`;
  find(".subject").textContent = subject;
  const write = find("#write");
  write.href = `${write.dataset.letter}?subject=${encodeURIComponent(subject)}`;
  find("#beside").hidden = isLive || version === 1;
  find("#beside").href = `/styles/${encodeURIComponent(name.value)}/compare?new=${version}`;
  find("#see").href = `/styles/${encodeURIComponent(name.value)}`;
  form.hidden = true;
  published.hidden = false;
  heading.focus();
}
