// The line to the server: pieces by XMLHttpRequest, since only that tells how much of one has gone.
import { send } from "../http";
import { PieceRefused, type Here, type Line } from "./sending";

export function lineOf(person: string, stop: AbortSignal): Line {
  const place = (id: string) => `/api/people/${person}/uploads/${id}`;
  return {
    here: (id) => send<Here>("GET", place(id)),
    piece: (id, at, piece, sent) => put(`${place(id)}?at=${at}`, piece, sent, stop),
    wait: (seconds) => paused(seconds, stop),
  };
}

function put(url: string, piece: Blob, sent: (bytes: number) => void, stop: AbortSignal): Promise<Here> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const aborted = () => request.abort();
    stop.addEventListener("abort", aborted, { once: true });
    request.open("PUT", url);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRF-Token", document.body.dataset["csrf"] ?? "");
    request.upload.onprogress = (event) => sent(event.loaded);
    request.onload = () => {
      const answer = (request.response ?? {}) as Here & { title?: string; detail?: string };
      if (request.status === 200) resolve(answer);
      else if (request.status >= 500) reject(new Error(request.statusText));
      else reject(new PieceRefused(request.status, answer.title ?? request.statusText, answer.detail ?? ""));
    };
    request.onerror = () => reject(new Error("the line broke"));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onloadend = () => stop.removeEventListener("abort", aborted);
    request.send(piece);
  });
}

function paused(seconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    stop.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("stopped", "AbortError"));
    }, { once: true });
  });
}
