// Have a style learnt from a painting: find its frame, name it, watch it grow, then publish it or throw it away.

import { Corners, WHOLE } from "./corners.js";
import { dropZone, progress } from "./drop.js";
import { LessonPictures } from "./lesson_pictures.js";
import { Problem, ask } from "./send.js";

/** Most bytes of a picture that the registry accepts. */
const LARGEST = 36_700_160;
/** Milliseconds from the last key to the question whether a name is free. */
const PAUSE = 250;
/** Milliseconds between two questions whether a trial has ended that another page has begun. */
const BETWEEN = 1000;
/** Milliseconds until events are asked for again where the balancer is away. */
const AWAY = 3000;
/** Statuses by which a picture is refused itself, or all learning: another try with it would lead nowhere. */
const REFUSED = new Set([400, 413, 415, 422, 501]);
const UNSHOWN = "Your browser cannot show this picture. The painting is found in it all the same.";

const form = document.querySelector("#lesson");
const off = document.querySelector("#off");
const learning = document.querySelector("#learning");
const learnt = document.querySelector("#learnt");
const { name, artist, minutes } = form.elements;
const naming = document.querySelector("#naming");
const lastName = naming.querySelector("input");
const refused = document.querySelector("#refused");
const failed = document.querySelector("#failed");
const bar = form.querySelector(".progress");
const stage = document.querySelector("#stage");
const picture = stage.querySelector("img");
const told = document.querySelector("#stage-hint");
const said = learning.querySelector(".said");
const heading = learning.querySelector("h2");
const called = document.querySelector("#called");
const unnamed = heading.textContent;
const input = dropZone(form.querySelector(".drop"));
const invited = input.nextElementSibling;
const invitation = [...invited.childNodes];
const [accept, stageIt, discard] = ["#accept", "#stage-it", "#discard"].map((id) => document.querySelector(id));
const corners = new Corners(stage);
const pictures = new LessonPictures(document.querySelector("#flat"), document.querySelector("#preview"));
let finding = null;
/** Whether the corners that are shown are the painting's: found, or moved by the person. */
let areKnown = false;
let events = null;
let job = "";
/** What the balancer tells of the job: after the page was loaded again, the form is empty. */
let known = {};
/** Whether what was learnt is being tried: the page says so, whatever the job's events tell. Then its card, if known. */
let isOnTrial = false;
let onTrial = null;
/** By it the balancer knows a painting again whose answer was lost; what was changed since is another one. */
let key = "";
/** Fewest jobs that were seen before this one: more are there after somebody has overtaken it. */
let fewest = Infinity;
/** How often each field of a name was asked about. */
const asked = new Map([[name, 0], [lastName, 0]]);

input.addEventListener("change", chosen);
for (const field of asked.keys()) field.addEventListener("input", () => named(field));
stage.addEventListener("change", () => {
  areKnown = true;
  key = "";
  told.textContent = corners.isFrame ? "Drag the corners onto those of the painting, or move them by the arrow keys." : "The sides cross each other: move a corner back.";
});
form.addEventListener("input", () => { key = ""; });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  begin();
});
accept.addEventListener("click", () => publish("live"));
stageIt.addEventListener("click", () => publish("staged"));
discard.addEventListener("click", throwAway);
document.querySelector("#another").addEventListener("click", again);
addEventListener("hashchange", turnToAddress);
// A page that is loaded again goes on with its job.
if (addressed()) {
  resume(addressed());
} else {
  form.hidden = false;
  requireLearning();
}

/** The job that the page's address names; "" where it names none, or a part of the page. */
function addressed() {
  const id = location.hash.slice(1);
  return document.getElementById(id) ? "" : id;
}

/** Go to the job of an address that was typed or pasted into this tab; a link within the page leaves the job. */
function turnToAddress() {
  if (addressed() && addressed() !== job) resume(addressed());
  else if (job && location.hash.length > 1) history.replaceState(null, "", `#${encodeURIComponent(job)}`);
  else if (job) again();
}

/** Show what to switch on, in place of a form that would lead nowhere. */
async function requireLearning() {
  const { problem } = await ask("GET", "/api/learn").catch(() => ({})); // a balancer may be back in time
  if (problem?.status !== 501) return;
  form.hidden = true;
  off.hidden = false;
  off.querySelector(".said").textContent = problem.title;
  off.querySelector("code").textContent = problem.detail;
}

