// List the styles of an upload of several, one row for each, with its name and what became of it.

import { Problem, ask } from "./send.js";

/** A range of numbers, of an input that may be named: the same as in registry/cli/push.py. */
const RANGE = /^(\s*[^;]+=)?\s*(\d{1,4})\s*-\s*(\d{1,4})\s*$/;

/** List the choices that a text has, one a line; a range is each of its numbers. */
export function choices(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean).flatMap((line) => {
    const [, input = "", first, last] = line.match(RANGE) ?? [];
    const numbers = Array.from({ length: Math.max(last - first + 1, 0) || 0 }, (_, place) => input + (Number(first) + place));
    return numbers.length ? numbers : [line];
  });
}

/** Name a choice by its values alone: “style=7; depth=2” is “7; 2”. */
export function short(choice) {
  return choice.replace(/[^;=\s]+\s*=\s*/g, "");
}

/** Make words into a style's name. */
export function slug(words) {
  return (words.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("-").slice(0, 64).replace(/-+$/, "");
}

/** Show styles to be published in a fieldset. Each is {label, name, title, file, values}; the person may change the name. */
export class Several {
  #fieldset;
  #known;
  #rows = [];

  constructor(fieldset) {
    this.#fieldset = fieldset;
  }

  /** Rows whose styles are not published yet. */
  get waiting() {
    return this.#rows.filter((row) => !row.published);
  }

  /** How many styles the list has. */
  get count() {
    return this.#rows.length;
  }

  /** Show these styles, or none. Names that the person has changed stay, and what is published too. */
  show(styles, legend) {
    const before = new Map(this.#rows.map((row) => [row.style.label, row]));
    this.#rows = styles.map((style, place) => {
      const old = before.get(style.label);
      if (old?.published && old.style.file === style.file) return old;
      return row(style, place, old && old.input.value !== old.style.name ? old.input.value : style.name);
    });
    this.#fieldset.hidden = !styles.length;
    this.#fieldset.querySelector("legend").textContent = legend;
    this.#fieldset.querySelector("ul").replaceChildren(...this.#rows.map(({ item }) => item));
    if (styles.length) this.#markKnown();
  }

  /** Note which names the registry has already, and would give a new version. */
  async #markKnown() {
    const rows = this.waiting;
    this.#known ??= ask("GET", "/api/styles");
    try {
      const known = new Set((await this.#known).map(({ name }) => name));
      for (const row of rows) {
        const look = () => {
          row.known = known.has(row.input.value);
          row.say(row.known ? "gets a new version" : "");
        };
        row.input.addEventListener("input", look);
        look();
      }
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem; // publishing will report the problem
    }
  }
}

function row(style, place, name) {
  const [item, label, input, note] = ["li", "label", "input", "p"].map((kind) => document.createElement(kind));
  item.className = "row";
  note.className = "hint";
  label.htmlFor = input.id = `several-${place}`;
  label.textContent = style.label;
  Object.assign(input, { value: name, required: true, pattern: "[a-z0-9][a-z0-9\\-]{0,63}", maxLength: 64, spellcheck: false, autocomplete: "off" });
  item.append(label, input, note);
  const made = { style, item, input, known: false, published: false };
  made.say = (text, bad = false) => {
    note.textContent = text;
    note.classList.toggle("bad", bad);
  };
  made.publish = ({ alias, version }) => {
    made.published = true;
    input.readOnly = true;
    const link = document.createElement("a");
    link.href = `/styles/${encodeURIComponent(input.value)}`;
    link.textContent = `${alias === "live" ? "live" : "staged"}: version ${version}`;
    note.classList.remove("bad");
    note.replaceChildren(link);
  };
  return made;
}
