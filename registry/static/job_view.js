// Show a job of learning: its name, how far it is, its pictures, and what can be done with it.

import { report } from "./act.js";
import { progress } from "./drop.js";
import { LessonPictures } from "./lesson_pictures.js";
import { Problem } from "./send.js";
import { NameField, title } from "./style_name.js";

const [accept, stageIt, discard] = ["#accept", "#stage-it", "#discard"].map((id) => document.querySelector(id));

export class JobView {
  #section = document.querySelector("#learning");
  #heading = this.#section.querySelector("h2");
  #unnamed = this.#heading.textContent;
  #called = document.querySelector("#called");
  #bar = this.#section.querySelector(".progress");
  #said = this.#section.querySelector(".said");
  #failed = document.querySelector("#failed");
  #pictures = new LessonPictures(document.querySelector("#flat"), document.querySelector("#preview"));
  #naming = document.querySelector("#naming");
  /** Fewest jobs that were seen before this one: more are there after somebody has overtaken it. */
  #fewest = Infinity;

  /** The name that the style gets at last. */
  name = new NameField(this.#naming.querySelector("input"));

  /** `actions`: what the buttons do. */
  constructor({ publish, stage, throwAway }) {
    accept.addEventListener("click", publish);
    stageIt.addEventListener("click", stage);
    discard.addEventListener("click", throwAway);
  }

  get hidden() {
    return this.#section.hidden;
  }

  set hidden(isHidden) {
    this.#section.hidden = isHidden;
  }

  /** Show nothing yet, and move the focus here. */
  open() {
    this.clear();
    this.hidden = false;
    discard.textContent = "Stop learning";
    this.#heading.focus();
  }

  clear() {
    this.#said.textContent = this.#failed.textContent = this.#called.textContent = "";
    this.#heading.textContent = this.#unnamed;
    this.#fewest = Infinity;
    this.#offer(false);
    for (const button of [accept, stageIt]) button.disabled = false;
    this.#pictures.clear();
  }

  /** Show the picture that this page itself has sent. */
  sent(picture) {
    this.#pictures.sent(picture);
  }

  /** Show which job this is: its name, as far as it is not in a field to be changed, and its pictures. */
  introduce(status, card, api) {
    const shown = card?.title || status.title || title(status.name);
    const words = shown ? `“${shown}”` : this.#unnamed; // one picture has no name
    if (this.#heading.textContent !== words) this.#heading.textContent = words;
    this.#called.textContent = status.name && `People will write “${status.name}”.`;
    this.#called.hidden = Boolean(card) || !this.#naming.hidden;
    this.#pictures.update(status, api);
  }

  /** Say how far the job is. */
  tell(status) {
    const { state, share, position, problem } = status;
    const isDone = state === "done";
    this.#fewest = Math.min(this.#fewest, position ?? Infinity);
    const words = sentence(status, this.#fewest);
    if (this.#said.textContent !== words) this.#said.textContent = words;
    progress(this.#bar, { queued: null, running: share, done: 1 }[state]);
    if (isDone && this.#naming.hidden) this.name.value = status.name;
    this.#offer(isDone);
    discard.textContent = isDone ? "Throw it away" : isOver(status) ? "Begin anew" : "Stop learning";
    if (state === "failed") this.fail(new Problem(problem?.detail ?? "It could not be learnt."));
  }

  /** Say that there is no such job, or none of this person's, and offer to begin anew. */
  lost() {
    this.#offer(false);
    progress(this.#bar, undefined);
    this.fail(new Problem("This job is not known any more.", "It ended over an hour ago, was thrown away, or is another person’s."));
    discard.textContent = "Begin anew";
  }

  fail(problem) {
    report(this.#failed, problem);
  }

  /** Say what keeps the page from its job for a while; an alert is read out by itself, and moves no focus. */
  warn(sentence = "") {
    if (this.#failed.textContent !== sentence) this.#failed.textContent = sentence;
  }

  trialBegins() {
    for (const button of [accept, stageIt]) button.disabled = true;
    discard.textContent = "Throw it away";
    this.#said.textContent = "On trial: it paints its photos…";
    progress(this.#bar, null);
  }

  trialEnds() {
    for (const button of [accept, stageIt]) button.disabled = false;
    progress(this.#bar, undefined);
    this.#said.textContent = "";
  }

  /** Whether the job may be stopped or thrown away now. */
  set canDiscard(may) {
    discard.disabled = !may;
  }

  #offer(isDone) {
    accept.hidden = stageIt.hidden = this.#naming.hidden = !isDone;
  }
}

/** Whether nothing is left of a job but to begin anew. */
export function isOver({ state }) {
  return state === "failed" || state === "cancelled";
}

function sentence({ state, phase, position, seconds_left: left }, fewest) {
  const time = left === null ? "" : `, about ${left < 90 ? `${Math.max(Math.round(left), 1)} seconds` : `${Math.round(left / 60)} minutes`} left`;
  const overtaken = position > fewest ? ", as people with fewer paintings today come first" : "";
  return {
    queued: position ? `Waiting for ${position} before it${overtaken}${time}…` : `Waiting for its turn${time}…`,
    running: `${phase.charAt(0).toUpperCase()}${phase.slice(1)}${time}`,
    done: "Learnt. Do you like it?",
    failed: "",
    cancelled: "Stopped, and nothing was kept.",
  }[state];
}
