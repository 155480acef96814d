// The camera check in its page: does the camera see all of somebody?
import { Refused } from "../http.ts";
import { Mirror } from "../live/mirror.ts";
import type { Scene } from "../live/messages.ts";
import type { Words } from "../live/words.ts";
import type { Files } from "../pose/network.ts";
import type { Seen } from "../pose/source.ts";
import { Voice } from "../voice/voice.ts";
import { Line } from "./line.ts";
import { Stage } from "./stage.ts";

export interface CheckOptions {
  readonly person: string;
  readonly voice: string;
  readonly files: Files;
  readonly words: Words;
}

/** So long must everything be well. */
const WELL_MS = 1_500;

export class CameraCheck {
  private readonly stage: Stage;
  private readonly mirror: Mirror;
  private line: Line | null = null;
  private wellMs = NaN;

  constructor(root: HTMLElement, private readonly options: CheckOptions) {
    this.stage = new Stage(root, options.words, new Voice(options.voice));
    const [video, canvas] = [this.stage.part<HTMLVideoElement>("video"), this.stage.part<HTMLCanvasElement>("canvas")];
    this.mirror = new Mirror(video, canvas, options.files, {
      seen: (seen: Seen) => this.line?.push(seen, this.mirror.source!),
      state: (state) => this.stage.mirror(state),
      slow: (slow) => this.stage.show("slow", slow),
    });
    this.stage.on("go", () => void (this.line ? this.stop() : this.start()));
    this.stage.part<HTMLSelectElement>("cameras").addEventListener("change", (event) => void this.choose((event.target as HTMLSelectElement).value));
    this.stage.part<HTMLButtonElement>("go").disabled = false;
    window.addEventListener("pagehide", () => this.line?.close());
  }

  private async start(): Promise<void> {
    this.phase("working");
    const state = await this.mirror.start();
    if (state.kind !== "on") {
      this.phase("off");
      this.stage.text("go", this.stage.word("again"));
      return;
    }
    await this.listCameras();
    const line = new Line(this.options.person, { kind: "camera" }, {
      scene: (scene) => this.scened(scene),
      link: (link) => this.stage.show("lost", link === "lost"),
      problem: (words) => this.stage.text("problem", words),
    });
    try {
      await line.open();
      this.line = line;
      this.stage.text("go", this.stage.word("stop"));
    } catch (error) {
      this.mirror.stop();
      this.phase("off");
      this.stage.text("problem", error instanceof Refused ? `${error.title}. ${error.detail}` : this.stage.word("no_server"));
    }
  }

  private stop(): void {
    this.line?.close();
    this.line = null;
    this.mirror.stop();
    this.stage.text("go", this.stage.word("start"));
    this.stage.text("say", "");
    this.phase("off");
  }

  private scened(scene: Scene): void {
    for (const cue of scene.cues) this.stage.say(cue.words);
    const placed = scene.placement;
    if (!placed) return;
    const now = performance.now();
    if (placed.trouble !== "well") this.wellMs = NaN;
    else if (Number.isNaN(this.wellMs)) this.wellMs = now;
    const well = now - this.wellMs >= WELL_MS;
    this.stage.root.dataset["trouble"] = placed.trouble === "well" ? "" : placed.trouble;
    this.stage.text("say", well ? this.stage.word("seen") : placed.words);
    if (well && this.stage.part("onward").hidden) {
      this.phase("seen");
      this.stage.show("onward", true);
      this.stage.part("onward").focus();
    }
  }

  private async listCameras(): Promise<void> {
    const found = await this.mirror.camera.devices();
    const choice = this.stage.part<HTMLSelectElement>("cameras");
    choice.replaceChildren(...found.map((one) => new Option(one.label || one.id, one.id)));
    this.stage.show("choose", found.length > 1);
  }

  private async choose(id: string): Promise<void> {
    this.stop();
    await this.mirror.camera.choose(id);
    await this.start();
  }

  private phase(phase: string): void {
    this.stage.part("go").classList.toggle("quiet", phase !== "off");
    this.stage.root.dataset["phase"] = phase;
  }
}
