// Finds the coded squares of printed boards in pictures: js-aruco2 finds and reads them, refine.ts places their corners.
// The whole picture is searched now and then; in between, a board is looked for where it was last seen.
import aruco from "js-aruco2";
import cv from "js-aruco2/src/cv.js";
import { refined, type Grey } from "./refine.ts";
import { darker, halved, sumsOf } from "./threshold.ts";

/** What is printed, as the server tells it. */
export interface Printed {
  /** Name of a board -> ids of its tags. */
  readonly boards: Readonly<Record<string, readonly number[]>>;
  /** Id -> its inner modules as bits, row by row from the upper left, white is one. */
  readonly codes: Readonly<Record<string, number>>;
  /** Along a side, the black border included. */
  readonly modules: number;
}

export interface SeenTag {
  readonly id: number;
  /** x, y of four corners, clockwise from the tag's upper left; pixels counted from the corner of the picture. */
  readonly corners: readonly number[];
  /** How far edge points spread about their lines, px. */
  readonly spreadPx: number;
}

interface Place {
  /** x0, y0, x1, y1. */
  readonly box: readonly [number, number, number, number];
  readonly age: number;
}

type Box = [number, number, number, number];

const NAME = "coxa";
/** As the server's: catalog/tags/tracking.yaml. */
const LEAST_SIDE_PX = 9;
const SEARCH_EVERY = 6;
const REFRESH_EVERY = 60;
const FORGET_AFTER = 30;
const MARGIN = 0.8;
const LEAST_MARGIN_PX = 32;
/** Radii of the windows that tell black from white, and how much darker black is: found by trial on made-up pictures. */
const WINDOWS = [3, 9] as const;
const DARKER = 12;
const MOST_PIXELS = 1_200_000;
const WARPED_PX = 48;
const HALF_PX = 0.5; // corners are counted from the middle of the first pixel until here

export class TagDetector {
  private readonly finder: InstanceType<typeof aruco.AR.Detector>;
  private readonly ids: readonly number[];
  private readonly boardOf = new Map<number, string>();
  private readonly places = new Map<string, Place>();
  private sinceSearch = REFRESH_EVERY;

  constructor(private readonly printed: Printed) {
    this.ids = Object.keys(printed.codes).map(Number);
    for (const [name, ids] of Object.entries(printed.boards)) for (const id of ids) this.boardOf.set(id, name);
    // Only an exact code counts: half-read ones are usually none of ours.
    const codeList = this.ids.map((id) => printed.codes[String(id)]!);
    aruco.AR.DICTIONARIES[NAME] = { nBits: (printed.modules - 2) ** 2, tau: 1, codeList };
    this.finder = new aruco.AR.Detector({ dictionaryName: NAME });
  }

  /** Tags of the next picture. */
  track(grey: Grey): SeenTag[] {
    this.sinceSearch += 1;
    let seen: SeenTag[];
    if (this.due()) {
      this.sinceSearch = 0;
      seen = this.find(grey, [0, 0, grey.width, grey.height]);
    } else seen = this.boxes(grey).flatMap((box) => this.find(grey, box));
    this.remember(seen);
    return seen;
  }

  private due(): boolean {
    const missing = this.places.size === 0 || [...this.places.values()].some((place) => place.age > 0);
    return this.sinceSearch >= (missing ? SEARCH_EVERY : REFRESH_EVERY);
  }

  /** Parts of the picture to search; those that overlap are searched as one. */
  private boxes(grey: Grey): Box[] {
    let boxes: Box[] = [];
    for (const { box, age } of this.places.values()) {
      const margin = Math.max(MARGIN * Math.max(box[2] - box[0], box[3] - box[1]), LEAST_MARGIN_PX) * (1 + 0.25 * age);
      let wide: Box = [
        Math.max(Math.floor(box[0] - margin), 0), Math.max(Math.floor(box[1] - margin), 0),
        Math.min(Math.ceil(box[2] + margin), grey.width), Math.min(Math.ceil(box[3] + margin), grey.height),
      ];
      for (const other of boxes.filter((one) => overlap(one, wide))) wide = joined(wide, other);
      boxes = [...boxes.filter((one) => !overlap(one, wide)), wide];
    }
    return boxes.filter((box) => box[2] - box[0] > 8 && box[3] - box[1] > 8);
  }

