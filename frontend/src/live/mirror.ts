// The mirror: camera and pose network together, and what they see, drawn.
import { draw, lookOf, type Look } from "../draw/skeleton.ts";
import { Camera, type Trouble, type Wanted } from "../pose/camera.ts";
import { CameraSource } from "../pose/camera_source.ts";
import { Clock } from "../pose/clock.ts";
import { discardNetwork, sharedNetwork, type Files, type Ready } from "../pose/network.ts";
import { Pace } from "../pose/pace.ts";
import type { LandmarkSource, Seen } from "../pose/source.ts";

declare global {
  /** Tests play recorded landmarks through this in place of a camera. */
  var coxaSource: LandmarkSource | undefined;
}

/** `network`: the pose network does not run here. */
export type MirrorState =
  | { readonly kind: "off" | "asking" | "loading" | "on" }
  | { readonly kind: "trouble"; readonly trouble: Trouble | "network" };

export interface Shown {
  /** Every picture that was looked at. */
  seen(seen: Seen): void;
  state(state: MirrorState): void;
  /** Pictures come too slowly to count by, or fast enough again. */
  slow(slow: boolean): void;
}

export class Mirror {
  state: MirrorState = { kind: "off" };
  source: LandmarkSource | null = null;
  /** Parts that are drawn as faulty. */
  firing: readonly (readonly [string, string])[] = [];
  /** Draws more over every picture, in its own axes. */
  over: ((sheet: CanvasRenderingContext2D) => void) | null = null;
  readonly camera = new Camera();
  readonly pace = new Pace();
  private readonly clock = new Clock();
  private readonly look: Look;
  private ready: Ready | null = null;
  private slow = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly files: Files,
    private readonly shown: Shown,
  ) {
    this.look = lookOf(canvas);
    this.camera.addEventListener("state", () => this.cameraChanged());
  }

  /** Camera and network, both at once; again after trouble. Resolves when pictures come, or cannot. */
  async start(wanted: Wanted = {}): Promise<MirrorState> {
    this.canvas.hidden = true;
    if (globalThis.coxaSource) return this.on(globalThis.coxaSource);
    this.become({ kind: "asking" });
    const network = sharedNetwork(this.files);
    network.catch(() => undefined);
    const camera = await this.camera.start(wanted);
    if (camera.kind !== "on") return this.state;
    this.video.srcObject = camera.stream;
    await this.video.play().catch(() => undefined);
    this.become({ kind: "loading" });
    try {
      this.ready = await network;
    } catch {
      return this.become({ kind: "trouble", trouble: "network" });
    }
    const source = new CameraSource(this.video, this.ready, this.clock);
    source.addEventListener("failed", () => this.broke());
    return this.on(source);
  }

  stop(): void {
    this.source?.stop();
    this.source = null;
    this.camera.stop();
    this.video.srcObject = null;
    this.become({ kind: "off" });
  }

  private on(source: LandmarkSource): MirrorState {
    this.source = source;
    source.start((seen) => this.saw(seen));
    return this.become({ kind: "on" });
  }

  private saw(seen: Seen): void {
    this.canvas.hidden = false;
    draw(this.canvas, { ...seen, firing: this.firing }, this.look);
    if (this.over) this.over(this.canvas.getContext("2d")!);
    this.pace.add(seen.timeS);
    if (this.pace.slow !== this.slow) {
      this.slow = this.pace.slow;
      this.shown.slow(this.slow);
    }
    this.shown.seen(seen);
  }

  private broke(): void {
    this.source?.stop();
    if (this.ready) discardNetwork(this.ready);
    this.become({ kind: "trouble", trouble: "network" });
  }

  private cameraChanged(): void {
    const { state } = this.camera;
    if (state.kind === "trouble") this.become(state);
  }

  private become(state: MirrorState): MirrorState {
    this.state = state;
    this.shown.state(state);
    return state;
  }
}
