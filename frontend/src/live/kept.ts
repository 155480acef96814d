// The landmarks of the last minutes, held in the page: what a set leaves should the server be gone for good.

const MOST = 30 * 60 * 3;

export interface KeptFrame {
  readonly timeS: number;
  readonly landmarks: Float32Array | null;
}

export class Kept {
  private frames: KeptFrame[] = [];

  add(frame: KeptFrame): void {
    this.frames.push(frame);
    if (this.frames.length > 2 * MOST) this.frames = this.frames.slice(-MOST);
  }

  /** Oldest first. */
  all(): readonly KeptFrame[] {
    return this.frames.slice(-MOST);
  }
}
