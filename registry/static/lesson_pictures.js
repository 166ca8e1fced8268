// Show what a job of learning has to show: the picture that was sent, the painting found in it, a photo so far.

/** What the frames say before there is a picture, by the job's state. */
const LOOKING = "Looking at your picture…";
const EXPECTED = {
  queued: "Here a photo will change, when its turn comes.",
  running: "Here a photo will change, within a minute.",
};

/** Milliseconds until a picture is asked for again that did not come, and how often: no event may follow. */
const PAUSE = 1000;
const MOST_TRIES = 5;

export class LessonPictures {
  #painting;
  #preview;
  /** Address of the newest picture that is shown or on its way, by its figure. */
  #asked = new Map();
  /** Pictures that were asked for so far, and which of them is shown, by its figure. */
  #turns = 0;
  #shown = new Map();

  constructor(painting, preview) {
    this.#painting = painting;
    this.#preview = preview;
    this.clear();
  }

  /** Show nothing: the page goes to another job. */
  clear() {
    this.#asked.clear();
    for (const figure of [this.#painting, this.#preview]) {
      this.#shown.set(figure, this.#turns); // what is on its way comes too late
      figure.querySelector(".frame").replaceChildren();
      figure.hidden = true;
    }
  }

  /** Show the picture that this page itself has sent, if the browser can. */
  sent(address) {
    if (address) this.#show(this.#painting, address, "The picture that you sent", "The picture that you sent");
  }

  /** Load what is new of a job below `api`: its corners come with the picture reduced, its preview with the painting. */
  update({ state, corners, previews }, api) {
    if (state === "cancelled") { // nothing of it is kept
      this.clear();
      return;
    }
    const isPainted = previews > 0 || state === "done";
    if (isPainted) {
      this.#show(this.#painting, `${api}/painting`, "The painting, made flat", "The painting, as it was found");
      this.#show(this.#preview, `${api}/preview?${previews}`, "A photo, painted in the new style so far", "A photo in the new style");
      return;
    }
    if (corners && !this.#asked.has(this.#painting)) this.sent(`${api}/thumbnail`);
    this.#expect(this.#painting, EXPECTED[state] && LOOKING);
    this.#expect(this.#preview, EXPECTED[state]);
  }

  /** Say in an empty frame what will be there; hide it where that is nothing. */
  #expect(figure, words) {
    const frame = figure.querySelector(".frame");
    if (frame.querySelector("img") || frame.textContent === words) return;
    const note = document.createElement("span");
    note.className = "bare";
    note.textContent = words ?? "";
    this.#fill(figure, note, "");
    figure.hidden = !words;
  }

  /** Show a picture once it is loaded whole, in place of an older one. */
  async #show(figure, address, alt, caption) {
    if (this.#asked.get(figure) === address) return;
    this.#asked.set(figure, address);
    const turn = ++this.#turns;
    for (let tries = 1; turn > this.#shown.get(figure); tries += 1) {
      const image = new Image();
      image.alt = alt;
      image.src = address;
      const isLoaded = await image.decode().then(() => true, () => false); // it may be gone, or of an older release
      if (turn < this.#shown.get(figure)) return; // a newer one is there, or another job
      if (isLoaded) {
        this.#shown.set(figure, turn);
        this.#fill(figure, image, caption);
        figure.hidden = false;
      } else if (this.#asked.get(figure) !== address) {
        return; // a newer one is on its way
      } else if (tries === MOST_TRIES) {
        this.#asked.delete(figure); // the next event, if one comes, asks once more
        return;
      } else {
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  }

  #fill(figure, content, caption) {
    figure.querySelector(".frame").replaceChildren(content);
    figure.querySelector("figcaption").textContent = caption;
  }
}