/** Show the chosen picture, and have its frame found. */
async function chosen() {
  const [file] = input.files;
  finding?.abort();
  refused.textContent = told.textContent = "";
  stage.hidden = true;
  const bold = document.createElement("b");
  bold.textContent = file?.name ?? "";
  invited.replaceChildren(...(file ? [bold] : invitation));
  key = "";
  if (!file) return;
  if (file.size > LARGEST) {
    show(refused, new Problem("That picture is too large for this page: at most 35 MB."));
    return;
  }
  if (picture.src) URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(file);
  corners.value = WHOLE;
  areKnown = false;
  const { signal } = (finding = new AbortController());
  told.textContent = "Looking for the painting…";
  const isShown = await picture.decode().then(() => true, () => false); // HEIC, which few browsers show
  if (signal.aborted) return;
  stage.hidden = !isShown;
  try {
    const body = new FormData();
    body.append("painting", file);
    const sending = (share) => progress(bar, share < 1 ? share : null);
    const found = await ask("POST", "/api/paintings/corners", { body, signal, sending });
    if (!areKnown) { // else the person has moved them meanwhile
      corners.value = found.corners ?? WHOLE;
      areKnown = true;
      told.textContent = !isShown
        ? UNSHOWN
        : found.found
          ? "This is where I see the painting. Drag the corners, or move them by the arrow keys."
          : "I see no frame, and take the whole picture. Drag the corners, or move them by the arrow keys.";
    }
  } catch (problem) {
    if (problem.name === "AbortError") return;
    if (REFUSED.has(problem.status)) {
      stage.hidden = true;
      told.textContent = "";
      show(refused, inWords(problem));
    } else if (!areKnown) {
      told.textContent = isShown
        ? "The corners were not found in time. Drag them onto those of the painting, or move them by the arrow keys. If you leave them, the painting is looked for once more as it is learnt."
        : UNSHOWN;
    }
  }
  progress(bar, undefined);
}

/** Say below a field whether the name in it is free, a moment after the last key. */
async function named(field) {
  const turn = asked.get(field) + 1;
  asked.set(field, turn);
  const note = field.parentElement.querySelector(".note");
  note.textContent = "";
  field.setCustomValidity("");
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  if (turn !== asked.get(field) || !field.value.trim()) return;
  try {
    const choice = await ask("GET", `/api/paintings/name?name=${encodeURIComponent(field.value)}`);
    if (turn !== asked.get(field)) return;
    field.setCustomValidity(choice.flaw);
    note.textContent = choice.flaw
      ? `${choice.flaw}${choice.free ? ` “${choice.free}” is free.` : ""}`
      : choice.exists ? `This makes the next version of “${choice.name}”.` : `People will write ${written(field.value, choice.name)}.`;
    note.classList.toggle("bad", Boolean(choice.flaw));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem; // learning will report the problem
  }
}

/** The name as the person writes it, where it has letters that a style's name cannot have, and that name. */
function written(phrase, made) {
  return /^[\x20-\x7e]*$/.test(phrase) ? `“${made}”` : `“${phrase.trim()}” or “${made}”`;
}

async function begin() {
  refused.textContent = "";
  if (!corners.isFrame) {
    show(refused, new Problem("The sides of the frame cross each other: move a corner back."));
    return;
  }
  finding?.abort();
  const button = form.querySelector("button.button");
  const body = new FormData();
  body.append("painting", input.files[0]);
  body.append("name", name.value);
  body.append("title", title(name.value));
  body.append("minutes", minutes.value);
  key ||= crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.replace(".", "");
  body.append("key", key);
  if (!stage.hidden && areKnown) body.append("corners", JSON.stringify(corners.value));
  if (artist.value) body.append("artist", artist.value);
  button.disabled = true;
  try {
    const sending = (share) => progress(bar, share < 1 ? share : null);
    const status = await ask("POST", "/api/learn", { body, sending });
    key = "";
    watch(status.id);
    pictures.sent(stage.hidden ? "" : picture.src);
    introduce(status);
  } catch (problem) {
    if (isRefusal(problem)) key = ""; // else it may have begun
    show(refused, inWords(problem));
  }
  progress(bar, undefined);
  button.disabled = false;
}

/** Whether the registry has answered no, rather than being away or unreachable for a while. */
function isRefusal(problem) {
  return problem.status >= 400 && problem.status < 500;
}

