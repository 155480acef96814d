import assert from "node:assert/strict";
import { test } from "node:test";
import { BEGIN, leftS, pressed, rested, ticked } from "../src/session/counter.ts";
import { after } from "../src/session/items.ts";

const reps = { sets: 2, repetitions: 8, hold_s: null, rest_s: 45 };
const hold = { sets: 2, repetitions: null, hold_s: 20, rest_s: 30 };

test("sets of repetitions are done when it is said, with a rest between", () => {
  let at = pressed(BEGIN, reps, 0);
  assert.equal(at.phase, "set");
  at = pressed(at, reps, 30);
  assert.deepEqual([at.phase, at.sets, leftS(at, 30)], ["rest", 1, 45]);
  at = ticked(at, reps, 74.9);
  assert.equal(at.phase, "rest");
  at = ticked(at, reps, 75);
  assert.equal(at.phase, "ready");
  at = pressed(pressed(at, reps, 80), reps, 110);
  assert.deepEqual([at.phase, at.sets, at.endsS], ["over", 2, null]);
});

test("a hold ends by itself, however late the clock is looked at", () => {
  let at = pressed(BEGIN, hold, 0);
  assert.deepEqual([at.phase, leftS(at, 0.1)], ["hold", 20]);
  at = ticked(at, hold, 25);
  assert.deepEqual([at.phase, at.sets, leftS(at, 25)], ["rest", 1, 25]);
});

test("a rest can be ended, and taken at any moment", () => {
  const at = rested(BEGIN, { ...reps, rest_s: 0 }, 5);
  assert.equal(leftS(at, 5), 15);
  assert.equal(pressed(at, reps, 6).phase, "set");
});

test("one more set than planned counts as well", () => {
  const over = { phase: "over", sets: 2, endsS: null } as const;
  assert.equal(pressed(pressed(over, reps, 0), reps, 1).sets, 3);
});

test("pain stops the session, and what was ended is not gone on with", () => {
  assert.deepEqual([after({ kind: "done" }), after({ kind: "stopped" }), after({ kind: "ended" })], ["go_on", "stop", "leave"]);
});
