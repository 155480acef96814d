// The camera: asked for, on, or why it is not. Nothing of it leaves the page.

/** Why there is no picture. */
export type Trouble = "denied" | "none" | "busy" | "insecure" | "ended" | "broken";

export type CameraState =
  | { readonly kind: "off" }
  | { readonly kind: "asking" }
  | { readonly kind: "on"; readonly stream: MediaStream; readonly widthPx: number; readonly heightPx: number; readonly deviceId: string }
  | { readonly kind: "trouble"; readonly trouble: Trouble };

export interface Wanted {
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly rateHz?: number;
  /** Of a choice made before; another one is taken where it is gone. */
  readonly deviceId?: string;
  /** Which side of a phone; desktops have one. */
  readonly facing?: "user" | "environment";
}

/** The network looks at 256 x 256 pixels round the person: more only costs time. */
const USUAL = { widthPx: 640, heightPx: 480, rateHz: 30 };
const CHOICE = "coxa-camera";

const TROUBLES: Readonly<Record<string, Trouble>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  DevicesNotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  TrackStartError: "busy",
  AbortError: "busy",
};

/** What a refusal of the browser means. */
export function troubleOf(errorName: string): Trouble {
  return TROUBLES[errorName] ?? "broken";
}

export function constraintsFor(wanted: Wanted): MediaTrackConstraints {
  const asked: MediaTrackConstraints = {
    width: { ideal: wanted.widthPx ?? USUAL.widthPx },
    height: { ideal: wanted.heightPx ?? USUAL.heightPx },
    frameRate: { ideal: wanted.rateHz ?? USUAL.rateHz },
  };
  if (wanted.deviceId) asked.deviceId = { ideal: wanted.deviceId };
  else asked.facingMode = { ideal: wanted.facing ?? "user" };
  return asked;
}

/** Tells its state by the event "state". */
export class Camera extends EventTarget {
  private now: CameraState = { kind: "off" };
  private asked = 0;

  get state(): CameraState {
    return this.now;
  }

  async start(wanted: Wanted = {}): Promise<CameraState> {
    this.stop();
    const turn = ++this.asked;
    this.become({ kind: "asking" });
    if (!navigator.mediaDevices?.getUserMedia) {
      return this.become({ kind: "trouble", trouble: window.isSecureContext ? "none" : "insecure" });
    }
    try {
      const chosen = { ...wanted, deviceId: wanted.deviceId ?? localStorage.getItem(CHOICE) ?? "" };
      const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: constraintsFor(chosen) });
      if (turn !== this.asked) {
        stop(stream);
        return this.now;
      }
      return this.become(this.opened(stream));
    } catch (error) {
      if (turn !== this.asked) return this.now;
      return this.become({ kind: "trouble", trouble: troubleOf((error as DOMException).name) });
    }
  }

  /** Cameras to choose from; names are known only once one was allowed. */
  async devices(): Promise<{ id: string; label: string }[]> {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    return all.filter((one) => one.kind === "videoinput").map((one) => ({ id: one.deviceId, label: one.label }));
  }

  async choose(deviceId: string, wanted: Wanted = {}): Promise<CameraState> {
    localStorage.setItem(CHOICE, deviceId);
    return this.start({ ...wanted, deviceId });
  }

  stop(): void {
    this.asked += 1;
    if (this.now.kind === "on") stop(this.now.stream);
    if (this.now.kind !== "off") this.become({ kind: "off" });
  }

  private opened(stream: MediaStream): CameraState {
    const track = stream.getVideoTracks()[0];
    if (!track) return { kind: "trouble", trouble: "none" };
    track.addEventListener("ended", () => {
      if (this.now.kind === "on" && this.now.stream === stream) this.become({ kind: "trouble", trouble: "ended" });
    });
    const { width = USUAL.widthPx, height = USUAL.heightPx, deviceId = "" } = track.getSettings();
    return { kind: "on", stream, widthPx: width, heightPx: height, deviceId };
  }

  private become(state: CameraState): CameraState {
    this.now = state;
    this.dispatchEvent(new Event("state"));
    return state;
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
