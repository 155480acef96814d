// What the coach page shows at a moment: pure, from what the server told.
import type { Scene } from "./messages.ts";
import type { ExerciseFacts } from "./messages.ts";

export type Big =
  | { readonly kind: "none" }
  | { readonly kind: "count"; readonly number: number; readonly of: number }
  /** Seconds still to hold; `share` of it is done. */
  | { readonly kind: "hold"; readonly leftS: number; readonly share: number }
  | { readonly kind: "rest"; readonly leftS: number; readonly share: number };

export interface View {
  readonly phase: "waiting" | "ready" | "work" | "rest" | "done" | "stopped";
  readonly big: Big;
  /** The side that works; empty: none, or both. */
  readonly side: string;
  readonly set: number;
  readonly sets: number;
}

export function viewOf(facts: ExerciseFacts | null, scene: Scene | null): View {
  if (!facts || !scene) return { phase: "waiting", big: { kind: "none" }, side: "", set: 1, sets: facts?.sets ?? 1 };
  const side = scene.tallies.length === 1 ? scene.tallies[0]!.side : "";
  return { phase: scene.status, big: bigOf(facts, scene), side, set: scene.set_number, sets: facts.sets };
}

function bigOf(facts: ExerciseFacts, scene: Scene): Big {
  if (scene.status === "rest") return { kind: "rest", leftS: Math.ceil(scene.rest_s), share: shareOf(facts.rest_s - scene.rest_s, facts.rest_s) };
  if (scene.status === "done" || scene.status === "stopped") return { kind: "none" };
  if (facts.kind === "repetitions") {
    const number = scene.tallies.length ? Math.min(...scene.tallies.map((one) => one.number)) : 0;
    return { kind: "count", number, of: facts.repetitions };
  }
  const held = scene.tallies.length ? Math.min(...scene.tallies.map((one) => one.held_s)) : 0;
  if (!facts.hold_s) return { kind: "hold", leftS: Math.floor(held), share: 0 };
  return { kind: "hold", leftS: Math.max(Math.ceil(facts.hold_s - held), 0), share: shareOf(held, facts.hold_s) };
}

function shareOf(part: number, whole: number): number {
  return whole > 0 ? Math.min(Math.max(part / whole, 0), 1) : 0;
}
