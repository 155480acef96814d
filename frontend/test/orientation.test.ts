import assert from "node:assert/strict";
import { test } from "node:test";
import { packed, quaternionOf } from "../src/phone/orientation.ts";

// W3C DeviceOrientation: R = Z(alpha) X(beta) Y(gamma).
function matrixOf(alpha: number, beta: number, gamma: number): number[][] {
  const [a, b, c] = [alpha, beta, gamma].map((one) => (one * Math.PI) / 180) as [number, number, number];
  const z = [[Math.cos(a), -Math.sin(a), 0], [Math.sin(a), Math.cos(a), 0], [0, 0, 1]];
  const x = [[1, 0, 0], [0, Math.cos(b), -Math.sin(b)], [0, Math.sin(b), Math.cos(b)]];
  const y = [[Math.cos(c), 0, Math.sin(c)], [0, 1, 0], [-Math.sin(c), 0, Math.cos(c)]];
  const times = (p: number[][], q: number[][]): number[][] =>
    p.map((row) => [0, 1, 2].map((k) => row.reduce((sum, one, j) => sum + one * (q[j]?.[k] ?? 0), 0)));
  return times(times(z, x), y);
}

function matrixOfQuaternion([w, x, y, z]: readonly [number, number, number, number]): number[][] {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

test("a quaternion turns as the three angles do", () => {
  for (const alpha of [0, 33, 190, 359]) {
    for (const beta of [-179, -80, 0, 45, 120]) {
      for (const gamma of [-89, -20, 0, 60]) {
        const wanted = matrixOf(alpha, beta, gamma).flat();
        const found = matrixOfQuaternion(quaternionOf(alpha, beta, gamma)).flat();
        found.forEach((one, k) => assert.ok(Math.abs(one - (wanted[k] ?? NaN)) < 1e-12));
      }
    }
  }
});

test("a frame bears every reading", () => {
  const frame = packed([{ timeS: 1.5, quaternion: [1, 0, 0, 0] }, { timeS: 2, quaternion: [0, 0, 1, 0] }]);
  const view = new DataView(frame);
  assert.deepEqual([view.getUint8(0), view.getUint8(1), view.getUint16(2, true)], [3, 1, 2]);
  assert.equal(view.getFloat64(28, true), 2);
  assert.equal(view.getFloat32(28 + 8 + 8, true), 1);
});
