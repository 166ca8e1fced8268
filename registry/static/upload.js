// Send the upload page's file and card, and show the result of the trial.

import { dropZone, progress, size } from "./drop.js";
import { Problem, ask, send } from "./send.js";
import { Several, choices, short, slug } from "./several.js";

/** Pattern of a style's name, the same as in registry/store/publishing.py. */
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Common file names that are no good name for a style. */
const COMMON = new Set(["weights", "model", "style", "epoch", "best", "final"]);
/** Status of a registry that no longer has a file that was sent. */
const GONE = 410;
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
const several = new Several(document.querySelector("#several"));
const inside = document.querySelector("#inside");
const { values } = form.elements;
/** Fields of the card that the registry checks while they are written. */
const card = [name, title, artist, year, description, licence, otherNames, tags];
/** Digests by which the registry has files of many styles already. */
const sent = new WeakMap();
/** Text that the page wrote into a field, by field. It is removed when the name changes. */
const lent = new Map();
let asked = 0;

form.hidden = false;
file.addEventListener("change", chosen);
name.addEventListener("input", named);
for (const field of [values, name, title]) field.addEventListener("input", listed);
for (const field of card.slice(1)) {
  field.addEventListener("input", () => {
    field.setCustomValidity("");
    check(++asked);
  });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  publish();
});
if (file.files.length) chosen(); // a browser may have kept the choice over a reload
document.querySelector("#another").addEventListener("click", () => {
  form.reset();
  chosen();
  named();
  published.hidden = true;
  form.hidden = false;
  file.focus();
});

/** Show the chosen files, and suggest a style's name from a file's. */
function chosen() {
  inside.hidden = true;
  values.value = "";
  const files = [...file.files];
  const bytes = files.reduce((sum, one) => sum + one.size, 0);
  const bold = document.createElement("b");
  bold.textContent = files.length > 1 ? `${files.length} files` : files[0]?.name;
  told.replaceChildren(...(files.length ? [bold, ` ${size(bytes)}`] : invitation));
  for (const part of form.querySelectorAll(".single-name")) part.hidden = files.length > 1;
  name.disabled = title.disabled = files.length > 1;
  listed();
  const words = files.length === 1 ? idea(files[0]) : "";
  if (!COMMON.has(words) && lend(name, words)) named();
}

/** Suggest a name for a file. */
function idea({ name: fileName }) {
  return slug(fileName.replace(/\.[^.]*$/, ""));
}

/** List the styles of several files, or those inside of one. */
function listed() {
  const files = [...file.files];
  if (files.length > 1) {
    several.show(files.map((one) => ({ label: one.name, name: idea(one), file: one })), `${files.length} styles`);
    return counted();
  }
  const all = choices(values.value);
  const styles = all.map((choice) => ({
    label: short(choice),
    name: slug(`${name.value} ${short(choice)}`),
    title: `${title.value} ${short(choice)}`,
    file: files[0],
    values: choice,
  }));
  several.show(all.length > 1 ? styles : [], `${all.length} styles of one file`);
  counted();
}

/** Say on the button how much one press publishes. */
function counted() {
  form.querySelector("button.button").textContent = several.count ? `Publish ${several.count} styles` : "Publish";
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
  name.setCustomValidity("");
  note.classList.toggle("bad", Boolean(wanted) && !good);
  note.textContent = "";
  for (const field of [artist, year, description, licence, otherNames, tags]) lend(field, "");
  lend(title, (wanted.charAt(0).toUpperCase() + wanted.slice(1)).replaceAll("-", " "));
  if (wanted && !good) note.textContent = reasonAgainst(wanted);
  if (good) check(turn);
}

function reasonAgainst(wanted) {
  if (wanted.startsWith("-")) return "A name cannot begin with a hyphen.";
  const strange = [...wanted].find((letter) => !/[a-z0-9-]/.test(letter));
  if (strange === " ") return "No spaces: write a hyphen.";
  return strange ? `“${strange}” cannot stand in a name: small letters, digits and hyphens only.` : "At most 64 letters.";
}

/** Have the registry check the card when nothing was written for a moment. */
function check(turn) {
  setTimeout(async () => {
    if (turn !== asked) return;
    const json = Object.fromEntries(card.filter(({ value }) => value).map((field) => [field.name, field.value]));
    try {
      const answer = await ask("POST", "/api/check", { json });
      if (turn === asked) tell(answer);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem; // publishing will report the problem
    }
  }, PAUSE);
}

/** Show what is wrong with each field. The card of a style that is there fills in empty fields. */
function tell({ flaws, versions, card: known, refused: whose }) {
  for (const field of card) complain(field, flaws[field.name] ?? "");
  if (flaws.name || !NAME.test(name.value)) return;
  note.classList.toggle("bad", Boolean(whose));
  // It is said and not held against the form: meanwhile the owner may have let the person in.
  note.textContent = whose || (versions
    ? `There is a style of this name: yours becomes its version ${versions + 1}.`
    : `A new style: mails will ask for it as “${name.value}”.`);
  if (!known) return;
  for (const field of [title, artist, year, description, licence]) lend(field, known[field.name] || field.value);
  for (const field of [otherNames, tags]) lend(field, known[field.name].join(", ") || field.value);
}

