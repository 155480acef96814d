// Speaks: one thing waits at most, the weightier first, and nothing late.

/** `talk` is broken into by the others: a `count`, and what is `urgent`. */
export type Weight = "talk" | "count" | "urgent";

const ORDER: readonly Weight[] = ["talk", "count", "urgent"];

export interface Said {
  readonly words: string;
  readonly weight: Weight;
}

/** The part of `speechSynthesis` that is used. */
export interface Speech {
  readonly speaking: boolean;
  speak(utterance: SpeechSynthesisUtterance): void;
  cancel(): void;
  getVoices(): SpeechSynthesisVoice[];
}

const MUTED = "coxa-muted";
/** Words that wait longer are about something that is over. */
const LATE_MS = 2_500;
/** Some browsers never tell that an utterance ended; by then it has. */
const MS_A_CHARACTER = 120;
const LEAST_MS = 1_500;

function heavier(one: Said, other: Said): boolean {
  return ORDER.indexOf(one.weight) > ORDER.indexOf(other.weight);
}

export class Voice {
  private current: Said | null = null;
  private waiting: { said: Said; sinceMs: number } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param lang - BCP 47, such as `de`.
   * @param speech - What speaks; null: nothing does here.
   */
  constructor(
    private readonly lang: string,
    private readonly speech: Speech | null = globalThis.speechSynthesis ?? null,
    private readonly store: Pick<Storage, "getItem" | "setItem"> = globalThis.localStorage,
    private readonly utter = (words: string) => new SpeechSynthesisUtterance(words),
  ) {}

  get muted(): boolean {
    return this.store.getItem(MUTED) === "yes";
  }

  mute(muted: boolean): void {
    this.store.setItem(MUTED, muted ? "yes" : "no");
    if (muted) this.silence();
  }

  say(said: Said): void {
    if (this.muted || !this.speech || !said.words) return;
    if (!this.current) return this.speak(said);
    if (heavier(said, this.current)) {
      this.current = this.waiting = null;
      this.speech.cancel();
      return this.speak(said);
    }
    if (this.waiting && heavier(this.waiting.said, said)) return;
    this.waiting = { said, sinceMs: performance.now() };
  }

  silence(): void {
    this.waiting = this.current = null;
    clearTimeout(this.timer);
    this.speech?.cancel();
  }

  private speak(said: Said): void {
    const utterance = this.utter(said.words);
    utterance.lang = this.lang;
    const voice = this.speech!.getVoices().find((one) => one.lang.startsWith(this.lang));
    if (voice) utterance.voice = voice;
    this.current = said;
    const over = () => {
      if (this.current === said) this.next();
    };
    utterance.onend = utterance.onerror = over;
    clearTimeout(this.timer);
    this.timer = setTimeout(over, LEAST_MS + MS_A_CHARACTER * said.words.length);
    this.speech!.speak(utterance);
  }

  private next(): void {
    clearTimeout(this.timer);
    const { waiting } = this;
    this.current = this.waiting = null;
    if (waiting && performance.now() - waiting.sinceMs <= LATE_MS) this.speak(waiting.said);
  }
}
