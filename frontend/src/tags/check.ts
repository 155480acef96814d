// The page of printed boards: does the camera read them? Told aloud, since boards on the back leave nobody to look.
import { Mirror } from "../live/mirror.ts";
import type { Words } from "../live/words.ts";
import type { Files } from "../pose/network.ts";
import { Voice } from "../voice/voice.ts";
import { Stage } from "../guided/stage.ts";
import { MirroredTags } from "./mirrored.ts";
import { SHARP, type TagFiles } from "./watcher.ts";

export interface BoardOptions {
  readonly voice: string;
  readonly files: Files;
  readonly tags: TagFiles;
  readonly words: Words;
}

/** What changed is said once it has lasted. */
const LASTED_MS = 1_200;

export class BoardCheck {
  private readonly stage: Stage;
  private readonly mirror: Mirror;
  private tags: MirroredTags | null = null;
  private line = { words: "", sinceMs: 0, said: "" };

  constructor(root: HTMLElement, private readonly options: BoardOptions) {
    this.stage = new Stage(root, options.words, new Voice(options.voice));
    const [video, canvas] = [this.stage.part<HTMLVideoElement>("video"), this.stage.part<HTMLCanvasElement>("canvas")];
    this.mirror = new Mirror(video, canvas, options.files, {
      seen: (seen) => this.tags?.look(seen),
      state: (state) => this.stage.mirror(state),
      slow: (slow) => this.stage.show("slow", slow),
    });
    this.stage.on("go", () => void (this.tags ? this.stop() : this.start()));
    this.stage.part<HTMLButtonElement>("go").disabled = false;
  }

  private async start(): Promise<void> {
    this.phase("working");
    const tags = (this.tags = new MirroredTags(this.mirror, this.options.tags, { tags: () => undefined, line: (words) => this.told(words) }));
    const state = await this.mirror.start(SHARP);
    if (state.kind === "on" && this.tags === tags) return this.stage.text("go", this.stage.word("stop"));
    this.stop();
    if (state.kind !== "on") {
      this.stage.mirror(state);
      this.stage.text("go", this.stage.word("again"));
    }
  }

  private stop(): void {
    this.tags?.close();
    this.tags = null;
    this.mirror.stop();
    this.stage.text("tags", "");
    this.stage.text("go", this.stage.word("start"));
    this.phase("off");
  }

  private told(words: string): void {
    this.stage.text("tags", words);
    const now = performance.now();
    if (words !== this.line.words) this.line = { ...this.line, words, sinceMs: now };
    if (this.line.said === words || now - this.line.sinceMs < LASTED_MS) return;
    this.line.said = words;
    this.stage.say(words);
  }

  private phase(phase: string): void {
    this.stage.part("go").classList.toggle("quiet", phase !== "off");
    this.stage.root.dataset["phase"] = phase;
  }
}
