// One exercise, coached: mirror, socket, voice and page together, from the start to the summary.
import { Refused, send } from "../http.ts";
import type { Seen } from "../pose/source.ts";
import { Voice, type Weight } from "../voice/voice.ts";
import { writeInstructions, type Card } from "./card.ts";
import type { Cue, CueKind, ExerciseFacts, Hello, Scene, ServerMessage } from "./messages.ts";
import { Mirror } from "./mirror.ts";
import { Panel } from "./panel.ts";
import { LiveSocket, socketUrl, type Link } from "./socket.ts";
import { NOTHING, summed, type Summary } from "./summary.ts";
import { viewOf } from "./view.ts";
import { Wake } from "./wake.ts";
import { liveWords, told } from "./words.ts";
import type { Files } from "../pose/network.ts";

export interface CoachOptions {
  readonly person: string;
  readonly card: Card;
  readonly files: Files;
  /** Language of what is said. */
  readonly voice: string;
  /** Besides the exercise: side, sets, repetitions, hold_s, planned (POST /api/people/ID/sets). */
  readonly dose?: Readonly<Record<string, unknown>>;
  /** The camera starts by itself: it was allowed, and somebody pressed something before. */
  readonly autostart?: boolean;
  /** Show the summary at the end; else the promise is all. */
  readonly summary?: boolean;
}

export interface Outcome {
  /** All of it done, stopped by pain, or ended before. */
  readonly kind: "done" | "stopped" | "ended";
  /** Of the record; null: nothing was kept. */
  readonly entry: string | null;
  /** Where to see it. */
  readonly url: string | null;
  readonly summary: Summary;
}

/** The rest is talk. */
const WEIGHTS: Readonly<Partial<Record<CueKind, Weight>>> = {
  go: "count", count: "count", hold: "count", stop: "urgent", fault: "urgent", done: "urgent", switch: "urgent", rest: "urgent",
};
/** The server keeps a set that is over before it says so; without it the set is over all the same. */
const ENDED_WITHIN_MS = 8_000;
const PAIN_ANSWER_MS = 30_000;

/** Coaches one exercise in the elements of templates/coach/live.html. */
export function runCoach(root: HTMLElement, options: CoachOptions): Promise<Outcome> {
  return new Promise((resolve) => new Run(root, options, resolve));
}

class Run {
  private readonly words = liveWords();
  private readonly panel: Panel;
  private readonly voice: Voice;
  private readonly mirror: Mirror;
  private readonly wake = new Wake();
  private readonly over = new AbortController();
  private socket: LiveSocket | null = null;
  private facts: ExerciseFacts | null = null;
  private scene: Scene | null = null;
  private summary: Summary = NOTHING;
  private asking = false;
  private paused = false;
  private pain = false;
  private ending = 0;

  constructor(root: HTMLElement, private readonly options: CoachOptions, private readonly resolve: (outcome: Outcome) => void) {
    this.panel = new Panel(root, this.words);
    this.voice = new Voice(options.voice);
    const [video, canvas] = [this.panel.part<HTMLVideoElement>("video"), this.panel.part<HTMLCanvasElement>("canvas")];
    this.mirror = new Mirror(video, canvas, options.files, {
      seen: (seen) => void this.seen(seen),
      state: (state) => this.panel.mirror(state),
      slow: (slow) => this.panel.shown("slow", slow),
    });
    this.fresh();
    this.listen();
    if (options.autostart) void this.start();
  }

  private fresh(): void {
    const { panel, options } = this;
    const headings = { setup: told(this.words, "setup"), how: told(this.words, "how"), camera: told(this.words, "camera") };
    writeInstructions(panel.part("instructions"), options.card, headings);
    for (const name of ["lost", "found", "slow", "summary", "cue"]) panel.shown(name, false);
    for (const name of ["pain", "end", "voice"]) panel.shown(name, true);
    panel.problem("");
    panel.voice(this.voice.muted);
    panel.view(viewOf(null, null), false);
    panel.mirror(this.mirror.state);
    void import("../demonstration/player.ts").then(({ showDemonstration }) =>
      showDemonstration(panel, options.card, this.over.signal),
    );
  }

  private listen(): void {
    const click = (name: string, then: () => void) =>
      this.panel.part(name).addEventListener("click", then, { signal: this.over.signal });
    click("start", () => void this.start());
    click("again", () => void this.start());
    click("pause", () => this.pause(!this.paused));
    click("skip-rest", () => this.socket?.command({ type: "skip_rest" }));
    click("end", () => this.end());
    click("pain", () => void this.hurts());
    click("voice", () => {
      this.voice.mute(!this.voice.muted);
      this.panel.voice(this.voice.muted);
    });
    const hidden = () => document.hidden && this.socket && !this.ending && this.pause(true);
    document.addEventListener("visibilitychange", hidden, { signal: this.over.signal });
    window.addEventListener("pagehide", () => this.socket?.command({ type: "end" }), { signal: this.over.signal });
  }

  private async start(): Promise<void> {
    void this.wake.keep();
    const state = await this.mirror.start();
    if (state.kind === "on") this.tell("say_begin");
  }

