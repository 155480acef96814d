// Two recordings of one test in step: the same part of the same repetition at the same moment.

export interface Moment {
  readonly side: string;
  readonly number: number;
  readonly start_s: number;
  readonly peak_s: number;
  readonly end_s: number;
}

export interface Step {
  readonly a: number;
  readonly b: number;
}

/** Times of both films that belong together, rising in both; repetitions that only one has are left out. */
export function steps(a: readonly Moment[], b: readonly Moment[], lengthA: number, lengthB: number): Step[] {
  const key = (one: Moment) => `${one.side} ${one.number}`;
  const other = new Map(b.map((one) => [key(one), one]));
  const found: Step[] = [{ a: 0, b: 0 }];
  const add = (step: Step) => {
    const last = found[found.length - 1];
    if (last && step.a > last.a && step.b > last.b && step.a <= lengthA && step.b <= lengthB) found.push(step);
  };
  for (const one of [...a].sort((x, y) => x.start_s - y.start_s)) {
    const same = other.get(key(one));
    if (!same) continue;
    add({ a: one.start_s, b: same.start_s });
    add({ a: one.peak_s, b: same.peak_s });
    add({ a: one.end_s, b: same.end_s });
  }
  add({ a: lengthA, b: lengthB });
  const last = found[found.length - 1];
  if (last && last.a < lengthA) found.push({ a: lengthA, b: Math.max(last.b, lengthB) });
  return found;
}

/** Where the second film is to be while the first is at a time, and how fast it runs there. */
export function inStep(all: readonly Step[], time: number): { time: number; rate: number } {
  for (let index = 1; index < all.length; index += 1) {
    const from = all[index - 1];
    const to = all[index];
    if (!from || !to || time > to.a) continue;
    const rate = (to.b - from.b) / (to.a - from.a);
    return { time: from.b + rate * Math.max(time - from.a, 0), rate };
  }
  return { time: all[all.length - 1]?.b ?? 0, rate: 1 };
}

/** The repetition that a time is in. */
export function momentAt(all: readonly Moment[], time: number): Moment | undefined {
  return all.find((one) => one.start_s <= time && time <= one.end_s);
}
