// Show a painting's four corners over its photo, to be moved by pointer or by keyboard.

const NAMES = ["Top left", "Top right", "Bottom right", "Bottom left"];
/** How far an arrow key moves a corner, of the picture's side: alone, and with Shift. */
const STEP = 0.005;
const LEAP = 0.05;

/** The whole picture, clockwise from the top left. */
export const WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]];

export class Corners {
  #stage;
  #polygon;
  #handles;
  #corners = WHOLE;

  constructor(stage) {
    this.#stage = stage;
    this.#polygon = stage.querySelector("polygon");
    this.#handles = NAMES.map((name, place) => this.#handle(name, place));
    stage.append(...this.#handles);
    this.value = WHOLE;
  }

  get value() {
    return this.#corners;
  }

  set value(corners) {
    this.#corners = corners.map(([x, y]) => [x, y]);
    this.#draw();
  }

  /** Whether they are a frame: no side crosses another. */
  get isFrame() {
    const turns = this.#corners.map(([x, y], place) => {
      const [[ax, ay], [bx, by]] = [1, 2].map((step) => this.#corners[(place + step) % 4]);
      return (ax - x) * (by - ay) - (ay - y) * (bx - ax);
    });
    return turns.every((turn) => turn > 0.001);
  }

  #handle(name, place) {
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "corner";
    handle.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? LEAP : STEP;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      const [x, y] = this.#corners[place];
      this.#move(place, x + move[0], y + move[1]);
    });
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.focus();
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const box = this.#stage.getBoundingClientRect();
      this.#move(place, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
    handle.dataset.name = name;
    return handle;
  }

  #move(place, x, y) {
    const within = (value) => Math.min(Math.max(value, 0), 1);
    this.#corners[place] = [within(x), within(y)];
    this.#draw();
    this.#stage.dispatchEvent(new Event("change"));
  }

  #draw() {
    this.#polygon.setAttribute("points", this.#corners.map((corner) => corner.join(",")).join(" "));
    for (const [place, handle] of this.#handles.entries()) {
      const [x, y] = this.#corners[place].map((value) => Math.round(value * 1000) / 10);
      handle.style.left = `${x}%`;
      handle.style.top = `${y}%`;
      handle.setAttribute("aria-label", `${handle.dataset.name} corner: ${Math.round(x)} % from the left, ${Math.round(y)} % from the top. Arrow keys move it.`);
    }
  }
}