  private find(grey: Grey, [x0, y0, x1, y1]: Box): SeenTag[] {
    const part = cut(grey, x0, y0, x1, y1);
    // Where a large picture is searched as a whole, outlines are looked for in one of half the size.
    const times = part.width * part.height > MOST_PIXELS ? 2 : 1;
    const coarse = times === 2 ? halved(part) : part;
    const sums = sumsOf(coarse);
    const space = new Int32Array((coarse.width + 2) * (coarse.height + 2));
    const found = new Map<number, SeenTag | null>();
    for (const window of WINDOWS) {
      const outlines = cv.CV.findContours(darker(coarse, sums, window, DARKER), space);
      const found4 = this.finder.findCandidates(outlines, 4 * (LEAST_SIDE_PX - 1), 0.05, LEAST_SIDE_PX - 1);
      const quads = this.finder.clockwiseCorners(found4.map((quad) => larger(quad, times)));
      const once = new Set<number>();
      for (const { id: index, corners } of this.finder.findMarkers(part, this.finder.notTooNear(quads, LEAST_SIDE_PX / 2), WARPED_PX)) {
        const id = this.ids[index]!;
        const exact = refined(part, corners.flatMap(({ x, y }) => [x, y]), this.printed.modules);
        if (!exact || !isQuad(exact.corners)) continue;
        // Printed once: seen twice in one picture, neither can be trusted.
        if (once.has(id)) found.set(id, null);
        else if (!found.has(id)) found.set(id, placed(id, exact.corners, exact.spreadPx, x0, y0));
        once.add(id);
      }
    }
    return [...found.values()].filter((one) => one !== null);
  }

  private remember(seen: readonly SeenTag[]): void {
    const boxes = new Map<string, Box>();
    for (const { id, corners } of seen) {
      const name = this.boardOf.get(id)!;
      const [xs, ys] = [corners.filter((_, k) => k % 2 === 0), corners.filter((_, k) => k % 2 === 1)];
      const box: Box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      const other = boxes.get(name);
      boxes.set(name, other ? joined(box, other) : box);
    }
    for (const [name, place] of this.places) {
      if (boxes.has(name)) continue;
      if (place.age >= FORGET_AFTER) this.places.delete(name);
      else this.places.set(name, { box: place.box, age: place.age + 1 });
    }
    for (const [name, box] of boxes) this.places.set(name, { box, age: 0 });
  }
}

/** One byte a pixel of four (red, green, blue, alpha). */
export function greyOf(rgba: Uint8ClampedArray, width: number, height: number): Grey {
  const data = new Uint8Array(width * height);
  for (let k = 0, at = 0; k < data.length; k += 1, at += 4) {
    data[k] = (77 * rgba[at]! + 150 * rgba[at + 1]! + 29 * rgba[at + 2]! + 128) >> 8;
  }
  return { width, height, data };
}

function cut(grey: Grey, x0: number, y0: number, x1: number, y1: number): Grey {
  if (x1 - x0 === grey.width && y1 - y0 === grey.height) return grey;
  const [width, height] = [x1 - x0, y1 - y0];
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const from = (y0 + row) * grey.width + x0;
    data.set(grey.data.subarray(from, from + width), row * width);
  }
  return { width, height, data };
}

function larger(quad: { x: number; y: number }[], times: number): { x: number; y: number }[] {
  return quad.map(({ x, y }) => ({ x: times * x + 0.5 * (times - 1), y: times * y + 0.5 * (times - 1) }));
}

function placed(id: number, corners: Float64Array, spreadPx: number, x0: number, y0: number): SeenTag {
  return { id, corners: [...corners].map((value, k) => value + (k % 2 ? y0 : x0) + HALF_PX), spreadPx };
}

/** Convex, clockwise, and large enough to be read. */
function isQuad(corners: Float64Array): boolean {
  for (let k = 0; k < 4; k += 1) {
    const [a, b, c] = [k, (k + 1) % 4, (k + 2) % 4].map((one) => [corners[2 * one]!, corners[2 * one + 1]!]) as [number[], number[], number[]];
    const [ux, uy, vx, vy] = [b[0]! - a[0]!, b[1]! - a[1]!, c[0]! - b[0]!, c[1]! - b[1]!];
    if (ux * vy - uy * vx <= 0 || Math.hypot(ux, uy) < LEAST_SIDE_PX) return false;
  }
  return true;
}

function overlap(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

function joined(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
