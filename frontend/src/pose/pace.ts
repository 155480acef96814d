// How many pictures a second are looked at, and whether they are enough to count by.

const SPAN_S = 3;
/** The coach is right from 8 a second; a little below still counts slow movements. */
const ENOUGH_HZ = 6.5;

export class Pace {
  private times: number[] = [];

  add(timeS: number): void {
    this.times.push(timeS);
    while (timeS - this.times[0]! > SPAN_S) this.times.shift();
  }

  /** Pictures a second over the last seconds; NaN until they have passed. */
  get hz(): number {
    const [first, last] = [this.times[0], this.times.at(-1)];
    if (first === undefined || last === undefined || last - first < SPAN_S * 0.8) return NaN;
    return (this.times.length - 1) / (last - first);
  }

  get slow(): boolean {
    return this.hz < ENOUGH_HZ;
  }
}
