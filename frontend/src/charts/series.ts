// Measures as columns for a chart: one time for both sides, gaps where one was not measured.

export interface Series {
  readonly side: string;
  readonly label: string;
  /** Day, degrees, half of the 95 % interval. */
  readonly points: readonly (readonly [string, number, number])[];
  /** Below and above which a change from the first is real; null: measured once. */
  readonly limits: readonly [number, number] | null;
}

export type Column = (number | null)[];

/** Seconds since 1970 at noon of a day, wherever the reader is: a day is no moment. */
export function noonS(day: string): number {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date, 12).getTime() / 1000;
}

/** Times, then value, lower and upper bound of each series. */
export function columns(series: readonly Series[]): [number[], ...Column[]] {
  const days = [...new Set(series.flatMap((one) => one.points.map(([day]) => day)))].sort();
  const found: Column[] = [];
  for (const one of series) {
    const by = new Map(one.points.map(([day, value, half]) => [day, [value, half] as const]));
    const at = (of: (value: number, half: number) => number) =>
      days.map((day) => {
        const point = by.get(day);
        return point ? of(point[0], point[1]) : null;
      });
    found.push(at((value) => value), at((value, half) => value - half), at((value, half) => value + half));
  }
  return [days.map(noonS), ...found];
}

/** From the lowest band to the highest, limits included, with some air. */
export function range(series: readonly Series[]): [number, number] {
  const all = series.flatMap((one) => [
    ...one.points.flatMap(([, value, half]) => [value - half, value + half]),
    ...(one.limits ?? []),
  ]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const air = Math.max((high - low) * 0.08, 1);
  return [low - air, high + air];
}
