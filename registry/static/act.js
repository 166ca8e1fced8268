// Perform the actions of buttons: report a failure in #wrong, and after a reload what was done in #said.

const said = document.querySelector("#said");
const wrong = document.querySelector("#wrong");

/** Show a failure as a sentence in a place of its own, which gets the focus. */
export function report(place, problem) {
  place.textContent = problem.sentence ?? String(problem);
  place.focus();
}

/** Run an action of a button, which is disabled meanwhile, and show its failure as a sentence. */
export async function perform(button, action) {
  wrong.textContent = "";
  button.disabled = true;
  try {
    await action();
  } catch (problem) {
    wrong.textContent = problem.sentence ?? String(problem);
    wrong.scrollIntoView({ block: "nearest" });
    button.disabled = false;
    button.focus();
  }
}

/** Load the page again, or another one, and show a sentence on it. */
export function reload(sentence, path) {
  sessionStorage.setItem("said", sentence);
  if (path) location.assign(path);
  else location.reload();
}

/** Show the sentence that was set before the page was loaded. */
export function announce() {
  const sentence = sessionStorage.getItem("said");
  if (sentence === null) return;
  sessionStorage.removeItem("said");
  said.textContent = sentence;
  said.focus();
}
