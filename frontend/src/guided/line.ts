// One live set: made by a request, driven by the socket, over when the server says so.
import { send } from "../http.ts";
import type { Hello, Scene, ServerMessage } from "../live/messages.ts";
import { tagFrame, type Tag } from "../live/frames.ts";
import { LiveSocket, socketUrl, type Link } from "../live/socket.ts";
import type { LandmarkSource, Seen } from "../pose/source.ts";

export interface Heard {
  scene(scene: Scene): void;
  link(link: Link, why: string): void;
  problem(words: string): void;
}

/** The server keeps a set that is over before it says so. */
const ENDED_WITHIN_MS = 8_000;

export class Line {
  id = "";
  private path = "";
  private socket: LiveSocket | null = null;
  private frame: Seen | null = null;
  private closed = false;
  private told: (() => void) | null = null;

  constructor(private readonly person: string, private readonly asked: object, private readonly heard: Heard) {}

  /** Rejects where the server refuses the set. */
  async open(): Promise<void> {
    const made = await send<{ id: string; socket: string }>("POST", `/api/people/${this.person}/sets`, this.asked);
    this.id = made.id;
    this.path = made.socket;
  }

  /** One picture's landmarks; the first of them opens the socket, since it tells the picture's size. */
  push(seen: Seen, source: LandmarkSource): void {
    if (!this.path || this.closed) return;
    this.frame = seen;
    if (!this.socket) this.connect(source);
    this.socket!.push(seen.timeS, seen.landmarks, seen.brightness);
  }

  /** Printed tags of a picture whose landmarks were pushed before. */
  pushTags(timeS: number, tags: readonly Tag[]): void {
    if (this.closed || !tags.length) return;
    this.socket?.pushOther((seq) => tagFrame({ seq, timeS, brightness: NaN }, tags));
  }

  /** Ends the set; resolves when the server has it whole, or does not answer. */
  async end(): Promise<void> {
    if (this.closed || !this.socket) return this.close();
    const answered = new Promise<void>((resolve) => {
      this.told = resolve;
      setTimeout(resolve, ENDED_WITHIN_MS);
    });
    this.closed = true;
    this.socket.command({ type: "end" });
    await answered;
    this.close();
  }

  /** The pain button: the server is told, and nothing more is sent. */
  pain(): void {
    this.socket?.command({ type: "pain" });
    void this.end();
  }

  close(): void {
    this.closed = true;
    this.socket?.close();
    this.socket = null;
  }

  private connect({ detector, fovDeg }: LandmarkSource): void {
    const lens = fovDeg === undefined ? {} : { fov_deg: fovDeg };
    const hello = (): Hello => ({ type: "hello", width_px: this.frame!.widthPx, height_px: this.frame!.heightPx, detector, ...lens });
    this.socket = new LiveSocket(socketUrl(this.path), hello, {
      link: (link, why) => this.heard.link(link, why),
      message: (message) => this.message(message),
    });
    this.socket.open();
  }

  private message(message: ServerMessage): void {
    if (message.type === "scene" && !this.closed) this.heard.scene(message);
    if (message.type === "problem") this.heard.problem(`${message.title}. ${message.detail}`);
    if (message.type === "ended") this.told?.();
  }
}
