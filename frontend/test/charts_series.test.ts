import assert from "node:assert/strict";
import { test } from "node:test";
import { columns, noonS, range, type Series } from "../src/charts/series.ts";

const left: Series = { side: "left", label: "left", points: [["2026-11-01", 20, 4], ["2026-11-15", 26, 3]], limits: [14, 26] };
const right: Series = { side: "right", label: "right", points: [["2026-11-15", 34, 4], ["2026-11-22", 35, 4]], limits: null };

test("both sides share their days, and a day without a figure is a gap", () => {
  const [days, l, low, high, r] = columns([left, right]);
  assert.deepEqual(days, ["2026-11-01", "2026-11-15", "2026-11-22"].map(noonS));
  assert.deepEqual([l, low, high], [[20, 26, null], [16, 23, null], [24, 29, null]]);
  assert.deepEqual(r, [null, 34, 35]);
});

test("bands and limits are within the range", () => {
  const [low, high] = range([left, right]);
  assert.ok(low < 14 && high > 39);
  const [one, two] = range([{ ...left, points: [["2026-11-01", 20, 0]], limits: null }]);
  assert.ok(one < 20 && two > 20);
});

test("a day stays its day in every zone and season", () => {
  for (const day of ["2026-03-29", "2026-10-25", "2026-01-01"]) assert.equal(new Date(noonS(day) * 1000).getDate(), Number(day.slice(-2)));
});
