// A pose network that is ready: the one chosen before, or the best of a short trial on a picture of a person.
import { choose, findsGpu, forget, median, remember, remembered, type Chosen } from "./probe.ts";
import type { Network } from "./protocol.ts";
import { Runner } from "./runner.ts";

/** Where the worker and its files are: static addresses. */
export interface Files {
  /** `app/pose.js` */
  readonly script: string;
  /** `pose/`, with a slash at its end. */
  readonly base: string;
}

export interface Ready {
  readonly runner: Runner;
  readonly chosen: Chosen;
}

const LOAD_AT_MOST_MS = 60_000;
/** The first picture warms up, and finds the person. */
const FIRST_AT_MOST_MS = 8_000;
const LOOK_AT_MOST_MS = 3_000;
const LOOKS = 6;

let shared: Promise<Ready> | null = null;

/** One for all of a page, from exercise to exercise: loading takes a second or two. Again after a failure. */
export function sharedNetwork(files: Files): Promise<Ready> {
  shared ??= readyNetwork(files).catch((error: unknown) => {
    shared = null;
    throw error;
  });
  return shared;
}

/** It broke: the next who asks gets another. */
export function discardNetwork(ready: Ready): void {
  ready.runner.close();
  shared = null;
}

/** Loads, trying out at first; rejects with the last failure where nothing works. */
async function readyNetwork(files: Files, hasGpu: () => boolean = findsGpu): Promise<Ready> {
  const mark = `${files.base} ${navigator.userAgent}`;
  const kept = remembered(localStorage, mark);
  if (kept) {
    try {
      return { runner: await loaded(files, kept), chosen: kept };
    } catch {
      forget(localStorage);
    }
  }
  const runners = new Map<string, Runner>();
  let failure: unknown = null;
  const chosen = await choose(async (network) => {
    try {
      const runner = await loaded(files, network);
      runners.set(name(network), runner);
      return await tried(runner, files.base);
    } catch (error) {
      failure = error;
      runners.get(name(network))?.close();
      return null;
    }
  }, hasGpu());
  for (const [key, runner] of runners) if (!chosen || key !== name(chosen)) runner.close();
  if (!chosen) throw failure;
  remember(localStorage, mark, chosen);
  return { runner: runners.get(name(chosen))!, chosen };
}

function name(network: Network): string {
  return `${network.size} ${network.delegate}`;
}

async function loaded(files: Files, network: Network): Promise<Runner> {
  const runner = new Runner(files.script, files.base);
  try {
    await runner.load(network, LOAD_AT_MOST_MS);
    return runner;
  } catch (error) {
    runner.close();
    throw error;
  }
}

/** Median milliseconds of looking at a person. Times start at 1 ms, before any of a camera. */
async function tried(runner: Runner, base: string): Promise<number> {
  const file = await (await fetch(`${base}person.jpg`)).blob();
  const took: number[] = [];
  for (let turn = 0; turn <= LOOKS; turn += 1) {
    const picture = await createImageBitmap(file);
    const looked = await runner.look(picture, 1 + turn, turn ? LOOK_AT_MOST_MS : FIRST_AT_MOST_MS);
    looked.picture.close();
    if (turn) took.push(looked.tookMs);
  }
  return median(took);
}
