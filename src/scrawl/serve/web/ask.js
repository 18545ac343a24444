// Asks the server; every failure is a Trouble that can be shown as it is.

const TRIES = 5; // while the server says that it is busy, and for how long

export class Trouble extends Error {
  // `status` is 0 where the server does not answer; `after`, the seconds after which it may.
  constructor(message, status = 0, after = 0) {
    super(message);
    this.status = status;
    this.after = after;
  }
}

const token = () => sessionStorage.getItem("token");
export const keepToken = (value) => sessionStorage.setItem("token", value);

const head = () => (token() ? { Authorization: `Bearer ${token()}` } : {});
const away = () => new Trouble("The server does not answer. What is on the sheet is still here.");

async function said(answer) {
  const { error } = await answer.json().catch(() => ({ error: answer.statusText }));
  return new Trouble(error, answer.status, Number(answer.headers.get("Retry-After")));
}

// The answer to a request: JSON, or with `raw` the response itself.
export async function ask(path, { body, signal, raw = false, method = body ? "POST" : "GET" } = {}) {
  let answer;
  try {
    answer = await fetch(path, { method, body, signal, headers: head() });
  } catch (error) {
    throw error.name === "AbortError" ? error : away();
  }
  if (!answer.ok) throw await said(answer);
  return raw ? answer : answer.json();
}

// The same for what takes a while to send: `sent` is called with the share that is there.
export function send(path, { body, signal, sent }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    for (const [name, value] of Object.entries(head())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && sent(event.loaded / event.total);
    request.upload.onload = () => sent(1);
    request.onerror = () => reject(away());
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    request.onload = async () => {
      const headers = { "Retry-After": request.getResponseHeader("Retry-After") ?? "" };
      const answer = new Response(request.response, { status: request.status, headers });
      try {
        if (answer.ok) resolve(await answer.json());
        else reject(await said(answer));
      } catch {
        reject(new Trouble("The server's answer was cut short.", 0));
      }
    };
    signal?.addEventListener("abort", () => request.abort());
    sent(0);
    request.send(body);
  });
}

// Asks again while the server is busy, as often and as late as it says.
export async function patiently(job, signal, busy = () => null) {
  for (let tries = 1; ; tries++) {
    try {
      return await job();
    } catch (error) {
      if (error.status !== 503 || !error.after || tries === TRIES) throw error;
      busy();
      await new Promise((resolve) => setTimeout(resolve, 1000 * error.after));
      signal.throwIfAborted();
    }
  }
}
