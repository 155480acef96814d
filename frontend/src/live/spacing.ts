// Which pictures' landmarks go up where the server takes fewer a second than there are: evenly spread ones.

export class Spacing {
  /** So many a second; null: all. */
  hz: number | null = null;
  private dueS = -Infinity;

  /** Whether a picture's landmarks go up; one that is due and goes must be told by `goes`. */
  isDue(timeS: number): boolean {
    return this.hz === null || timeS >= this.dueS - 1e-6;
  }

  goes(timeS: number): void {
    if (this.hz === null) return;
    // From when it was due, so that the mean is right; but pictures that never came are not caught up with.
    this.dueS = Math.max(this.dueS + 1 / this.hz, timeS + 0.5 / this.hz);
  }
}
