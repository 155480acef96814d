// The page's side of the service worker.

export interface KeptPage {
  readonly path: string;
}

/** Begins to look after the app's files; a page that was here before the worker is kept now. */
export async function register(): Promise<void> {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  const first = navigator.serviceWorker.controller === null;
  await navigator.serviceWorker.register("/service-worker.js");
  if (!first || !document.querySelector("[data-kept-copy]")) return;
  const ready = await navigator.serviceWorker.ready;
  ready.active?.postMessage({ type: "keep", path: location.pathname });
}

/** Asks the worker; null: there is none, or it does not answer. */
export async function ask(told: { type: "forget" | "kept" }): Promise<KeptPage[] | null> {
  if (!("serviceWorker" in navigator)) return null;
  const active = (await navigator.serviceWorker.getRegistration())?.active;
  if (!active) return null;
  const channel = new MessageChannel();
  return new Promise((resolve) => {
    channel.port1.onmessage = (event: MessageEvent<KeptPage[]>) => resolve(event.data);
    active.postMessage(told, [channel.port2]);
    setTimeout(() => resolve(null), 3_000);
  });
}
