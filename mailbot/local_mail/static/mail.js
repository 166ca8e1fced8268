// Take dropped photos, show which are chosen, let a style fill the subject in, and hear of new mail.

const form = document.querySelector(".letter");
if (form) write(form);
for (const frame of document.querySelectorAll(".mail iframe")) fit(frame);
if (document.body.dataset.newest) listen(Number(document.body.dataset.newest));

/** Help to fill the form in. */
function write(form) {
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector(".drop");
  const wrong = form.querySelector(".wrong");
  const { subject } = form.elements;
  const over = (on) => zone.classList.toggle("over", on);
  // A photo may be dropped anywhere: beside the zone a browser would leave the page to show it.
  document.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    const all = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
    input.files = all.files;
    show(input, form);
  });
  input.addEventListener("change", () => show(input, form));
  form.addEventListener("change", ({ target }) => {
    if (target.name === "style") subject.value = target.nextElementSibling.closest("label").querySelector("span").textContent;
  });
  subject.addEventListener("input", () => {
    const chosen = form.querySelector("[name=style]:checked");
    if (chosen) chosen.checked = false;
  });
  form.addEventListener("submit", (event) => {
    const bytes = [...input.files].reduce((sum, file) => sum + file.size, 0);
    wrong.textContent = "";
    if (bytes > Number(form.dataset.limit)) {
      event.preventDefault();
      wrong.textContent = `These photos are too large: together they may have ${Math.floor(form.dataset.limit / 1e6)} MB.`;
      wrong.scrollIntoView({ block: "center" });
      return;
    }
    form.querySelector("button").disabled = true;
  });
  addEventListener("pageshow", () => { form.querySelector("button").disabled = false; show(input, form); });
}

/** Show the chosen photos: pictures that the browser can show, and the names of others. */
function show(input, form) {
  const chosen = form.querySelector(".chosen");
  for (const image of chosen.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  chosen.replaceChildren(...[...input.files].map((file) => {
    const image = new Image();
    image.alt = file.name;
    image.title = file.name;
    image.addEventListener("error", () => image.replaceWith(file.name)); // HEIC, in most browsers
    image.src = URL.createObjectURL(file);
    return image;
  }));
  form.querySelector(".ask").hidden = input.files.length > 0;
}

/** Make a frame as high as the mail in it. */
function fit(frame) {
  const measure = () => {
    const root = frame.contentDocument?.documentElement;
    if (root) frame.style.height = `${root.scrollHeight}px`;
  };
  frame.addEventListener("load", () => {
    measure();
    if (frame.contentDocument) new ResizeObserver(measure).observe(frame.contentDocument.body);
  });
  if (frame.contentDocument?.readyState === "complete") measure();
}

/** Wait for mail: open it if it is waited for, list it on a list, and else say that it is there. */
async function listen(newest) {
  for (;;) {
    let found = newest;
    try {
      const answer = await fetch(`/news?after=${newest}`);
      if (!answer.ok || answer.redirected) return; // signed out
      found = (await answer.json()).newest;
    } catch {
      await new Promise((done) => setTimeout(done, 2000)); // the server is away for a moment
    }
    if (found > newest) return arrived(found);
  }
}

function arrived(uid) {
  const address = `/mail/INBOX/${uid}`;
  if (document.querySelector("[data-waiting]")) return location.assign(address);
  if (document.body.classList.contains("listing")) return location.reload();
  const link = document.createElement("a");
  link.href = address;
  link.textContent = "A mail has come";
  document.querySelector(".news").replaceChildren(link);
}
