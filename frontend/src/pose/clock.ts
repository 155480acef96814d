// One clock for everything a page says about time: seconds since it was loaded, never back, never twice the same.

const LEAST_STEP_S = 0.001;

export class Clock {
  private last = -Infinity;

  /** Seconds for a moment of `performance.now()` (ms); later than every one given before. */
  stamp(momentMs: number): number {
    const time = momentMs / 1000;
    this.last = time > this.last ? time : this.last + LEAST_STEP_S;
    return this.last;
  }
}
