import assert from "node:assert/strict";
import test from "node:test";
import { openNames, wordsLeft } from "../../src/guided/questions.ts";

const words = { left_none: "none", left_one: "one", left_many: "{n} open" };

test("a question is open until one of its answers is chosen", () => {
  const radios = [
    { name: "a", checked: false },
    { name: "a", checked: true },
    { name: "b", checked: false },
    { name: "b", checked: false },
  ];
  assert.deepEqual(openNames(radios), ["b"]);
});

test("how many are left is said in words", () => {
  assert.deepEqual([0, 1, 7].map((n) => wordsLeft(n, words)), ["none", "one", "7 open"]);
});
