// Show what a job of learning has to show: the picture that was sent, the painting found in it, a photo so far.

/** What the frames say before there is a picture, by the job's state. */
const LOOKING = "Looking at your picture…";
const EXPECTED = {
  queued: "Here a photo will change, when its turn comes.",
  running: "Here a photo will change, within a minute.",
};

export class LessonPictures {
  #painting;
  #preview;
  /** Addresses of the pictures that are shown or on their way, newest last, by their figure. */
  #asked = new Map();

  constructor(painting, preview) {
    this.#painting = painting;
    this.#preview = preview;
    this.clear();
  }

  /** Show nothing: the page goes to another job. */
  clear() {
    this.#asked.clear();
    for (const figure of [this.#painting, this.#preview]) {
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

  /** Show a picture once it is loaded whole, in place of the one before. */
  async #show(figure, address, alt, caption) {
    if (this.#asked.get(figure) === address) return;
    this.#asked.set(figure, address);
    const image = new Image();
    image.alt = alt;
    image.src = address;
    const isLoaded = await image.decode().then(() => true, () => false); // it may be gone, or of an older release
    if (this.#asked.get(figure) !== address) return;
    if (!isLoaded) { // the next event asks once more: perhaps only the network failed
      this.#asked.delete(figure);
      return;
    }
    this.#fill(figure, image, caption);
    figure.hidden = false;
  }

  #fill(figure, content, caption) {
    figure.querySelector(".frame").replaceChildren(content);
    figure.querySelector("figcaption").textContent = caption;
  }
}
