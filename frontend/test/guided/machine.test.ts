import assert from "node:assert/strict";
import test from "node:test";
import { BEGIN, step, type Effect, type Event, type Plan, type State } from "../../src/guided/machine.ts";
import type { Scene } from "../../src/live/messages.ts";

const PLAN: Plan = { sides: ["left", "right"], trials: 3, timedS: 0 };

function scene(number: number, trouble = "well"): Scene {
  const tallies = [{ side: "left", number, held_s: 0 }];
  const placement = { trouble, words: "" };
  return { type: "scene", seq: 0, time_s: 0, status: "work", tallies, set_number: 1, rest_s: 0, firing: [], cues: [], placement };
}

class Run {
  state: State = BEGIN;
  effects: Effect[] = [];
  timeS = 0;
  constructor(readonly plan: Plan = PLAN) {}
  do(event: Event): void {
    const next = step(this.plan, this.state, event);
    this.state = next.state;
    this.effects.push(...next.effects);
  }
  press(kind: "go" | "redo" | "wait" | "stop"): void {
    this.do({ kind });
  }
  /** Scenes and ticks for some seconds. */
  pass(seconds: number, number = 0, trouble = "well"): void {
    for (let part = 0; part < seconds * 10; part += 1) {
      this.timeS += 0.1;
      this.do({ kind: "scene", scene: scene(number, trouble), timeS: this.timeS });
      this.do({ kind: "tick", timeS: this.timeS });
    }
  }
  said(): string[] {
    return this.effects.flatMap((one) => (one.kind === "say" ? [one.key] : []));
  }
  opened(): string[] {
    return this.effects.flatMap((one) => (one.kind === "open" ? [`${one.side} ${one.recording ? "recorded" : "placed"}`] : []));
  }
}

test("a whole test runs by itself once it was started: both sides, then the result", () => {
  const run = new Run();
  run.press("go");
  for (const take of ["a", "b"]) {
    run.pass(6);
    assert.equal(run.state.phase, "recording");
    for (const number of [1, 2, 3]) run.pass(1, number);
    run.pass(1, 3);
    assert.equal(run.state.phase, "keeping");
    run.do({ kind: "kept", take });
    assert.equal(run.state.phase, "between");
    run.pass(8.5, 3);
  }
  assert.equal(run.state.phase, "assessing");
  assert.deepEqual(run.effects.at(-1), { kind: "assess", takes: ["a", "b"] });
  assert.deepEqual(run.opened(), ["left placed", "left recorded", "right placed", "right recorded"]);
  for (const words of ["say_place_left", "say_place_right", "2", "1", "3", "say_go", "say_between"]) assert.ok(run.said().includes(words), words);
});

test("nothing is recorded before somebody stands well, unless they say so", () => {
  const run = new Run();
  run.press("go");
  run.pass(20, 0, "turn_sideways");
  assert.equal(run.state.phase, "placing");
  assert.equal(run.state.trouble, "turn_sideways");
  run.press("go");
  run.pass(4, 0, "turn_sideways");
  assert.equal(run.state.phase, "recording");
});

test("a side is done again, and its first take is forgotten", () => {
  const run = new Run();
  run.press("go");
  run.pass(6);
  run.pass(3, 3);
  run.do({ kind: "kept", take: "bad" });
  run.press("redo");
  assert.equal(run.state.phase, "placing");
  run.pass(6);
  run.pass(3, 3);
  run.do({ kind: "kept", take: "good" });
  assert.deepEqual(run.state.takes, ["good"]);
});

test("a side without repetitions waits to be done again", () => {
  const run = new Run();
  run.press("go");
  run.pass(6);
  run.pass(3);
  run.press("go");
  run.do({ kind: "kept", take: "empty" });
  run.pass(30);
  assert.equal(run.state.phase, "between");
  assert.ok(run.said().includes("say_between_none"));
});

test("waiting is for as long as somebody likes", () => {
  const run = new Run();
  run.press("go");
  run.pass(6);
  run.pass(3, 3);
  run.do({ kind: "kept", take: "a" });
  run.pass(2, 3);
  run.press("wait");
  run.pass(60, 3);
  assert.equal(run.state.phase, "between");
  run.press("go");
  assert.equal(run.state.phase, "placing");
  assert.equal(run.state.index, 1);
});

test("stopping closes the set, keeps earlier sides and begins this one anew", () => {
  const run = new Run();
  run.press("go");
  run.pass(6);
  run.pass(3, 3);
  run.do({ kind: "kept", take: "a" });
  run.press("go");
  run.pass(6);
  run.press("stop");
  assert.equal(run.state.phase, "stopped");
  assert.deepEqual(run.effects.at(-2), { kind: "close", keep: false });
  run.press("go");
  assert.equal(run.state.phase, "placing");
  assert.equal(run.state.index, 1);
  assert.deepEqual(run.state.takes, ["a"]);
});

test("a hold is timed", () => {
  const run = new Run({ sides: [""], trials: 0, timedS: 20 });
  run.press("go");
  run.pass(5);
  assert.equal(run.state.phase, "recording");
  run.pass(10);
  assert.ok(run.state.leftS > 5 && run.state.leftS < 15);
  run.pass(12);
  assert.equal(run.state.phase, "keeping");
});

test("nobody is recorded for ever", () => {
  const run = new Run();
  run.press("go");
  run.pass(130, 1);
  assert.equal(run.state.phase, "keeping");
});
