// The page of uploads: choose, send with progress, open the job.
import { pageData, Refused, send } from "../http";
import { lineOf } from "../upload/line";
import { filled, heightOf, PieceRefused, sendFile, type Here } from "../upload/sending";

interface Data {
  person: string;
  most_mb: number;
  most_files: number;
  locale: string;
  words: Record<"sent" | "resumed" | "too_large" | "too_many" | "remove" | "queued" | "stopped" | "offline", string>;
}

interface Chosen {
  readonly file: File;
  readonly role: string;
}

const MB = 1 << 20;
const data = pageData<Data>();
const form = need<HTMLFormElement>("#upload");
const recordings = need<HTMLInputElement>("#recordings");
const list = need<HTMLElement>("[data-chosen]");
const drop = need<HTMLElement>("[data-drop]");
const sendButton = need<HTMLButtonElement>("#send");
const stopButton = need<HTMLButtonElement>("#stop");
const sending = need<HTMLElement>("#sending");
const bar = need<HTMLProgressElement>("#sent");
const said = need<HTMLElement>("[data-sent]");
const number = new Intl.NumberFormat(data.locale, { maximumFractionDigits: 1 });
let films: File[] = [];
let stop = new AbortController();

function need<Kind extends Element>(selector: string): Kind {
  const found = document.querySelector<Kind>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

function value(name: string): string {
  return String(new FormData(form).get(name) ?? "");
}

function others(): Chosen[] {
  return ["calibration", "phone", "mapping", "static", "helped"].flatMap((role) =>
    [...(form.querySelector<HTMLInputElement>(`#${role}`)?.files ?? [])].map((file) => ({ file, role })),
  );
}

function fault(file: File): string {
  return file.size > data.most_mb * MB ? filled(data.words.too_large, { name: file.name, mb: data.most_mb }) : "";
}

function show(): void {
  list.replaceChildren(
    ...films.map((file, index) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const wrong = fault(file);
      name.textContent = wrong || `${file.name} · ${number.format(file.size / MB)} MB`;
      name.classList.toggle("wrong", wrong !== "");
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "plain";
      remove.textContent = "×";
      remove.setAttribute("aria-label", filled(data.words.remove, { name: file.name }));
      remove.addEventListener("click", () => {
        films = films.filter((_, at) => at !== index);
        show();
        recordings.focus();
      });
      row.append(name, remove);
      return row;
    }),
  );
  const some = films.length > 0 || others().some((one) => one.role === "phone");
  sendButton.disabled = !some || !value("protocol") || films.some((one) => fault(one) !== "");
}

function add(files: Iterable<File>): void {
  films = [...films, ...files];
  recordings.value = "";
  show();
}

function refuse(title: string, detail: string): void {
  const place = need<HTMLElement>("#refused");
  need<HTMLElement>("#refused [data-title]").textContent = title;
  need<HTMLElement>("#refused [data-detail]").textContent = detail;
  place.hidden = false;
  place.focus();
}

async function sendAll(files: readonly Chosen[]): Promise<string[]> {
  const all = files.reduce((sum, one) => sum + one.file.size, 0);
  const line = lineOf(data.person, stop.signal);
  const ids: string[] = [];
  let before = 0;
  for (const { file, role } of files) {
    const begun = await send<Here>("POST", `/api/people/${data.person}/uploads`, {
      name: file.name,
      size_bytes: file.size,
      role,
    });
    ids.push(begun.id);
    await sendFile(file, begun, line, {
      sent(bytes) {
        bar.value = (before + bytes) / all;
        said.textContent = filled(data.words.sent, {
          sent: number.format((before + bytes) / MB),
          all: number.format(all / MB),
        });
      },
      broken(seconds) {
        said.textContent = filled(data.words.resumed, { s: seconds });
      },
    });
    before += file.size;
  }
  return ids;
}

async function submit(): Promise<void> {
  const files = [...films.map((file) => ({ file, role: "recording" })), ...others()];
  const told = value("height").trim();
  const height = told ? heightOf(told) : null;
  need<HTMLElement>("#height-error").hidden = !(told && height === null);
  need<HTMLInputElement>("#height").toggleAttribute("aria-invalid", Boolean(told && height === null));
  if (told && height === null) return need<HTMLInputElement>("#height").focus();
  if (files.length > data.most_files) return refuse(filled(data.words.too_many, { n: data.most_files }), "");
  const side = value("side");
  const ids = await sendAll(files);
  said.textContent = data.words.queued;
  const job = await send<{ id: string }>("POST", `/api/people/${data.person}/jobs`, {
    files: ids,
    protocol: value("protocol"),
    sides: side ? [side] : [],
    height_m: height,
    pose: value("pose"),
    on: value("on") || null,
  });
  location.assign(`/p/${data.person}/jobs/${job.id}`);
}

function busy(now: boolean): void {
  sending.hidden = !now;
  stopButton.hidden = !now;
  sendButton.disabled = now;
  if (!now) show();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (sendButton.disabled) return;
  need<HTMLElement>("#refused").hidden = true;
  stop = new AbortController();
  busy(true);
  submit().catch((error: unknown) => {
    if (error instanceof Refused || error instanceof PieceRefused) refuse(error.title, error.detail);
    else if (error instanceof DOMException && error.name === "AbortError") refuse(data.words.stopped, "");
    else refuse(data.words.offline, "");
  }).finally(() => busy(false));
});
stopButton.addEventListener("click", () => stop.abort());
recordings.addEventListener("change", () => add([...(recordings.files ?? [])]));
form.addEventListener("change", show);
for (const kind of ["dragenter", "dragover"] as const) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.toggleAttribute("data-over", true);
  });
}
for (const kind of ["dragleave", "drop"] as const) drop.addEventListener(kind, () => drop.removeAttribute("data-over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  add([...(event.dataTransfer?.files ?? [])]);
});
show();
