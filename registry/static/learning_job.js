// Follow a job of learning until it has ended, and publish what was learnt or throw it away.

import { isOver } from "./job_view.js";
import { Problem, ask } from "./send.js";
import { title } from "./style_name.js";

/** Milliseconds between two questions whether a trial has ended that another page has begun. */
const BETWEEN = 1000;
/** Milliseconds until events are asked for again where the balancer is away. */
const AWAY = 3000;

export class LearningJob {
  #view;
  #sent;
  #ended;
  #thrownAway;
  #events = null;
  /** What the balancer tells of the job. */
  #known = {};
  /** The card by which it is tried here; {} if another page has sent it on trial, which its events do not tell. */
  #trial = null;
  /** Whether the page shows something else by now. */
  #isLeft = false;

  /**
   * `id` names the job, and `view` shows it. `sent` has the picture, name and artist of the form that began it here.
   * `ended(sentence, style)` is called once its style is published, `thrownAway(sentence)` once nothing is left of it.
   */
  constructor(id, view, { sent = {}, ended, thrownAway }) {
    this.id = id;
    this.#view = view;
    this.#sent = sent;
    this.#ended = ended;
    this.#thrownAway = thrownAway;
  }

  /** Follow a job that this page has just begun. */
  begin(status) {
    this.#view.open();
    this.#watch();
    this.#view.sent(this.#sent.picture);
    this.#view.introduce(status, null, this.#api);
  }

  /** Go on with it, perhaps on the trial to which this page or another one has sent it. */
  async resume() {
    this.#view.open();
    const { publishing } = await ask("GET", this.#api).catch(() => ({})); // the events tell what is wrong
    if (this.#isLeft) return;
    const card = JSON.parse(sessionStorage.getItem(this.id));
    this.#watch();
    if (card) this.#try(card);
    else if (publishing) this.#followTrial();
  }

  /** Follow it no longer. */
  leave() {
    this.#isLeft = true;
    this.#events?.close();
    sessionStorage.removeItem(this.id);
  }

  publish(alias) {
    const { name } = this.#view;
    if (!name.reportValidity()) return;
    const isRenamed = name.value.trim() !== this.#known.name; // somebody else may have taken the first name
    const shown = isRenamed ? title(name.value) : title(this.#sent.name ?? "") || this.#known.title || "";
    this.#try({ alias, name: name.value, title: shown, artist: this.#sent.artist || this.#known.artist || "" });
  }

  async throwAway() {
    const wasOver = isOver(this.#known);
    this.#view.canDiscard = false;
    try {
      if (this.#known.state === "done") {
        const { published } = await ask("GET", this.#api); // on this page in another window
        if (published) {
          this.#end(`“${published}” is published already: it is retired on its page.`, published);
          return;
        }
      }
      await ask("DELETE", this.#api);
    } catch (problem) {
      if (problem.status !== 404 && !wasOver) { // else nothing is left
        this.#view.fail(problem);
        return;
      }
    } finally {
      this.#view.canDiscard = true;
    }
    if (!this.#isLeft) this.#thrownAway(wasOver ? "" : "It is stopped, and nothing of it is kept.");
  }

  get #api() {
    return `/api/learn/${encodeURIComponent(this.id)}`;
  }

  /** Show its events; `again` after the stream broke off. */
  #watch({ again = false } = {}) {
    const stream = (this.#events = new EventSource(`${this.#api}/events`));
    stream.addEventListener("status", (event) => {
      const status = (this.#known = JSON.parse(event.data));
      if (status.published) {
        this.#end(`“${status.published}” is published.`, status.published);
        return;
      }
      if (again || status.state === "done") this.#view.warn(); // no longer that the balancer was away
      again = false;
      if (!this.#trial) this.#view.tell(status);
      this.#introduce();
      if (status.state === "done" || isOver(status)) stream.close();
    });
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) this.#askAgain(); // else it connects again by itself
    });
  }

  #introduce() {
    this.#view.introduce(this.#known, this.#trial?.name ? this.#trial : null, this.#api);
  }

  /** Find out why no events come: the job is gone, or the balancer is away for a while. */
  async #askAgain() {
    try {
      const { published } = await ask("GET", this.#api);
      if (this.#isLeft) return;
      if (published) { // and the balancer has forgotten it
        this.#end(`“${published}” is published.`, published);
        return;
      }
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (this.#isLeft) return;
      if (problem.status === 404) {
        this.#view.lost();
        return;
      }
      this.#view.warn(problem.sentence);
    }
    setTimeout(() => {
      if (!this.#isLeft && this.#events.readyState === EventSource.CLOSED) this.#watch({ again: true });
    }, AWAY);
  }

  /** Have the registry try and publish what was learnt. If it does already, this waits for its answer. */
  async #try(card) {
    sessionStorage.setItem(this.id, JSON.stringify(card)); // for a page that is loaded again meanwhile
    this.#view.warn();
    this.#trialBegins(card);
    try {
      const { name, version, alias } = await ask("POST", `${this.#api}/accept`, { json: card });
      sessionStorage.removeItem(this.id);
      if (this.#isLeft) return; // it was thrown away, or the page shows another one
      this.#end(alias === "live" ? `“${name}” is live: the next mail can ask for it.` : `“${name}” is staged, as version ${version}.`, name);
    } catch (problem) {
      sessionStorage.removeItem(this.id);
      if (this.#isLeft) return;
      this.#trialEnds();
      this.#view.fail(problem);
      this.#view.name.check();
    }
  }

  /** Wait until the trial has ended that another page has begun. */
  async #followTrial() {
    this.#trialBegins({});
    for (;;) {
      try {
        const { publishing, published } = await ask("GET", this.#api);
        if (this.#isLeft) return;
        if (published) {
          this.#end(`“${published}” is published.`, published);
          return;
        }
        if (!publishing) break;
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (this.#isLeft) return;
        if (problem.isRefusal) {
          this.#trialEnds();
          if (problem.status === 404) this.#view.lost();
          else this.#view.fail(problem);
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }
    this.#trialEnds();
  }

  #trialBegins(card) {
    this.#trial = card;
    this.#view.trialBegins();
  }

  #trialEnds() {
    this.#trial = null;
    this.#view.trialEnds();
    if (this.#known.state) this.#view.tell(this.#known);
  }

  #end(sentence, style) {
    this.leave();
    this.#ended(sentence, style);
  }
}
