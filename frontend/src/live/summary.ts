// What a set came to, as its scenes told: counts, what was corrected, what no camera saw.
import type { Cue, Scene } from "./messages.ts";

export interface Counted {
  readonly set: number;
  readonly side: string;
  readonly number: number;
  readonly heldS: number;
}

export interface Summary {
  /** Number of the set at the last scene. */
  readonly set: number;
  readonly counted: readonly Counted[];
  /** Words of a correction, and how often they were said. */
  readonly corrected: readonly { readonly words: string; readonly times: number }[];
  readonly praised: readonly string[];
  /** What could not be seen, as it was said. */
  readonly unseen: readonly string[];
}

export const NOTHING: Summary = { set: 1, counted: [], corrected: [], praised: [], unseen: [] };

/** The summary after one more scene. */
export function summed(summary: Summary, scene: Scene): Summary {
  let { counted, corrected, praised, unseen } = summary;
  for (const cue of scene.cues) {
    counted = afterCue(counted, cue, summary.set);
    if (cue.kind === "fault") corrected = more(corrected, cue.words);
    if (cue.kind === "praise") praised = [...new Set([...praised, cue.words])];
    if (cue.kind === "blind") unseen = [...new Set([...unseen, cue.words])];
  }
  for (const { side, number, held_s } of scene.tallies) counted = atLeast(counted, scene.set_number, side, number, held_s);
  return { set: scene.set_number, counted, corrected, praised, unseen };
}

/** The last of a set is told by its cue alone: the scene's tallies are the next set's already. */
function afterCue(counted: readonly Counted[], { kind, number, side }: Cue, set: number): readonly Counted[] {
  if (number === null || (kind !== "count" && kind !== "hold")) return counted;
  return kind === "count" ? atLeast(counted, set, side, number, 0) : atLeast(counted, set, side, 0, number);
}

function atLeast(counted: readonly Counted[], set: number, side: string, number: number, heldS: number): readonly Counted[] {
  const before = counted.find((one) => one.set === set && one.side === side);
  if ((before?.number ?? 0) >= number && (before?.heldS ?? 0) >= heldS) return counted;
  const now = { set, side, number: Math.max(number, before?.number ?? 0), heldS: Math.max(heldS, before?.heldS ?? 0) };
  return [...counted.filter((one) => one !== before), now];
}

function more(rows: Summary["corrected"], words: string): Summary["corrected"] {
  const found = rows.find((one) => one.words === words);
  if (!found) return [...rows, { words, times: 1 }];
  return rows.map((one) => (one === found ? { words, times: one.times + 1 } : one));
}
