// Landmarks of the camera's newest picture, one at a time: while the network works pictures pass, none waits.
import type { Clock } from "./clock.ts";
import type { Ready } from "./network.ts";
import type { LandmarkSource, Seen } from "./source.ts";

export class CameraSource extends EventTarget implements LandmarkSource {
  readonly detector: "blazepose_lite" | "blazepose_full";
  private tell: ((seen: Seen) => void) | null = null;
  private working = false;
  /** When the newest picture that was not looked at was taken, ms; NaN: there is none. */
  private takenMs = NaN;

  /**
   * @param video - Shows the camera's stream; may be hidden.
   */
  constructor(private readonly video: HTMLVideoElement, private readonly ready: Ready, private readonly clock: Clock) {
    super();
    this.detector = `blazepose_${ready.chosen.size}`;
    this.watch();
  }

  start(tell: (seen: Seen) => void): void {
    this.tell = tell;
    void this.look();
  }

  stop(): void {
    this.tell = null;
  }

  private watch(): void {
    this.video.requestVideoFrameCallback((nowMs, picture) => {
      this.takenMs = picture.captureTime ?? nowMs;
      void this.look();
      this.watch();
    });
  }

  private async look(): Promise<void> {
    if (this.working || !this.tell || Number.isNaN(this.takenMs)) return;
    this.working = true;
    const timeS = this.clock.stamp(this.takenMs);
    this.takenMs = NaN;
    try {
      const picture = await createImageBitmap(this.video);
      const looked = await this.ready.runner.look(picture, timeS * 1000);
      const { width: widthPx, height: heightPx } = looked.picture;
      const { landmarks, brightness, tookMs } = looked;
      this.tell?.({ timeS, landmarks, brightness, tookMs, widthPx, heightPx, picture: looked.picture });
      looked.picture.close();
    } catch (error) {
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
      return; // stays at work: nothing is asked of a broken network
    }
    this.working = false;
    void this.look();
  }
}
