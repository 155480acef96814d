import assert from "node:assert/strict";
import test from "node:test";
import { inStep, momentAt, steps, type Moment } from "../../src/compare/align";

const moment = (side: string, number: number, start_s: number, peak_s: number, end_s: number): Moment => ({
  side,
  number,
  start_s,
  peak_s,
  end_s,
});
const slow = [moment("left", 1, 2, 4, 6), moment("left", 2, 8, 10, 12)];
const quick = [moment("left", 1, 1, 1.5, 2), moment("left", 2, 3, 3.5, 4), moment("left", 3, 5, 5.5, 6)];

test("the same part of the same repetition comes at the same moment", () => {
  const all = steps(slow, quick, 14, 8);
  for (const [a, b] of [[0, 0], [2, 1], [3, 1.25], [4, 1.5], [6, 2], [10, 3.5], [12, 4], [14, 8]] as const)
    assert.ok(Math.abs(inStep(all, a).time - b) < 1e-9, `${a} goes with ${inStep(all, a).time}`);
  assert.equal(inStep(all, 3).rate, 0.25);
});

test("swapped films are in step the other way round", () => {
  const there = steps(slow, quick, 14, 8);
  const back = steps(quick, slow, 8, 14);
  for (let a = 0; a <= 12; a += 0.25) assert.ok(Math.abs(inStep(back, inStep(there, a).time).time - a) < 1e-9);
});

test("the second film never runs backwards, whatever the order of sides", () => {
  const mixed = [moment("right", 1, 0.5, 1, 1.5), moment("left", 1, 5, 6, 7)];
  const all = steps(slow, mixed, 14, 9);
  let last = -1;
  for (let a = 0; a <= 14; a += 0.1) {
    const { time, rate } = inStep(all, a);
    assert.ok(time >= last && rate >= 0 && time <= 9);
    last = time;
  }
});

test("films without repetitions in common run side by side from beginning to end", () => {
  const all = steps(slow, [moment("right", 1, 1, 2, 3)], 10, 5);
  assert.equal(inStep(all, 5).time, 2.5);
  assert.equal(inStep(steps([], [], 4, 4), 9).time, 4);
});

test("which repetition it is", () => {
  assert.equal(momentAt(slow, 9)?.number, 2);
  assert.equal(momentAt(slow, 7), undefined);
});
