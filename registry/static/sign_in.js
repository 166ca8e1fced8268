// Keep the fragment of the address while somebody signs in: on /learn it names a job. A redirect keeps that of its request.

const form = document.querySelector("form[action='/login']");
form.addEventListener("submit", () => { form.action = `/login${location.hash}`; });
