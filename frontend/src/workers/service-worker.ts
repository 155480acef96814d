// Keeps the app's own files by build, and of pages only what says that it may be kept: the last plan and today's
// session of the one person who reads them. Never an answer of the API, never an export. Self-contained: the
// server puts `self.coxa` before it (src/coxa/web/pwa/routes.py).
import { asCopy, asUnsent, dayOf, figuresIn, keepable, keepOf, kindOf, shownOn, withoutToken } from "../pwa/policy.ts";

interface Told {
  readonly build: string;
  readonly shell: readonly string[];
}

const worker = self as unknown as ServiceWorkerGlobalScope & { readonly coxa: Told };
const { build, shell } = worker.coxa;
const STATIC = `coxa-static-${build}`;
const KEPT = "coxa-kept";
const HEADER = "x-coxa-keep";
const GONE = new Set([502, 503, 504]);
const REFUSED = new Set([401, 403, 404, 410]);

worker.addEventListener("install", (event) => {
  const fill = async () => (await caches.open(STATIC)).addAll([...shell]);
  event.waitUntil(fill().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const take = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("coxa-static-") && name !== STATIC);
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.registration.navigationPreload?.enable();
    await worker.clients.claim();
    // Pages of before name files of the build before.
    if (old.length) {
      const before = await kept();
      await forget();
      await again(before);
    }
  };
  event.waitUntil(take());
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== worker.location.origin || event.request.headers.has("range")) return;
  const { method, mode } = event.request;
  const kind = kindOf({ method, mode, path: url.pathname }, build);
  if (kind === "static") event.respondWith(fromStatic(event.request));
  if (kind === "figure") event.respondWith(figure(event.request));
  if (kind === "page") event.respondWith(page(event, url.pathname));
  if (kind === "change" && mode === "navigate") event.respondWith(change(event));
  else if (kind === "change" && worker.navigator.onLine) event.waitUntil(forget());
});

worker.addEventListener("message", (event) => {
  const told = event.data as { type?: string; path?: string };
  const answer = async () => {
    if (told.type === "forget") await forget();
    if (told.type === "keep" && told.path && keepable(told.path)) await keep(told.path);
    event.ports[0]?.postMessage(told.type === "kept" ? await kept() : []);
  };
  event.waitUntil(answer());
});

async function fromStatic(request: Request): Promise<Response> {
  const cache = await caches.open(STATIC);
  const found = await cache.match(request.url);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.status === 200) await cache.put(request.url, answer.clone());
  return answer;
}

async function figure(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await (await caches.open(KEPT)).match(request.url);
    if (found) return found;
    throw error;
  }
}

async function page(event: FetchEvent, path: string): Promise<Response> {
  let answer: Response;
  try {
    answer = ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
  } catch {
    return (await copy(path)) ?? offline();
  }
  if (GONE.has(answer.status)) return (await copy(path)) ?? answer;
  if (answer.headers.has(HEADER)) event.waitUntil(remember(path, answer.clone()));
  // Neither the page nor a word that it may be kept: signed out, or it is nobody's any more.
  else if (keepable(path) && (REFUSED.has(answer.status) || answer.type === "opaqueredirect")) event.waitUntil(forget());
  return answer;
}

/**
 * A form was sent: what was kept is not what is now, and must be gone before the next page is asked for. It is
 * asked for anew, and kept if the server still says so.
 */
async function change(event: FetchEvent): Promise<Response> {
  try {
    const before = await kept();
    const answer = await fetch(event.request);
    await forget();
    event.waitUntil(again(before));
    return answer;
  } catch {
    return offline(asUnsent);
  }
}

async function remember(path: string, answer: Response): Promise<void> {
  const told = keepOf(answer.headers.get(HEADER));
  if (!told || told.until === "never") return forget();
  if (!keepable(path) || answer.status !== 200) return;
  const others = (await kept()).some((one) => !one.path.startsWith(`/p/${told.person}/`));
  if (others) await forget();
  const html = withoutToken(await answer.text());
  const cache = await caches.open(KEPT);
  const headers = { "content-type": "text/html; charset=utf-8", [HEADER]: `${told.person} ${told.until}` };
  for (const name of ["content-security-policy", "permissions-policy", "cross-origin-opener-policy"]) {
    const value = answer.headers.get(name);
    if (value) Object.assign(headers, { [name]: value });
  }
  await cache.put(path, new Response(html, { headers }));
  const figures = figuresIn(html);
  await Promise.all(figures.map((one) => put(cache, one)));
  if (path.endsWith("/plan")) await keep(`/p/${told.person}/session`);
}

async function put(cache: Cache, address: string): Promise<void> {
  if (await cache.match(address)) return;
  const answer = await fetch(address).catch(() => null);
  if (answer?.status === 200) await cache.put(address, answer);
}

/** Asks for a page in order to keep it. */
async function keep(path: string): Promise<void> {
  const answer = await fetch(path, { headers: { accept: "text/html" }, redirect: "manual" }).catch(() => null);
  if (answer?.headers.has(HEADER)) await remember(path, answer);
}

/** A plan brings its session along. */
async function again(before: readonly { path: string }[]): Promise<void> {
  const plans = before.filter(({ path }) => path.endsWith("/plan"));
  for (const { path } of plans.length ? plans : before) await keep(path);
}

async function forget(): Promise<void> {
  await caches.delete(KEPT);
}

/** Pages that may be shown today. */
async function kept(): Promise<{ path: string }[]> {
  const cache = await caches.open(KEPT);
  const found: { path: string }[] = [];
  for (const request of await cache.keys()) {
    const told = keepOf((await cache.match(request))?.headers.get(HEADER) ?? null);
    if (told && shownOn(told, dayOf(new Date()))) found.push({ path: new URL(request.url).pathname });
  }
  return found;
}

async function copy(path: string): Promise<Response | null> {
  const found = await (await caches.open(KEPT)).match(path);
  const told = keepOf(found?.headers.get(HEADER) ?? null);
  if (!found || !told || !shownOn(told, dayOf(new Date()))) return null;
  return new Response(asCopy(await found.text()), { headers: found.headers });
}

async function offline(as: (html: string) => string = (html) => html): Promise<Response> {
  const found = await (await caches.open(STATIC)).match("/offline");
  if (!found) return Response.error();
  return new Response(as(await found.text()), { status: 503, headers: found.headers });
}