/** A problem of the picture without what it says to engineers; what to switch on stays. */
function inWords(problem) {
  const isForAll = problem.status !== 501 && String(problem.more?.type).startsWith("urn:mailbot:error:");
  return isForAll ? new Problem(problem.message) : problem;
}

/** Go on with a job, perhaps on the trial to which this page or another one has sent it. */
async function resume(id) {
  leave();
  job = id;
  form.hidden = off.hidden = learnt.hidden = true;
  learning.hidden = false;
  const { publishing } = await ask("GET", api()).catch(() => ({})); // the events tell what is wrong
  if (job !== id) return;
  const card = JSON.parse(sessionStorage.getItem(id));
  watch(id);
  if (card) tryOut(card);
  else if (publishing) followTrial();
}

/** Follow a job until it has ended; `again` after the stream broke off, which moves no focus. */
function watch(id, { again = false } = {}) {
  job = id;
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  form.hidden = learnt.hidden = true;
  learning.hidden = false;
  if (!again) {
    failed.textContent = "";
    for (const part of [accept, stageIt, naming]) part.hidden = true;
    discard.textContent = "Stop learning";
    heading.focus();
  }
  events = new EventSource(`${api()}/events`);
  events.addEventListener("status", (event) => {
    const status = JSON.parse(event.data);
    known = status;
    if (status.published) {
      events.close();
      celebrate(`“${status.published}” is published.`, status.published);
      return;
    }
    if (again || status.state === "done") failed.textContent = ""; // that the balancer was away
    again = false;
    tell(status);
    introduce(status);
    if (["done", "failed", "cancelled"].includes(status.state)) events.close();
  });
  const stream = events;
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) askAgain(id); // else it connects again by itself
  });
}

/** Find out why no events come: the job is gone, or the balancer is away for a while. */
async function askAgain(id) {
  try {
    const { published } = await ask("GET", api());
    if (job !== id) return;
    if (published) { // and the balancer has forgotten it
      celebrate(`“${published}” is published.`, published);
      return;
    }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (job !== id) return;
    if (problem.status === 404) {
      lost();
      return;
    }
    if (failed.textContent !== problem.sentence) failed.textContent = problem.sentence; // an alert is read out by itself
  }
  setTimeout(() => { if (job === id && !learning.hidden && events.readyState === EventSource.CLOSED) watch(id, { again: true }); }, AWAY);
}

/** Say that there is no such job, or none of this person's, and offer to begin anew. */
function lost() {
  for (const part of [accept, stageIt, naming]) part.hidden = true;
  progress(learning.querySelector(".progress"), undefined);
  show(failed, new Problem("This job is not known any more.", "It ended over an hour ago, was thrown away, or is another person’s."));
  discard.textContent = "Begin anew";
}

/** Show which job this is: its name, as far as it is not in a field to be changed, and its pictures. */
function introduce(status) {
  const shown = onTrial?.title || status.title || title(status.name);
  const words = shown ? `“${shown}”` : unnamed; // one picture has no name
  if (heading.textContent !== words) heading.textContent = words;
  called.textContent = status.name && `People will write “${status.name}”.`;
  called.hidden = Boolean(onTrial) || !naming.hidden;
  pictures.update(status, api());
}

function tell(status) {
  if (isOnTrial) return;
  const { state, phase, share, seconds_left: left, position, problem } = status;
  const time = left === null ? "" : `, about ${left < 90 ? `${Math.max(Math.round(left), 1)} seconds` : `${Math.round(left / 60)} minutes`} left`;
  fewest = Math.min(fewest, position ?? Infinity);
  const words = {
    queued: position ? `Waiting for ${position} before it${position > fewest ? ", as people with fewer paintings today come first" : ""}${time}…` : `Waiting for its turn${time}…`,
    running: `${phase.charAt(0).toUpperCase()}${phase.slice(1)}${time}`,
    done: "Learnt. Do you like it?",
    failed: "",
    cancelled: "Stopped, and nothing was kept.",
  }[state];
  if (said.textContent !== words) said.textContent = words;
  progress(learning.querySelector(".progress"), state === "queued" ? null : state === "running" ? share : state === "done" ? 1 : undefined);
  if (state === "done" && naming.hidden) {
    lastName.value = status.name;
    named(lastName);
  }
  accept.hidden = stageIt.hidden = naming.hidden = state !== "done";
  discard.textContent = state === "done" ? "Throw it away" : state === "failed" || state === "cancelled" ? "Begin anew" : "Stop learning";
  if (state === "failed") show(failed, new Problem(problem?.detail ?? "It could not be learnt."));
}

