// Corners of a coded square to a fraction of a pixel: its four edges as lines, and where they meet. As the server
// reads films (coxa/adapters/tags/corners.py): refining corners as corners draws them inwards in a soft picture.

/** One byte a pixel, row by row. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Refined {
  /** x, y of four corners, clockwise; pixels counted from the middle of the first one. */
  readonly corners: Float64Array;
  /** How far edge points spread about their lines, px. */
  readonly spreadPx: number;
}

const SAMPLES = 12; // places along an edge
const STEPS = 17; // across it, at each
const ROUNDS = 2;
const ENDS = 0.12; // of an edge, near its corners, where the other edge softens it
const REACH = 0.7; // modules to each side: further out lies the code, or the end of the paper
const LEAST_REACH_PX = 1.6;
const FARTHEST = 0.12; // of a side that a corner may move
const FARTHEST_PX = 2.5; // outlines go along the middles of pixels: half a pixel further off than OpenCV's
const LEAST_RISE = 8; // grey levels
const LEAST_SCALE_PX = 0.02;

/** Refine corners (x, y, x, y, ...), clockwise; null: the edges are not to be found. */
export function refined(grey: Grey, corners: ArrayLike<number>, modules: number): Refined | null {
  let found = Float64Array.from(corners);
  const side = Math.max(...[0, 1, 2, 3].map((k) => Math.hypot(...between(found, k, (k + 1) % 4))));
  let spreadPx = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const moved = new Float64Array(8);
    spreadPx = refineOnce(grey, found, modules, moved);
    const farthest = Math.max(...moved.map((value, k) => Math.abs(value - found[k]!)));
    if (!(spreadPx >= 0) || !(farthest <= Math.max(FARTHEST * side, FARTHEST_PX))) return null;
    found = moved;
  }
  return { corners: found, spreadPx };
}

function between(corners: Float64Array, from: number, to: number): [number, number] {
  return [corners[2 * to]! - corners[2 * from]!, corners[2 * to + 1]! - corners[2 * from + 1]!];
}

/** Bilinear; beyond the picture its last pixel. */
export function sample({ width, height, data }: Grey, x: number, y: number): number {
  const [cx, cy] = [Math.min(Math.max(x, 0), width - 1.001), Math.min(Math.max(y, 0), height - 1.001)];
  const [i, j] = [Math.floor(cy), Math.floor(cx)];
  const [v, u, at] = [cy - i, cx - j, i * width + j];
  const upper = (1 - u) * data[at]! + u * data[at + 1]!;
  const lower = (1 - u) * data[at + width]! + u * data[at + width + 1]!;
  return (1 - v) * upper + v * lower;
}

/** One round: corners to `moved`; gives the spread, NaN where an edge is missing. */
function refineOnce(grey: Grey, corners: Float64Array, modules: number, moved: Float64Array): number {
  const lines = new Float64Array(16);
  const points = new Float64Array(2 * SAMPLES);
  const weight = new Float64Array(SAMPLES);
  const middle = [0, 1].map((axis) => 0.25 * (corners[axis]! + corners[2 + axis]! + corners[4 + axis]! + corners[6 + axis]!));
  let spread = 0;
  for (let e = 0; e < 4; e += 1) {
    const [ax, ay] = [corners[2 * e]!, corners[2 * e + 1]!];
    const [sx, sy] = between(corners, e, (e + 1) % 4);
    const length = Math.hypot(sx, sy);
    if (length < 1e-6) return NaN;
    const [ox, oy] = [sy / length, -sx / length];
    // Across an edge lie modules of the width across it, not along it.
    const across = 2 * Math.abs((middle[0]! - ax - 0.5 * sx) * ox + (middle[1]! - ay - 0.5 * sy) * oy);
    const reach = Math.max((REACH * across) / modules, LEAST_REACH_PX);
    edgePoints(grey, [ax, ay, sx, sy, ox, oy], reach, points, weight);
    if (median(weight) < LEAST_RISE) return NaN;
    spread += 0.25 * line(points, weight, lines.subarray(4 * e, 4 * e + 4)) ** 2;
  }
  return meet(lines, moved) ? Math.sqrt(spread) : NaN;
}

/** Where neighbouring lines cross. */
function meet(lines: Float64Array, moved: Float64Array): boolean {
  for (let e = 0; e < 4; e += 1) {
    const p = lines.subarray(4 * ((e + 3) % 4));
    const q = lines.subarray(4 * e);
    const denominator = p[2]! * q[3]! - p[3]! * q[2]!;
    if (Math.abs(denominator) < 1e-6) return false;
    const t = ((q[0]! - p[0]!) * q[3]! - (q[1]! - p[1]!) * q[2]!) / denominator;
    moved[2 * e] = p[0]! + t * p[2]!;
    moved[2 * e + 1] = p[1]! + t * p[3]!;
  }
  return true;
}

/** Where it turns from black to white along each line across an edge; `weight`: how much. */
function edgePoints(grey: Grey, edge: readonly number[], reach: number, points: Float64Array, weight: Float64Array): void {
  const [ax, ay, sx, sy, ox, oy] = edge as [number, number, number, number, number, number];
  const step = (2 * reach) / (STEPS - 1);
  for (let n = 0; n < SAMPLES; n += 1) {
    const share = ENDS + ((1 - 2 * ENDS) * n) / (SAMPLES - 1);
    const [x, y] = [ax + share * sx, ay + share * sy];
    let before = sample(grey, x - reach * ox, y - reach * oy);
    let [total, moment] = [1e-6, 0];
    for (let k = 1; k < STEPS; k += 1) {
      const at = -reach + k * step;
      const value = sample(grey, x + at * ox, y + at * oy);
      const rise = Math.max(value - before, 0);
      total += rise;
      moment += rise * (at - 0.5 * step);
      before = value;
    }
    points[2 * n] = x + (moment / total) * ox;
    points[2 * n + 1] = y + (moment / total) * oy;
    weight[n] = total;
  }
}

/** `into`: middle and direction of the line through points, outliers weighed down; gives their spread. */
function line(points: Float64Array, weight: Float64Array, into: Float64Array): number {
  const most = Math.max(...weight);
  const w = weight.map((one) => one / most);
  const off = new Float64Array(SAMPLES);
  let scale = 0;
  for (let round = 0; round < 3; round += 1) {
    let [total, x, y] = [0, 0, 0];
    for (let n = 0; n < SAMPLES; n += 1) {
      total += w[n]!;
      x += w[n]! * points[2 * n]!;
      y += w[n]! * points[2 * n + 1]!;
    }
    x /= total;
    y /= total;
    let [xx, xy, yy] = [0, 0, 0];
    for (let n = 0; n < SAMPLES; n += 1) {
      const [dx, dy] = [points[2 * n]! - x, points[2 * n + 1]! - y];
      xx += w[n]! * dx * dx;
      xy += w[n]! * dx * dy;
      yy += w[n]! * dy * dy;
    }
    const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
    into.set([x, y, Math.cos(angle), Math.sin(angle)]);
    for (let n = 0; n < SAMPLES; n += 1) off[n] = (points[2 * n]! - x) * into[3]! - (points[2 * n + 1]! - y) * into[2]!;
    scale = 1.48 * median(off.map(Math.abs)) + LEAST_SCALE_PX;
    for (let n = 0; n < SAMPLES; n += 1) w[n]! /= 1 + (off[n]! / (2 * scale)) ** 2;
  }
  return scale;
}

function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : 0.5 * (sorted[half - 1]! + sorted[half]!);
}
