// The elements of templates/guided/mirror.html and its controls: what camera check and guided test share.
import type { MirrorState } from "../live/mirror.ts";
import { liveWords, told, type Words } from "../live/words.ts";
import type { Voice, Weight } from "../voice/voice.ts";

export class Stage {
  private readonly live: Words = liveWords();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(readonly root: HTMLElement, private readonly words: Words, private readonly voice: Voice) {
    this.voiceShown();
    this.on("voice", () => this.switchVoice());
  }

  part<Kind extends Element = HTMLElement>(name: string): Kind {
    const found = this.root.querySelector<Kind>(`[data-part="${name}"]`);
    if (!found) throw new Error(`no part ${name} in the page`);
    return found;
  }

  has(name: string): boolean {
    return this.root.querySelector(`[data-part="${name}"]`) !== null;
  }

  on(name: string, then: () => void): void {
    this.part(name).addEventListener("click", then);
  }

  show(name: string, shown: boolean): void {
    this.part(name).hidden = !shown;
  }

  /** Empty text hides the part; `forMs`: so does time. */
  text(name: string, text: string, forMs = Infinity): void {
    const part = this.part(name);
    if (part.textContent !== text) part.textContent = text;
    part.hidden = text === "";
    clearTimeout(this.timers.get(name));
    if (Number.isFinite(forMs)) this.timers.set(name, setTimeout(() => this.text(name, ""), forMs));
  }

  word(key: string, values: Readonly<Record<string, string | number>> = {}): string {
    return told(key in this.words ? this.words : this.live, key, values);
  }

  /** What stands where the mirror is until it is on. */
  mirror(state: MirrorState): void {
    const trouble = state.kind === "trouble" ? state.trouble : "";
    const key = trouble || state.kind;
    const tells = key !== "on" && key !== "off";
    this.root.dataset["camera"] = key;
    this.show("panel", tells);
    this.part("panel").classList.toggle("trouble", trouble !== "");
    if (!tells) return;
    this.text("panel-title", told(this.live, key));
    this.text("panel-hint", told(this.live, `${key}_hint`));
  }

  say(words: string, weight: Weight = "urgent"): void {
    this.voice.say({ words, weight });
  }

  switchVoice(): void {
    this.voice.mute(!this.voice.muted);
    this.voiceShown();
  }

  private voiceShown(): void {
    this.part("voice").textContent = told(this.live, this.voice.muted ? "voice_off" : "voice_on");
    this.part("voice").setAttribute("aria-pressed", String(!this.voice.muted));
  }
}
