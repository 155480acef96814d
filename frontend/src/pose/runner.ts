// One pose worker: load a network, look at one picture at a time.
import type { FromWorker, Network, ToWorker } from "./protocol.ts";

export type Looked = Extract<FromWorker, { kind: "seen" }>;

export class PoseFailed extends Error {}

/** It did not answer in time; the worker is gone, since it cannot be asked to stop. */
export class TooSlow extends PoseFailed {}

export class Runner {
  private readonly worker: Worker;
  private turn = 0;
  private closed = false;
  /** One at a time: whoever asks waits until the one before was answered. */
  private before: Promise<unknown> = Promise.resolve();
  private waiting: { resolve: (message: FromWorker) => void; reject: (error: Error) => void } | null = null;

  /**
   * @param script - Address of `app/pose.js`.
   * @param base - Folder of the networks and the runtime, with a slash at its end.
   */
  constructor(script: string, private readonly base: string) {
    this.worker = new Worker(script, { type: "module" });
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.answered(data);
    this.worker.onerror = (event) => this.fail(new PoseFailed(event.message || "the pose worker broke"));
  }

  /** Ready to look. Rejects with PoseFailed. */
  async load(network: Network, limitMs = Infinity): Promise<void> {
    const base = new URL(this.base, document.baseURI).href;
    await this.ask({ kind: "load", base, network }, [], limitMs);
  }

  /** What a picture shows; the picture comes back with the answer. */
  async look(picture: ImageBitmap, timeMs: number, limitMs = Infinity): Promise<Looked> {
    const turn = ++this.turn;
    return (await this.ask({ kind: "look", turn, timeMs, picture }, [picture], limitMs)) as Looked;
  }

  close(): void {
    this.closed = true;
    this.worker.terminate();
    this.fail(new PoseFailed("closed"));
  }

  private ask(message: ToWorker, transfer: Transferable[], limitMs: number): Promise<FromWorker> {
    const answer = this.before.then(() => this.asked(message, transfer, limitMs));
    this.before = answer.catch(() => undefined);
    return answer;
  }

  private asked(message: ToWorker, transfer: Transferable[], limitMs: number): Promise<FromWorker> {
    if (this.closed) return Promise.reject(new PoseFailed("closed"));
    return new Promise((resolve, reject) => {
      const limit = Number.isFinite(limitMs) ? setTimeout(() => this.giveUp(), limitMs) : 0;
      const over = <Value>(then: (value: Value) => void) => (value: Value) => {
        clearTimeout(limit);
        then(value);
      };
      this.waiting = { resolve: over(resolve), reject: over(reject) };
      this.worker.postMessage(message, transfer);
    });
  }

  private answered(message: FromWorker): void {
    if (message.kind === "failed") return this.fail(new PoseFailed(message.reason));
    const { waiting } = this;
    this.waiting = null;
    waiting?.resolve(message);
  }

  private giveUp(): void {
    this.closed = true;
    this.worker.terminate();
    this.fail(new TooSlow("no answer in time"));
  }

  private fail(error: Error): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(error);
  }
}