  private async seen(seen: Seen): Promise<void> {
    if (this.socket) {
      if (!this.paused) this.socket.push(seen.timeS, seen.landmarks, seen.brightness);
      return;
    }
    if (this.asking || this.ending) return;
    this.asking = true;
    const { person, card, dose } = this.options;
    try {
      const asked = { kind: "coach", exercise: card.id, ...dose };
      const made = await send<{ socket: string }>("POST", `/api/people/${person}/sets`, asked);
      if (!this.over.signal.aborted) this.connect(made.socket, seen);
    } catch (error) {
      this.refused(error);
    }
  }

  private connect(path: string, seen: Seen): void {
    const { detector, fovDeg } = this.mirror.source!;
    const lens = fovDeg === undefined ? {} : { fov_deg: fovDeg };
    const hello = (): Hello => ({ type: "hello", width_px: seen.widthPx, height_px: seen.heightPx, detector, ...lens });
    this.socket = new LiveSocket(socketUrl(path), hello, {
      link: (link, why) => this.linked(link, why),
      message: (message) => this.heard(message),
    });
    this.socket.open();
  }

  private refused(error: unknown): void {
    this.asking = false;
    this.mirror.stop();
    if (error instanceof Refused) this.panel.failed(error.title, error.detail);
    else this.panel.failed(told(this.words, "no_server"), told(this.words, "no_server_hint"));
  }

  /** Words of the page itself. */
  private tell(key: string, weight: Weight = "talk"): void {
    this.voice.say({ words: told(this.words, key), weight });
  }

  private linked(link: Link, why: string): void {
    const lost = link === "lost";
    const before = this.panel.root.dataset["link"];
    if (link !== "connecting") this.panel.root.dataset["link"] = link;
    if (lost && before !== "lost") this.tell("say_lost", "urgent");
    if (link === "open" && before === "lost") {
      this.panel.found();
      this.tell("say_found");
    }
    if (link !== "connecting") this.panel.shown("lost", lost);
    if (link === "refused" || link === "replaced") this.panel.problem(why || told(this.words, link));
  }

  private heard(message: ServerMessage): void {
    if (message.type === "ready") {
      this.facts = message.exercise ?? this.facts;
      if (message.paused !== this.paused) this.socket?.command({ type: this.paused ? "pause" : "go_on" });
      this.panel.shown("pause", true);
      this.show(message.scene ?? this.scene);
    }
    if (message.type === "scene") this.scened(message);
    if (message.type === "problem") this.panel.problem(`${message.title} ${message.detail}`.trim());
    if (message.type === "ended") this.finish(message.entry ?? null, message.url ?? null);
  }

  private scened(scene: Scene): void {
    const before = this.scene?.status;
    this.panel.root.dataset["sceneS"] = String(scene.time_s);
    this.summary = summed(this.summary, scene);
    for (const cue of scene.cues) this.say(cue);
    if (before === "rest" && scene.status === "ready") {
      this.tell("say_rest_over", "urgent");
      this.panel.cue(told(this.words, "say_rest_over"), "go");
    }
    this.show(scene);
    if ((scene.status === "done" || scene.status === "stopped") && !this.ending) this.end();
  }

  private say(cue: Cue): void {
    const weight = WEIGHTS[cue.kind] ?? "talk";
    this.voice.say({ words: cue.words, weight });
    if (weight !== "count") this.panel.cue(cue.words, cue.kind);
  }

  private show(scene: Scene | null): void {
    this.scene = scene;
    this.mirror.firing = scene?.firing ?? [];
    this.panel.view(viewOf(this.facts, scene), this.paused);
  }

  private pause(paused: boolean): void {
    if (!this.socket || paused === this.paused) return;
    this.paused = paused;
    this.socket.command({ type: paused ? "pause" : "go_on" });
    this.panel.paused(paused);
    this.tell(paused ? "say_paused" : "say_go_on");
    this.show(this.scene);
  }

  /** Nothing counts from the press on; how strong it is may be told, or not. */
  private async hurts(): Promise<void> {
    this.tell("say_stopped", "urgent");
    const wasPaused = this.paused;
    this.pause(true);
    const late = new Promise<{ type: "pain" }>((then) => setTimeout(() => then({ type: "pain" }), PAIN_ANSWER_MS));
    const answer = await Promise.race([this.panel.askPain(), late]);
    this.panel.part<HTMLDialogElement>("pain-dialog").close();
    if (!answer) return void (wasPaused || this.pause(false));
    this.pain = true;
    this.socket?.command(answer);
    this.end();
  }

  private end(): void {
    if (this.ending) return;
    if (!this.socket) return this.finish(null, null);
    this.socket.command({ type: "end" });
    this.ending = window.setTimeout(() => this.finish(null, null), ENDED_WITHIN_MS);
  }

  private finish(entry: string | null, url: string | null): void {
    if (this.over.signal.aborted) return;
    clearTimeout(this.ending);
    this.ending = 1;
    this.over.abort();
    this.socket?.close();
    this.mirror.stop();
    void this.wake.let();
    const done = this.scene?.status === "done";
    const kind = this.pain || this.scene?.status === "stopped" ? "stopped" : done ? "done" : "ended";
    const { panel, summary } = this;
    for (const name of ["panel", "count", "chip", "pause", "pain", "end", "skip-rest", "cue"]) panel.shown(name, false);
    if (this.options.summary) panel.summary(told(this.words, kind === "stopped" ? "stopped" : "done"), summary);
    this.resolve({ kind, entry, url, summary });
  }
}
