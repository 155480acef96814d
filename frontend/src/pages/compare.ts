// Two films side by side: the second follows the first.
import { inStep, momentAt, steps, type Moment, type Step } from "../compare/align";
import { pageData } from "../http";

interface Data {
  moments: [Moment[], Moment[]];
  words: Record<"play" | "pause" | "repetition" | "left" | "right" | "between", string>;
}

// A film may be so far off before it is put in its place; less is caught up by running a little quicker.
const SEEK_S = 0.25;
const SLOWEST = 0.1;
const QUICKEST = 4;
const data = pageData<Data>();
const first = document.querySelector<HTMLVideoElement>('video[data-film="0"]');
const second = document.querySelector<HTMLVideoElement>('video[data-film="1"]');
const controls = document.querySelector<HTMLElement>("[data-in-step]");
if (first && second && controls) void begin(first, second, controls);

function loaded(film: HTMLVideoElement): Promise<void> {
  if (film.readyState >= HTMLMediaElement.HAVE_METADATA) return Promise.resolve();
  return new Promise((resolve, reject) => {
    film.addEventListener("loadedmetadata", () => resolve(), { once: true });
    film.addEventListener("error", () => reject(new Error("the film cannot be shown")), { once: true });
  });
}

async function begin(a: HTMLVideoElement, b: HTMLVideoElement, place: HTMLElement): Promise<void> {
  try {
    await Promise.all([loaded(a), loaded(b)]);
  } catch {
    return; // the films keep their own controls
  }
  const all = steps(data.moments[0], data.moments[1], a.duration, b.duration);
  const play = place.querySelector<HTMLButtonElement>("[data-play]");
  const speed = place.querySelector<HTMLSelectElement>("[data-speed]");
  const scrub = place.querySelector<HTMLInputElement>("[data-scrub]");
  const where = place.querySelector<HTMLElement>("[data-where]");
  if (!play || !speed || !scrub || !where) return;
  a.controls = false;
  b.controls = false;
  place.hidden = false;

  const tell = () => {
    const now = momentAt(data.moments[0], a.currentTime);
    const side = now?.side === "left" ? data.words.left : now?.side === "right" ? data.words.right : "";
    where.textContent = now ? `${data.words.repetition.replace("{n}", String(now.number))} ${side}`.trim() : data.words.between;
  };
  const follow = () => {
    put(a, b, all, Number(speed.value));
    scrub.value = String(Math.round((1000 * a.currentTime) / a.duration));
    tell();
    if (!a.paused) requestAnimationFrame(follow);
  };
  const begun = a.duration ? all[1]?.a ?? 0 : 0;
  a.currentTime = Math.max(begun - 0.2, 0);
  play.addEventListener("click", () => {
    if (a.paused) {
      if (a.ended) a.currentTime = 0;
      void a.play();
    } else a.pause();
  });
  a.addEventListener("play", () => {
    a.playbackRate = Number(speed.value);
    void b.play();
    play.textContent = data.words.pause;
    play.setAttribute("aria-pressed", "true");
    requestAnimationFrame(follow);
  });
  a.addEventListener("pause", () => {
    b.pause();
    play.textContent = data.words.play;
    play.setAttribute("aria-pressed", "false");
    follow();
  });
  a.addEventListener("seeked", follow);
  speed.addEventListener("change", () => {
    a.playbackRate = Number(speed.value);
  });
  scrub.addEventListener("input", () => {
    a.currentTime = (Number(scrub.value) / 1000) * a.duration;
  });
}

function put(a: HTMLVideoElement, b: HTMLVideoElement, all: readonly Step[], speed: number): void {
  const { time, rate } = inStep(all, a.currentTime);
  const off = time - b.currentTime;
  if (a.paused || Math.abs(off) > SEEK_S) b.currentTime = time;
  // Catches up within about half a second.
  b.playbackRate = Math.min(Math.max(speed * rate + 2 * off, SLOWEST), QUICKEST);
}
