// Send the pages' requests with the session's secret, report progress, and turn failures into sentences.

/** Report a failure in words for the person; `detail` has more, or is "". `status` is HTTP's, and `more` all that the registry said. */
export class Problem extends Error {
  constructor(title, detail = "", { status = 0, more = {} } = {}) {
    super(title);
    this.status = status;
    this.more = more;
    this.detail = (detail.startsWith(title) ? detail.slice(title.length) : detail).trim();
  }

  /** Whether the registry has answered no, rather than being away or unreachable for a while. */
  get isRefusal() {
    return this.status >= 400 && this.status < 500;
  }

  /** Title and detail as one text. */
  get sentence() {
    return [this.message, this.detail].filter(Boolean).join(" ");
  }
}

/**
 * Send a request and return {status, blob}, or throw a Problem.
 * XMLHttpRequest, because fetch reports no progress of an upload: `sending` is called with 0 to 1.
 */
export function send(method, path, { body = null, headers = {}, sending = () => {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.responseType = "blob";
    const csrf = document.querySelector("meta[name=csrf]");
    if (csrf) request.setRequestHeader("X-CSRF-Token", csrf.content);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => sending(event.total ? event.loaded / event.total : 0);
    request.upload.onload = () => sending(1);
    request.onload = async () => {
      const answer = { status: request.status, blob: request.response };
      if (request.status >= 200 && request.status < 300) resolve(answer);
      else reject(await problemOf(answer));
    };
    request.onerror = () => reject(new Problem("The registry cannot be reached.", "Look to your connection, then try again."));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** Send a request and return the JSON of its response; null for an empty one. */
export async function ask(method, path, { json, ...options } = {}) {
  if (json !== undefined) {
    options = { ...options, body: JSON.stringify(json), headers: { "Content-Type": "application/json" } };
  }
  const { blob } = await send(method, path, options);
  return blob.size ? JSON.parse(await blob.text()) : null;
}

async function problemOf({ status, blob }) {
  if (status === 401) return new Problem("You are signed out.", "Sign in again in another tab, then try once more.", { status });
  try {
    const more = JSON.parse(await blob.text());
    return new Problem(String(more.title), String(more.detail ?? ""), { status, more });
  } catch {
    return new Problem(`The registry answered with status ${status} and no reason.`, "", { status });
  }
}
