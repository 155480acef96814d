// What the page of a guided test shows at a moment: pure, from the state of the test.
import { lastSide, sideOf, type Plan, type State } from "./machine.ts";

export interface Shown {
  /** Text of the main button, by name. */
  readonly go: string;
  readonly redo: boolean;
  readonly wait: boolean;
  readonly pain: boolean;
  /** Parts of the line above the mirror, by name. */
  readonly chip: readonly string[];
  readonly number: string;
  /** `of`: so many are wanted; `seconds`; empty. */
  readonly unit: "" | "of" | "seconds";
  readonly between: string;
}

const GO: Readonly<Record<State["phase"], string>> = {
  intro: "start", placing: "ready_now", countdown: "", recording: "end_side", keeping: "", between: "go_on", assessing: "again", stopped: "start_again",
};

export function shownOf(plan: Plan, state: State): Shown {
  const { phase } = state;
  const side = sideOf(plan, state);
  const last = lastSide(plan, state);
  const chip = phase === "intro" ? [] : [`phase_${phase}`, ...(side ? [side] : [])];
  const between = phase !== "between" ? "" : state.waits ? "between_waits" : last ? "between_result" : "between_next";
  return {
    go: phase === "between" && last ? "to_result" : GO[phase],
    redo: phase === "between" || phase === "recording",
    wait: phase === "between" && !state.waits,
    pain: phase === "placing" || phase === "countdown" || phase === "recording",
    chip,
    between,
    ...numberOf(plan, state),
  };
}

function numberOf(plan: Plan, state: State): Pick<Shown, "number" | "unit"> {
  if (state.phase === "countdown") return { number: String(Math.max(Math.ceil(state.leftS), 1)), unit: "" };
  if (state.phase !== "recording") return { number: "", unit: "" };
  if (plan.trials) return { number: String(state.count), unit: "of" };
  return { number: String(Math.ceil(state.leftS)), unit: "seconds" };
}

/** The main angle that is known now, in words: `32° ± 11°`; empty: none is. */
export function angleOf(angles: Readonly<Record<string, readonly [number | null, number | null, number]>> | null | undefined): string {
  const known = Object.values(angles ?? {}).filter(([value, , level]) => value !== null && level > 0);
  const main = known.reduce<readonly [number | null, number | null, number] | null>(
    (best, one) => (!best || one[0]! > best[0]! ? one : best), null,
  );
  if (!main) return "";
  const error = main[1] === null ? "" : ` ± ${Math.round(1.96 * main[1])}°`;
  return `${Math.round(main[0]!)}°${error}`;
}
