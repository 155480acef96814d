// What the service worker does with a request, decided without a browser. See src/coxa/web/pwa/keeping.py.

export type Kind = "static" | "page" | "figure" | "change" | "other";

export interface Asked {
  readonly method: string;
  /** `navigate` where a person went somewhere. */
  readonly mode: string;
  readonly path: string;
}

/** What a page says of being kept: of whom, and until when it may be shown. */
export interface Keep {
  readonly person: string;
  readonly until: string;
}

const PAGE = /^\/p\/([0-9a-f-]{36})\/(plan|session)$/;
const FIGURE = /^\/p\/([0-9a-f-]{36})\/exercises\/[a-z0-9_]+\/figure\.svg$/;
const OF_PERSON = /^\/(p|api\/people)\//;
/** Sets, jobs and what is sent for them: they change nothing that a plan or a session shows, and may be large. */
const ASIDE = /^\/(p|api\/people)\/[^/]+\/(sets|jobs|uploads?|phone|tags|test)(\/|$)/;
const LEAVING = /^\/(sign-out|sign-in|(account|clients|kiosk)(\/|$))/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** What to do with a request to our own server; other servers are never asked here. */
export function kindOf(asked: Asked, build: string): Kind {
  if (asked.method !== "GET" && asked.method !== "HEAD") {
    if (ASIDE.test(asked.path)) return "other";
    return OF_PERSON.test(asked.path) || LEAVING.test(asked.path) ? "change" : "other";
  }
  if (asked.method !== "GET") return "other";
  if (asked.path.startsWith(`/static/${build}/`)) return "static";
  if (FIGURE.test(asked.path)) return "figure";
  return asked.mode === "navigate" ? "page" : "other";
}

/** Whether a page of this path is one that may ever be kept. */
export function keepable(path: string): boolean {
  return PAGE.test(path);
}

/** The header of an answer, read; null: nothing is said of keeping it. */
export function keepOf(header: string | null): Keep | null {
  const [person = "", until = ""] = (header ?? "").split(" ");
  if (!/^[0-9a-f-]{36}$/.test(person)) return null;
  // What cannot be read is not kept.
  return { person, until: until === "any" || DAY.test(until) ? until : "never" };
}

/** Whether a kept page may still be shown on a day (`2026-11-22`). */
export function shownOn(keep: Keep, day: string): boolean {
  return keep.until === "any" || (DAY.test(keep.until) && day <= keep.until);
}

/** A page as it is kept: without the token of the reader's sign-in. */
export function withoutToken(html: string): string {
  const token = /data-csrf="([^"]*)"/.exec(html)?.[1];
  return token ? html.replaceAll(token, "") : html;
}

/** A kept page as it is shown: it says that it is a copy, and of when. */
export function asCopy(html: string): string {
  return html.replaceAll("data-kept-copy hidden", "data-kept-copy");
}

/** The page for when there is no connection, saying that what was sent did not arrive. */
export function asUnsent(html: string): string {
  return html.replaceAll("data-unsent hidden", "data-unsent");
}

/** Addresses of the figures that a page shows. */
export function figuresIn(html: string): string[] {
  const found = [...html.matchAll(/src="(\/p\/[^"]+\/figure\.svg[^"]*)"/g)].map((one) => one[1]!.replaceAll("&amp;", "&"));
  return [...new Set(found)];
}

/** A day as the clock on the wall has it. */
export function dayOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
