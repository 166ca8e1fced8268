// Say below a field whether the name in it is free, and make names into titles.

import { Problem, ask } from "./send.js";

/** Milliseconds from the last key to the question whether a name is free. */
const PAUSE = 250;

export class NameField {
  #field;
  #note;
  /** How often the name was asked about: an older answer is not shown. */
  #turn = 0;

  constructor(field) {
    this.#field = field;
    this.#note = field.parentElement.querySelector(".note");
    field.addEventListener("input", () => this.check());
  }

  get value() {
    return this.#field.value;
  }

  set value(name) {
    this.#field.value = name;
    this.check();
  }

  reportValidity() {
    return this.#field.reportValidity();
  }

  /** Say whether the name is free, a moment after the last key. */
  async check() {
    const turn = ++this.#turn;
    const { value } = this.#field;
    this.#note.textContent = "";
    this.#field.setCustomValidity("");
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (turn !== this.#turn || !value.trim()) return;
    try {
      const choice = await ask("GET", `/api/paintings/name?name=${encodeURIComponent(value)}`);
      if (turn !== this.#turn) return;
      this.#field.setCustomValidity(choice.flaw);
      this.#note.textContent = sentence(value, choice);
      this.#note.classList.toggle("bad", Boolean(choice.flaw));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem; // learning will report the problem
    }
  }
}

/** Make a name into a title: with a capital in front. */
export function title(name) {
  const words = name.trim().replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function sentence(phrase, { name, flaw, free, exists }) {
  if (flaw) return free ? `${flaw} “${free}” is free.` : flaw;
  if (exists) return `This makes the next version of “${name}”.`;
  // Of letters that a style's name cannot have the person's own words are a name, too.
  const isPlain = /^[\x20-\x7e]*$/.test(phrase);
  return `People will write ${isPlain ? "" : `“${phrase.trim()}” or `}“${name}”.`;
}
