// Printed tags: corners on a drawn square, what is said of boards, what travels.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tagFrame } from "../src/live/frames.ts";
import { greyOf } from "../src/tags/detector.ts";
import { refined, type Grey } from "../src/tags/refine.ts";
import { darker, halved, sumsOf } from "../src/tags/threshold.ts";
import { lineOf, Worn } from "../src/tags/worn.ts";

const PRINTED = { boards: { sacrum: [0, 1], t12: [2, 3] }, codes: {}, modules: 6 };
const tag = (id: number) => ({ id, corners: [0, 0, 1, 0, 1, 1, 0, 1], spreadPx: 0.1 });

/** A black square from (x0, y0) to (x1, y1), edges between pixels shaded. */
function square(x0: number, y0: number, x1: number, y1: number): Grey {
  const data = new Uint8Array(60 * 60);
  const covered = (at: number, low: number, high: number) => Math.max(0, Math.min(at + 0.5, high) - Math.max(at - 0.5, low));
  for (let y = 0; y < 60; y += 1) for (let x = 0; x < 60; x += 1) data[60 * y + x] = Math.round(220 - 190 * covered(x, x0, x1) * covered(y, y0, y1));
  return { width: 60, height: 60, data };
}

test("corners are found to a tenth of a pixel from a pixel away", () => {
  const grey = square(14.3, 15.6, 44.3, 45.6);
  const { corners, spreadPx } = refined(grey, [15, 15, 45, 15, 44, 46, 14, 46], 6)!;
  [14.3, 15.6, 44.3, 15.6, 44.3, 45.6, 14.3, 45.6].forEach((wanted, k) => assert.ok(Math.abs(corners[k]! - wanted) < 0.1, `${corners[k]} for ${wanted}`));
  assert.ok(spreadPx < 0.1);
});

test("where there is no edge there is no corner", () => {
  assert.equal(refined({ width: 60, height: 60, data: new Uint8Array(3600).fill(99) }, [15, 15, 45, 15, 45, 45, 15, 45], 6), null);
  assert.equal(refined(square(14, 14, 44, 44), [0, 0, 10, 0, 10, 10, 0, 10], 6), null);
});

test("what is darker than its surroundings", () => {
  const grey = square(20, 20, 40, 40);
  const dark = darker(grey, sumsOf(grey), 3, 12);
  assert.equal(dark.data[60 * 21 + 30], 255); // just inside of an edge
  assert.equal(dark.data[60 * 30 + 30], 0); // all is as dark there
  assert.equal(dark.data[60 * 18 + 30], 0);
  assert.equal(halved(grey).data[30 * 15 + 15], grey.data[60 * 30 + 30]);
  assert.deepEqual([...greyOf(new Uint8ClampedArray([255, 255, 255, 255, 0, 0, 0, 255]), 2, 1).data], [255, 0]);
});

test("a board is seen with both faces, with one, or was", () => {
  const worn = new Worn(PRINTED);
  const line = (timeS: number) => lineOf(worn.at(timeS), { sacrum: "Sacrum", t12: "T12" }, (sight, board) => `${board} ${sight}`);
  assert.equal(line(0), " none");
  worn.add(1, [tag(0), tag(1), tag(2)]);
  assert.equal(line(1.2), "Sacrum both · T12 one");
  worn.add(2, [tag(2), tag(3)]);
  assert.equal(line(2.1), "Sacrum lost · T12 both");
});

test("the spread of edges travels in thousandths of a pixel", () => {
  const spread = (spreadPx: number) => new DataView(tagFrame({ seq: 1, timeS: 0, brightness: NaN }, [{ ...tag(3), spreadPx }])).getUint16(24, true);
  assert.deepEqual([spread(0.125), spread(0), spread(1e9)], [125, 0, 65535]);
});
