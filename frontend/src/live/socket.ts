// The one WebSocket of a set: frames go up, scenes come down. It drops, never queues; lost, it comes back.
import { landmarkFrame } from "./frames.ts";
import { Kept } from "./kept.ts";
import type { ClientMessage, Command, Hello, ServerMessage } from "./messages.ts";
import { Spacing } from "./spacing.ts";

/** `lost`: it tries again by itself. `refused`, `replaced`, `ended`: it is over. */
export type Link = "connecting" | "open" | "lost" | "replaced" | "refused" | "ended" | "closed";

export interface Told {
  link(link: Link, why: string): void;
  message(message: ServerMessage): void;
}

/** What a page's `WebSocket` and timers are, so that tests have theirs. */
export interface World {
  open(url: string): WebSocket;
  after(ms: number, then: () => void): unknown;
  forget(timer: unknown): void;
  nowMs(): number;
  /** 0..1: so that not all pages come back in one moment. */
  chance(): number;
}

const PAGE: World = {
  open: (url) => new WebSocket(url),
  after: (ms, then) => setTimeout(then, ms),
  forget: (timer) => clearTimeout(timer as number),
  nowMs: () => performance.now(),
  chance: Math.random,
};

const OPEN = 1;
const PAUSE_MS = { first: 400, longest: 10_000 };
/** Asked for a sign of life so often; without one for so long the line is dead, whatever the browser thinks. */
const PING_MS = 3_000;
const DEAD_MS = 9_000;
/** A frame that was not answered for so long: the server or the line lags, and newer ones would wait too. */
const LAG_MS = 700;
/** While it lags one frame goes up now and then, to find out whether it still does. */
const TRY_MS = 1_000;
/** Close codes that say no for good. */
export const REFUSALS = new Set([1003, 1007, 1008, 1009]);

/** How long to wait before trying again, after `tries` that failed. */
export function pauseMs(tries: number, chance: number): number {
  return Math.min(PAUSE_MS.first * 2 ** tries, PAUSE_MS.longest) * (0.75 + 0.5 * chance);
}

export class LiveSocket {
  readonly kept = new Kept();
  link: Link = "closed";
  /** Frames since the set began: that went up, that the server has no time for, that were dropped. */
  readonly count = { sent: 0, spared: 0, dropped: 0 };
  private readonly spacing = new Spacing();
  private moved = false;
  private socket: WebSocket | null = null;
  private ready = false;
  private tries = 0;
  private seq = 0;
  private heardMs = 0;
  private triedMs = 0;
  private readonly unanswered: { seq: number; sentMs: number }[] = [];
  private readonly unsaid: Command[] = [];
  private timers: unknown[] = [];

  /**
   * @param url - `ws(s)://` address of the set.
   * @param hello - Said whenever it opens.
   */
  constructor(
    private readonly url: string,
    private readonly hello: () => Hello,
    private readonly told: Told,
    private readonly world: World = PAGE,
  ) {}

  open(): void {
    this.become("connecting");
    const socket = this.world.open(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.heardMs = this.world.nowMs();
    socket.onopen = () => this.say(this.moved ? { ...this.hello(), moved: true } : this.hello());
    socket.onmessage = (event) => this.heard(JSON.parse(String(event.data)) as ServerMessage);
    socket.onclose = (event) => {
      if (this.socket === socket) this.gone(event.code, event.reason);
    };
    this.watch(socket);
  }

  /** One picture's landmarks; false: they did not go up. */
  push(timeS: number, landmarks: Float32Array | null, brightness: number): boolean {
    this.kept.add({ timeS, landmarks });
    if (!this.spacing.isDue(timeS)) {
      this.count.spared += 1;
      return false;
    }
    const seq = this.seq++;
    const frame = landmarkFrame({ seq, timeS, brightness }, landmarks);
    const goes = this.takes(frame.byteLength);
    if (goes) {
      this.spacing.goes(timeS);
      this.unanswered.push({ seq, sentMs: this.world.nowMs() });
      this.socket!.send(frame);
    }
    this.count[goes ? "sent" : "dropped"] += 1;
    return goes;
  }

  /** A frame of another channel; false: it was dropped. */
  pushOther(frame: (seq: number) => ArrayBuffer): boolean {
    const bytes = frame(this.seq++);
    const goes = this.ready && this.socket!.bufferedAmount <= bytes.byteLength;
    if (goes) this.socket!.send(bytes);
    return goes;
  }

  /** Said now, or as soon as the line is there: what people ask for is never dropped. */
  command(command: Command): void {
    if (this.ready) this.say(command);
    else this.unsaid.push(command);
  }

  close(): void {
    this.end("closed", "");
  }

  private takes(bytes: number): boolean {
    if (!this.ready || this.socket!.bufferedAmount > bytes) return false;
    const now = this.world.nowMs();
    const oldest = this.unanswered[0];
    if (!oldest || now - oldest.sentMs < LAG_MS) return true;
    if (now - this.triedMs < TRY_MS) return false;
    this.triedMs = now;
    return true;
  }

  private heard(message: ServerMessage): void {
    this.heardMs = this.world.nowMs();
    if (message.type === "ready") {
      this.ready = true;
      this.tries = 0;
      this.moved = false;
      this.spacing.hz = null; // another server may have more time; one that has not says so next
      this.unanswered.length = 0;
      for (const command of this.unsaid.splice(0)) this.say(command);
      this.become("open");
    } else if (message.type === "scene") {
      while (this.unanswered.length && this.unanswered[0]!.seq <= message.seq) this.unanswered.shift();
    }
    if (message.type === "pace") this.spacing.hz = message.hz;
    if (message.type === "move") return this.move();
    this.told.message(message);
    if (message.type === "replaced") this.end("replaced", "");
    if (message.type === "ended") this.end("ended", "");
  }

  private gone(code: number, reason: string): void {
    this.drop();
    if (REFUSALS.has(code)) return this.become("refused", reason);
    this.moved = false;
    this.become("lost", reason);
    this.later(pauseMs(this.tries++, this.world.chance()), () => this.open());
  }

  /** Another server may have more time; nothing is lost, and nobody needs to hear of it. */
  private move(): void {
    const { socket } = this;
    this.drop();
    socket?.close();
    this.moved = true;
    this.open();
  }

  private watch(socket: WebSocket): void {
    this.later(PING_MS, () => {
      if (this.socket !== socket) return;
      if (this.world.nowMs() - this.heardMs > DEAD_MS) {
        socket.close();
        return this.gone(1006, "");
      }
      if (this.ready) this.say({ type: "ping", t: this.world.nowMs() });
      this.watch(socket);
    });
  }

  private say(message: ClientMessage): void {
    if (this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(message));
  }

  private end(link: Link, why: string): void {
    const { socket } = this;
    this.drop();
    socket?.close();
    if (this.link !== link) this.become(link, why);
  }

  private drop(): void {
    this.socket = null;
    this.ready = false;
    for (const timer of this.timers.splice(0)) this.world.forget(timer);
  }

  private later(ms: number, then: () => void): void {
    this.timers.push(this.world.after(ms, then));
    if (this.timers.length > 8) this.timers.splice(0, 4);
  }

  private become(link: Link, why = ""): void {
    this.link = link;
    this.told.link(link, why);
  }
}

/** Address of a WebSocket of our own server. */
export function socketUrl(path: string, page: { protocol: string; host: string } = location): string {
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}${path}`;
}
