// A guided test in its page: the machine decides, this does it: mirror, sets, voice, buttons, keys.
import { Refused, send } from "../http.ts";
import { Mirror } from "../live/mirror.ts";
import type { Scene } from "../live/messages.ts";
import type { Words } from "../live/words.ts";
import { Wake } from "../live/wake.ts";
import type { Files } from "../pose/network.ts";
import type { Seen } from "../pose/source.ts";
import { MirroredTags } from "../tags/mirrored.ts";
import { SHARP, type TagFiles } from "../tags/watcher.ts";
import { Voice } from "../voice/voice.ts";
import { Line } from "./line.ts";
import { BEGIN, sideOf, step, type Effect, type Event, type Plan, type State } from "./machine.ts";
import { angleOf, shownOf } from "./show.ts";
import { Stage } from "./stage.ts";

export interface TestOptions {
  readonly person: string;
  readonly protocol: string;
  readonly sides: readonly string[];
  readonly trials: number;
  readonly timed_s: number;
  readonly voice: string;
  readonly files: Files;
  readonly tags: TagFiles;
  readonly words: Words;
}

const TICK_MS = 100;
/** Words over the mirror that are about a moment. */
const SAID_FOR_MS = 3_000;
const TRIES = 4;
const PAUSE_MS = 1_500;
const KEYS: Readonly<Record<string, "redo" | "wait" | "stop">> = { r: "redo", w: "wait", Escape: "stop" };

export class GuidedTest {
  private state: State = BEGIN;
  private readonly plan: Plan;
  private readonly stage: Stage;
  private readonly mirror: Mirror;
  private readonly wake = new Wake();
  private line: Line | null = null;
  private starting = false;
  private tags: MirroredTags | null = null;

  constructor(root: HTMLElement, private readonly options: TestOptions) {
    this.plan = { sides: options.sides, trials: options.trials, timedS: options.timed_s };
    this.stage = new Stage(root, options.words, new Voice(options.voice));
    const [video, canvas] = [this.stage.part<HTMLVideoElement>("video"), this.stage.part<HTMLCanvasElement>("canvas")];
    this.mirror = new Mirror(video, canvas, options.files, {
      seen: (seen) => this.seen(seen),
      state: (state) => this.stage.mirror(state),
      slow: (slow) => this.stage.show("slow", slow),
    });
    this.listen();
    this.stage.part<HTMLButtonElement>("go").disabled = false;
    this.show();
    setInterval(() => this.happened({ kind: "tick", timeS: performance.now() / 1000 }), TICK_MS);
  }

