// Requests to our own server: JSON in and out, with the token that shows they come from our page.

export class Refused extends Error {
  constructor(readonly status: number, readonly title: string, readonly detail: string) {
    super(title);
  }
}

export async function send<Answer>(method: string, url: string, body?: unknown): Promise<Answer> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "X-CSRF-Token": document.body.dataset["csrf"] ?? "",
  };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  let answer = await fetch(url, init);
  if (answer.status === 403 && (await renewToken())) {
    headers["X-CSRF-Token"] = document.body.dataset["csrf"] ?? "";
    answer = await fetch(url, init);
  }
  if (!answer.ok) {
    const told = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string };
    throw new Refused(answer.status, told.title ?? answer.statusText, told.detail ?? "");
  }
  return (answer.status === 204 ? undefined : await answer.json()) as Answer;
}

/** After a restart the server makes new tokens; whether this page has a new one now. */
async function renewToken(): Promise<boolean> {
  const answer = await fetch("/api/csrf").catch(() => null);
  if (!answer?.ok) return false;
  const { csrf } = (await answer.json()) as { csrf: string };
  const changed = csrf !== document.body.dataset["csrf"];
  document.body.dataset["csrf"] = csrf;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": csrf }));
  return changed;
}

/** What the server wrote into the page for its script. */
export function pageData<Data>(): Data {
  return JSON.parse(document.getElementById("page-data")?.textContent ?? "{}") as Data;
}
