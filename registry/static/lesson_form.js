// Send a painting to be learnt from: show its picture, have its frame found, and say what is wrong with it.

import { report } from "./act.js";
import { Corners, WHOLE } from "./corners.js";
import { dropZone, progress } from "./drop.js";
import { Problem, ask } from "./send.js";
import { NameField, title } from "./style_name.js";

/** Most bytes of a picture that the registry accepts. */
const LARGEST = 36_700_160;
/** Statuses by which a picture is refused itself, or all learning: another try with it would lead nowhere. */
const REFUSED = new Set([400, 413, 415, 422, 501]);

const DRAG = "Drag the corners onto those of the painting, or move them by the arrow keys.";
const CROSSED = "The sides cross each other: move a corner back.";
const FOUND = "This is where I see the painting. Drag the corners, or move them by the arrow keys.";
const NOT_FOUND = "I see no frame, and take the whole picture. Drag the corners, or move them by the arrow keys.";
const TOO_LATE = "The corners were not found in time. Drag them onto those of the painting, or move them by the arrow keys. If you leave them, the painting is looked for once more as it is learnt.";
const UNSHOWN = "Your browser cannot show this picture. The painting is found in it all the same.";

export class LessonForm {
  #form = document.querySelector("#lesson");
  #refused = document.querySelector("#refused");
  #bar = this.#form.querySelector(".progress");
  #stage = document.querySelector("#stage");
  #picture = this.#stage.querySelector("img");
  #hint = document.querySelector("#stage-hint");
  #input = dropZone(this.#form.querySelector(".drop"));
  #invited = this.#input.nextElementSibling;
  #invitation = [...this.#invited.childNodes];
  #corners = new Corners(this.#stage);
  #name = new NameField(this.#form.elements.name);
  #begun;
  /** Ends the search for the corners of a picture that is not wanted any more. */
  #finding = null;
  /** Whether the corners that are shown are the painting's: found, or moved by the person. */
  #areKnown = false;
  /** By it the balancer knows a painting again whose answer was lost; what was changed since is another one. */
  #key = "";

  /** `begun` is called with the status of a new job, and with what it was sent: `picture` (its address), `name` and `artist`. */
  constructor(begun) {
    this.#begun = begun;
    this.#input.addEventListener("change", () => this.#chosen());
    this.#stage.addEventListener("change", () => this.#moved());
    this.#form.addEventListener("input", () => { this.#key = ""; });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  set hidden(isHidden) {
    this.#form.hidden = isHidden;
  }

  /** Show it empty, for another painting, below what is said of the one before. */
  renew(said) {
    this.#form.reset();
    this.#chosen();
    this.#name.check();
    this.#form.hidden = false;
    this.#hint.textContent = said;
    this.#input.focus();
  }

  /** Show the chosen picture, and have its frame found. */
  async #chosen() {
    const [file] = this.#input.files;
    this.#finding?.abort();
    this.#refused.textContent = this.#hint.textContent = "";
    this.#stage.hidden = true;
    this.#key = "";
    const bold = document.createElement("b");
    bold.textContent = file?.name ?? "";
    this.#invited.replaceChildren(...(file ? [bold] : this.#invitation));
    if (!file) return;
    if (file.size > LARGEST) {
      report(this.#refused, new Problem("That picture is too large for this page: at most 35 MB."));
      return;
    }
    if (this.#picture.src) URL.revokeObjectURL(this.#picture.src);
    this.#picture.src = URL.createObjectURL(file);
    this.#corners.value = WHOLE;
    this.#areKnown = false;
    const { signal } = (this.#finding = new AbortController());
    this.#hint.textContent = "Looking for the painting…";
    const isShown = await this.#picture.decode().then(() => true, () => false); // HEIC, which few browsers show
    if (signal.aborted) return;
    this.#stage.hidden = !isShown;
    await this.#find(file, signal);
  }

  /** Show where the painting is in its picture, unless the person has moved the corners meanwhile. */
  async #find(file, signal) {
    const body = new FormData();
    body.append("painting", file);
    try {
      const found = await ask("POST", "/api/paintings/corners", { body, signal, sending: this.#sending });
      if (!this.#areKnown) {
        this.#corners.value = found.corners ?? WHOLE;
        this.#areKnown = true;
        this.#say(found.found ? FOUND : NOT_FOUND);
      }
    } catch (problem) {
      if (problem.name === "AbortError") return;
      if (REFUSED.has(problem.status)) {
        this.#stage.hidden = true;
        this.#hint.textContent = "";
        report(this.#refused, inWords(problem));
      } else if (!this.#areKnown) {
        this.#say(TOO_LATE);
      }
    }
    progress(this.#bar, undefined);
  }

  #say(words) {
    this.#hint.textContent = this.#stage.hidden ? UNSHOWN : words;
  }

  #moved() {
    this.#areKnown = true;
    this.#key = "";
    this.#hint.textContent = this.#corners.isFrame ? DRAG : CROSSED;
  }

  async #send() {
    this.#refused.textContent = "";
    if (!this.#corners.isFrame) {
      report(this.#refused, new Problem("The sides of the frame cross each other: move a corner back."));
      return;
    }
    this.#finding?.abort();
    const button = this.#form.querySelector("button.button");
    button.disabled = true;
    try {
      const status = await ask("POST", "/api/learn", { body: this.#body(), sending: this.#sending });
      this.#key = "";
      const { name, artist } = this.#form.elements;
      const picture = this.#stage.hidden ? "" : this.#picture.src;
      this.#begun(status, { picture, name: name.value, artist: artist.value });
    } catch (problem) {
      if (problem.isRefusal) this.#key = ""; // else it may have begun
      report(this.#refused, inWords(problem));
    }
    progress(this.#bar, undefined);
    button.disabled = false;
  }

  #body() {
    const { name, artist, minutes } = this.#form.elements;
    const body = new FormData();
    body.append("painting", this.#input.files[0]);
    body.append("name", name.value);
    body.append("title", title(name.value));
    body.append("minutes", minutes.value);
    this.#key ||= crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.replace(".", "");
    body.append("key", this.#key);
    if (!this.#stage.hidden && this.#areKnown) body.append("corners", JSON.stringify(this.#corners.value));
    if (artist.value) body.append("artist", artist.value);
    return body;
  }

  #sending = (share) => progress(this.#bar, share < 1 ? share : null);
}

/** A problem of the picture without what it says to engineers; what to switch on stays. */
function inWords(problem) {
  const isForAll = problem.status !== 501 && String(problem.more?.type).startsWith("urn:mailbot:error:");
  return isForAll ? new Problem(problem.message) : problem;
}