async function publish(alias) {
  if (!lastName.reportValidity()) return;
  const isRenamed = lastName.value.trim() !== known.name; // somebody else may have taken the first name
  const shown = isRenamed ? title(lastName.value) : title(name.value) || known.title || "";
  await tryOut({ alias, name: lastName.value, title: shown, artist: artist.value || known.artist || "" });
}

/** Have the registry try and publish what was learnt. If it does already, this waits for its answer. */
async function tryOut(card) {
  const id = job;
  sessionStorage.setItem(id, JSON.stringify(card)); // for a page that is loaded again meanwhile
  failed.textContent = "";
  onTrial = card;
  trialBegins();
  try {
    const { name: style, version, alias } = await ask("POST", `${api()}/accept`, { json: card });
    sessionStorage.removeItem(id);
    if (job !== id) return; // it was thrown away, or the page shows another one
    celebrate(alias === "live" ? `“${style}” is live: the next mail can ask for it.` : `“${style}” is staged, as version ${version}.`, style);
    trialEnds();
  } catch (problem) {
    sessionStorage.removeItem(id);
    if (job !== id) return;
    trialEnds();
    show(failed, problem);
    named(lastName);
  }
}

/** Wait until the trial has ended that another page has begun. */
async function followTrial() {
  const id = job;
  trialBegins();
  for (;;) {
    try {
      const { publishing, published } = await ask("GET", api());
      if (job !== id) return;
      if (published) celebrate(`“${published}” is published.`, published);
      if (!publishing) break;
    } catch (problem) {
      if (job !== id) return;
      if (isRefusal(problem)) {
        trialEnds();
        if (problem.status === 404) lost();
        else show(failed, problem);
        return;
      }
      if (!(problem instanceof Problem)) throw problem;
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
  trialEnds();
}

function trialBegins() {
  isOnTrial = true;
  for (const button of [accept, stageIt]) button.disabled = true;
  discard.textContent = "Throw it away";
  said.textContent = "On trial: it paints its photos…";
  progress(learning.querySelector(".progress"), null);
}

function trialEnds() {
  isOnTrial = false;
  onTrial = null;
  for (const button of [accept, stageIt]) button.disabled = false;
  progress(learning.querySelector(".progress"), undefined);
  said.textContent = "";
  if (known.state) tell(known);
}

/** Lead to the page of a style that is published, where its owner may retire it. */
function celebrate(sentence, style) {
  form.hidden = learning.hidden = true;
  learnt.hidden = false;
  const news = learnt.querySelector("h2");
  news.textContent = sentence;
  document.querySelector("#see").href = `/styles/${encodeURIComponent(style)}`;
  news.focus();
}

async function throwAway() {
  const id = job;
  const isOver = ["failed", "cancelled"].includes(known.state);
  discard.disabled = true;
  try {
    if (known.state === "done") {
      const { published } = await ask("GET", api()); // on this page in another window
      if (published) {
        celebrate(`“${published}” is published already: it is retired on its page.`, published);
        return;
      }
    }
    await ask("DELETE", api());
  } catch (problem) {
    if (problem.status !== 404 && !isOver) { // else nothing is left
      show(failed, problem);
      return;
    }
  } finally {
    discard.disabled = false;
  }
  if (job !== id) return;
  again();
  if (!isOver) told.textContent = "It is stopped, and nothing of it is kept.";
}

/** Follow this job no longer. */
function leave() {
  events?.close();
  sessionStorage.removeItem(job);
  job = said.textContent = failed.textContent = "";
  known = {};
  fewest = Infinity;
  isOnTrial = false;
  onTrial = null;
  for (const button of [accept, stageIt]) button.disabled = false;
  for (const part of [accept, stageIt, naming]) part.hidden = true;
  heading.textContent = unnamed;
  called.textContent = "";
  pictures.clear();
}

/** Begin with another painting. */
function again() {
  leave();
  history.replaceState(null, "", location.pathname);
  form.reset();
  chosen();
  named(name);
  learning.hidden = learnt.hidden = true;
  form.hidden = false;
  input.focus();
}

/** A name as a title: with a capital in front. */
function title(written) {
  const words = written.trim().replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function api() {
  return `/api/learn/${encodeURIComponent(job)}`;
}

function show(place, problem) {
  place.textContent = problem.sentence ?? String(problem);
  place.focus();
}