  private listen(): void {
    this.stage.on("go", () => void this.go());
    this.stage.on("redo", () => this.happened({ kind: "redo" }));
    this.stage.on("wait", () => this.happened({ kind: "wait" }));
    this.stage.on("pain", () => this.hurts());
    document.addEventListener("keydown", (event) => {
      const pressed = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!pressed || event.ctrlKey || event.metaKey || event.altKey) return;
      if (pressed !== "stop" && this.stage.part(pressed).hidden) return;
      event.preventDefault();
      this.happened({ kind: pressed });
    });
    window.addEventListener("pagehide", () => this.line?.close());
  }

  private async go(): Promise<void> {
    if (this.mirror.state.kind === "on" || this.state.phase === "assessing") return this.happened({ kind: "go" });
    if (this.starting) return;
    this.starting = true;
    this.stage.root.dataset["phase"] = "starting";
    void this.wake.keep();
    const state = await this.mirror.start(this.wears() ? SHARP : {});
    this.starting = false;
    if (state.kind === "on") this.happened({ kind: "go" });
    else this.stage.text("go", this.stage.word("again"));
  }

  /** Boards are looked for only where somebody says that they are worn. */
  private wears(): boolean {
    if (!this.stage.part<HTMLInputElement>("wear-tags").checked) return false;
    this.tags ??= new MirroredTags(this.mirror, this.options.tags, {
      tags: (timeS, tags) => this.line?.pushTags(timeS, tags),
      line: (words) => this.stage.text("tags", words),
    });
    return true;
  }

  private hurts(): void {
    this.line?.pain();
    this.happened({ kind: "stop" });
  }

  private seen(seen: Seen): void {
    this.line?.push(seen, this.mirror.source!);
    this.tags?.look(seen);
  }

  private happened(event: Event): void {
    const before = this.state;
    const next = step(this.plan, this.state, event);
    this.state = next.state;
    for (const effect of next.effects) this.do(effect);
    if (next.state !== before) this.show();
  }

  private do(effect: Effect): void {
    if (effect.kind === "say") {
      const words = /^\d+$/.test(effect.key) ? effect.key : this.stage.word(effect.key, { n: effect.n ?? 0 });
      this.stage.say(words, effect.brief ? "count" : "urgent");
      if (!effect.brief) this.stage.text("say", words, this.state.phase === "recording" ? SAID_FOR_MS : Infinity);
    } else if (effect.kind === "open") void this.open(effect.recording, effect.side);
    else if (effect.kind === "close") void this.close(effect.keep);
    else void this.assess(effect.takes);
  }

  private async open(recording: boolean, side: string): Promise<void> {
    this.line?.close();
    const asked = { kind: "test", protocol: this.options.protocol, ...(side ? { side } : {}) };
    const line: Line = new Line(this.options.person, asked, {
      scene: (scene) => line === this.line && this.scened(scene, recording),
      link: (link, why) => this.linked(link, why),
      problem: (words) => this.stage.text("problem", words),
    });
    this.line = line;
    try {
      await line.open();
      this.stage.text("problem", "");
    } catch (error) {
      if (line === this.line) this.failed(error);
    }
  }

  private scened(scene: Scene, recording: boolean): void {
    if (!recording) {
      for (const cue of scene.cues) this.stage.say(cue.words);
      if (this.state.phase === "placing" && scene.placement) this.stage.text("say", scene.placement.words);
    }
    this.stage.text("angle", recording ? angleOf(scene.angles) : "");
    this.happened({ kind: "scene", scene, timeS: performance.now() / 1000 });
  }

  private linked(link: string, why: string): void {
    this.stage.show("lost", link === "lost");
    if (link === "refused" || link === "replaced") this.stage.text("problem", why || this.stage.word(link));
  }

  private async close(keep: boolean): Promise<void> {
    const line = this.line;
    this.line = null;
    this.stage.text("angle", "");
    if (!line) return;
    const ended = line.end();
    if (!keep) return;
    await ended;
    try {
      const kept = await this.persist(() =>
        send<{ id: string }>("POST", `/api/people/${this.options.person}/tests/${this.options.protocol}/takes`, { live_set: line.id }),
      );
      this.happened({ kind: "kept", take: kept.id });
    } catch (error) {
      this.failed(error);
    }
  }

  private async assess(takes: readonly string[]): Promise<void> {
    try {
      const where = await this.persist(() =>
        send<{ url: string }>("POST", `/api/people/${this.options.person}/tests/${this.options.protocol}/results`, { takes }),
      );
      this.mirror.stop();
      void this.wake.let();
      location.assign(where.url);
    } catch (error) {
      this.stage.text("problem", error instanceof Refused ? `${error.title}. ${error.detail}` : this.stage.word("lost"));
    }
  }

  /** A server that does not answer is asked again, a few times. */
  private async persist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    for (let turn = 1; ; turn += 1) {
      try {
        return await ask();
      } catch (error) {
        if (error instanceof Refused || turn >= TRIES) throw error;
        this.stage.text("problem", this.stage.word("lost"));
        await new Promise((then) => setTimeout(then, PAUSE_MS * turn));
        this.stage.text("problem", "");
      }
    }
  }

  private failed(error: unknown): void {
    const words = error instanceof Refused ? `${error.title}. ${error.detail}` : this.stage.word("no_server");
    this.stage.text("problem", words);
    this.happened({ kind: "failed" });
  }

  private show(): void {
    const { stage, state, plan } = this;
    const shown = shownOf(plan, state);
    const changed = stage.root.dataset["phase"] !== state.phase;
    stage.root.dataset["phase"] = state.phase;
    stage.root.dataset["trouble"] = state.trouble;
    const go = stage.part<HTMLButtonElement>("go");
    if (shown.go) stage.text("go", stage.word(shown.go));
    go.hidden = !shown.go;
    for (const name of ["redo", "wait", "pain"] as const) stage.show(name, shown[name]);
    stage.text("chip", shown.chip.map((key) => stage.word(key)).join(" · "));
    stage.text("number", shown.number);
    stage.text("of", shown.unit === "of" ? stage.word("of", { of: plan.trials }) : shown.unit ? stage.word(shown.unit) : "");
    stage.show("count", shown.number !== "");
    stage.show("intro", state.phase === "intro");
    stage.show("how", state.phase !== "intro");
    stage.text("between", shown.between ? stage.word(shown.between, { n: Math.ceil(state.leftS) || 0 }) : "");
    for (const figure of stage.root.querySelectorAll<HTMLElement>("[data-picture]")) figure.hidden = figure.dataset["picture"] !== sideOf(plan, state);
    // The main button is always where Enter and the space bar are.
    if (changed && !go.hidden) go.focus({ preventScroll: state.phase !== "placing" });
  }
}
