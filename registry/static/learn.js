// Have a style learnt from a painting: a form, a job that is followed, and what came of it, one at a time.
//
// The page's address names the job, so that a page that is loaded again goes on with it.

import { JobView } from "./job_view.js";
import { LearningJob } from "./learning_job.js";
import { LessonForm } from "./lesson_form.js";
import { ask } from "./send.js";

const off = document.querySelector("#off");
const learnt = document.querySelector("#learnt");
const form = new LessonForm(begun);
const view = new JobView({
  publish: () => job.publish("live"),
  stage: () => job.publish("staged"),
  throwAway: () => job.throwAway(),
});
/** The job that is shown, or that has just ended. */
let job = null;

document.querySelector("#another").addEventListener("click", () => renew());
addEventListener("hashchange", turnToAddress);
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
  if (addressed() && addressed() !== job?.id) resume(addressed());
  else if (job && location.hash.length > 1) nameInAddress();
  else if (job) renew();
}

function nameInAddress() {
  history.replaceState(null, "", `#${encodeURIComponent(job.id)}`);
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

/** Follow a job that the form has begun with what it has `sent`. */
function begun(status, sent) {
  turnTo(status.id, sent).begin(status);
}

function resume(id) {
  turnTo(id).resume();
}

function turnTo(id, sent) {
  job?.leave();
  job = new LearningJob(id, view, { sent, ended, thrownAway: renew });
  nameInAddress();
  form.hidden = off.hidden = learnt.hidden = true;
  return job;
}

/** Lead to the page of a style that is published, where its owner may retire it. */
function ended(sentence, style) {
  form.hidden = view.hidden = true;
  learnt.hidden = false;
  const news = learnt.querySelector("h2");
  news.textContent = sentence;
  document.querySelector("#see").href = `/styles/${encodeURIComponent(style)}`;
  news.focus();
}

/** Begin with another painting; `said` tells what became of the one before. */
function renew(said = "") {
  job?.leave();
  job = null;
  view.clear();
  history.replaceState(null, "", location.pathname);
  view.hidden = learnt.hidden = true;
  form.renew(said);
}