/** Show a sentence about a field, with which the form cannot be sent; "" takes it back. */
function complain(field, sentence) {
  field.setCustomValidity(sentence);
  if (field === name && !NAME.test(name.value)) return; // `named` has said more
  field.setAttribute("aria-invalid", Boolean(sentence));
  let text = field === name ? note : document.querySelector(`#${field.id}-note`);
  if (!text && !sentence) return;
  if (!text) {
    text = Object.assign(document.createElement("span"), { className: "note", id: `${field.id}-note` });
    text.setAttribute("role", "status");
    field.after(text);
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), text.id].filter(Boolean).join(" "));
  }
  text.classList.toggle("bad", Boolean(sentence));
  text.textContent = sentence;
}

async function publish() {
  const button = form.querySelector("button.button");
  const isList = several.count > 0;
  refused.replaceChildren();
  button.disabled = true;
  try {
    if (isList) await publishEach();
    else show(await hand({ name: name.value, title: title.value, file: file.files[0], values: choices(values.value)[0] }, sending));
  } catch (problem) {
    refuse(problem);
  }
  progress(bar, undefined);
  if (!isList) said.textContent = "";
  button.disabled = false;
}

/**
 * Publish one style, and return the registry's answer. `card` fills in what the form leaves empty.
 * A file of many styles is sent once, and again only where the registry no longer has it.
 */
async function hand(style, onProgress, card = {}) {
  if (!sent.has(style.file)) return post(style, onProgress, card);
  try {
    return await post(style, onProgress, card, sent.get(style.file));
  } catch (problem) {
    if (problem.status !== GONE) throw problem;
    return post(style, onProgress, card);
  }
}

async function post(style, onProgress, card, upload) {
  const body = new FormData();
  for (const key of ["artist", "year", "description", "licence", "other_names", "tags", "pixel_range"]) {
    const value = form.elements[key].value || (key === "pixel_range" ? "" : [card[key] ?? ""].flat().join(", "));
    if (value) body.append(key, value);
  }
  for (const key of ["title", "values"]) if (style[key] || card[key]) body.append(key, style[key] || card[key]);
  if (upload) body.append("upload", upload);
  else body.append("weights", style.file); // last, so that the registry has the card before the file
  const path = `/api/styles/${encodeURIComponent(style.name)}/versions?alias=${form.elements.alias.value}`;
  const { blob } = await send("POST", path, { body, sending: onProgress });
  return JSON.parse(await blob.text());
}

/** Publish the listed styles one after the other. After a refusal the next one follows. */
async function publishEach() {
  const all = several.count;
  const rows = several.waiting;
  const begun = performance.now();
  addEventListener("beforeunload", hold);
  for (const [done, row] of rows.entries()) {
    const before = all - rows.length + done;
    said.textContent = `${before + 1} of ${all}: ${row.input.value}${left((performance.now() - begun) / 1000, done, rows.length)}`;
    try {
      const style = { ...row.style, name: row.input.value };
      const card = row.known ? (await ask("GET", `/api/styles/${encodeURIComponent(style.name)}`)).card : {};
      row.publish(await hand(style, (share) => row.say(share < 1 ? "sending" : "on trial"), card));
    } catch (problem) {
      row.say(problem.sentence ?? String(problem), true);
    }
    progress(bar, (before + 1) / all);
  }
  removeEventListener("beforeunload", hold);
  const refused = several.waiting.length;
  said.textContent = refused ? `${all - refused} of ${all} styles are published. The others say why not.` : `All ${all} styles are published.`;
}

/** Have the browser ask before it leaves the page. */
function hold(event) {
  event.preventDefault();
}

/** Say how long the rest takes, as soon as two of `all` are done. */
function left(seconds, done, all) {
  if (done < 2) return "";
  const rest = (seconds / done) * (all - done);
  return rest < 90 ? `, about ${Math.ceil(rest / 10) * 10} seconds left` : `, about ${Math.round(rest / 60)} minutes left`;
}

function sending(share) {
  progress(bar, share < 1 ? share : null);
  const text = share < 1 ? "Sending the file…" : "It is here. Trying it out on photos…";
  if (said.textContent !== text) said.textContent = text;
}

/** Show why the upload was refused, and leave the form filled in. A network of many styles is offered style by style. */
function refuse(problem) {
  if (problem.more?.inputs?.length) {
    inside.hidden = false;
    if (problem.more.upload) sent.set(file.files[0], problem.more.upload);
    const [one, ...others] = problem.more.inputs;
    if (!values.value && !others.length && one.choices > 1) values.value = `0-${one.choices - 1}`;
    listed();
  }
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
