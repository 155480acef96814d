// A guided test as a machine: what happens, and what is to be done about it. Pure: time comes with the events.
import type { Scene } from "../live/messages.ts";

export type Phase = "intro" | "placing" | "countdown" | "recording" | "keeping" | "between" | "assessing" | "stopped";

export interface Plan {
  /** In their order; one empty side where the test has none. */
  readonly sides: readonly string[];
  /** Repetitions of a side; 0: it is timed. */
  readonly trials: number;
  readonly timedS: number;
}

export interface State {
  readonly phase: Phase;
  /** Of the side at work. */
  readonly index: number;
  /** Repetitions seen of it. */
  readonly count: number;
  /** Seconds until the phase is over by itself; NaN: it is not. */
  readonly leftS: number;
  /** Of `leftS`: people may make it wait. */
  readonly waits: boolean;
  /** Since when everything is well, or enough was done; NaN: it is not. */
  readonly sinceS: number;
  readonly beganS: number;
  readonly nowS: number;
  /** Ids of what was kept, side by side. */
  readonly takes: readonly string[];
  /** What is wrong with how somebody stands; empty: nothing. */
  readonly trouble: string;
}

export type Event =
  | { readonly kind: "go" | "redo" | "wait" | "stop" | "failed" }
  | { readonly kind: "scene"; readonly scene: Scene; readonly timeS: number }
  | { readonly kind: "tick"; readonly timeS: number }
  | { readonly kind: "kept"; readonly take: string };

export type Effect =
  | { readonly kind: "say"; readonly key: string; readonly n?: number; readonly brief?: boolean }
  /** A live set begins: to find the place, or to record. */
  | { readonly kind: "open"; readonly recording: boolean; readonly side: string }
  /** The set is over; `keep`: what it recorded is a take. */
  | { readonly kind: "close"; readonly keep: boolean }
  | { readonly kind: "assess"; readonly takes: readonly string[] };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

const WELL_S = 1.5;
const COUNTDOWN_S = 3;
const BETWEEN_S = 8;
/** After the last repetition: the way back belongs to it. */
const ENOUGH_S = 1.5;
/** Nobody is recorded for longer. */
const LONGEST_S = 120;
/** Shorter, and nothing done, is a slip of the finger. */
const SHORTEST_S = 2;

export const BEGIN: State = {
  phase: "intro", index: 0, count: 0, leftS: NaN, waits: false, sinceS: NaN, beganS: NaN, nowS: 0, takes: [], trouble: "",
};

const same = (state: State): Step => ({ state, effects: [] });

export function step(plan: Plan, state: State, event: Event): Step {
  if (event.kind === "stop") return stopped(state);
  if (event.kind === "failed") return { state: { ...state, phase: "stopped", leftS: NaN }, effects: [{ kind: "close", keep: false }] };
  switch (state.phase) {
    case "intro":
    case "stopped":
      return event.kind === "go" ? place(plan, state, state.index) : same(state);
    case "placing":
      return placing(state, event);
    case "countdown":
      return countdown(plan, state, event);
    case "recording":
      return recording(plan, state, event);
    case "keeping":
      return event.kind === "kept" ? kept(state, event.take, plan) : same(state);
    case "between":
      return between(plan, state, event);
    case "assessing":
      return event.kind === "go" ? { state, effects: [{ kind: "assess", takes: state.takes }] } : same(state);
  }
}

/** The side at work, or the next one. */
export function sideOf(plan: Plan, state: State): string {
  return plan.sides[state.index] ?? "";
}

export function lastSide(plan: Plan, state: State): boolean {
  return state.index + 1 >= plan.sides.length;
}

/** What is said of a side that was recorded. */
function saidBetween(plan: Plan, state: State): string {
  if (plan.trials === 0) return "say_between_timed";
  if (state.count === 0) return "say_between_none";
  return state.count === 1 ? "say_between_one" : "say_between";
}

function stopped(state: State): Step {
  if (state.phase === "intro" || state.phase === "assessing" || state.phase === "stopped") return same(state);
  return {
    state: { ...state, phase: "stopped", leftS: NaN, takes: state.takes.slice(0, state.index) },
    effects: [{ kind: "close", keep: false }, { kind: "say", key: "say_stopped" }],
  };
}

function place(plan: Plan, state: State, index: number): Step {
  const side = plan.sides[index] ?? "";
  const next: State = { ...BEGIN, phase: "placing", index, nowS: state.nowS, takes: state.takes.slice(0, index), trouble: "nobody" };
  return {
    state: next,
    effects: [
      { kind: "open", recording: false, side },
      { kind: "say", key: side ? `say_place_${side}` : "say_place" },
    ],
  };
}

function placing(state: State, event: Event): Step {
  if (event.kind === "go") return count(state);
  if (event.kind !== "scene") return same(state);
  const trouble = troubleOf(event.scene);
  const sinceS = trouble ? NaN : Number.isNaN(state.sinceS) ? event.timeS : state.sinceS;
  const next = { ...state, trouble, sinceS, nowS: event.timeS };
  return event.timeS - sinceS >= WELL_S ? count(next) : same(next);
}

function count(state: State): Step {
  return {
    state: { ...state, phase: "countdown", leftS: COUNTDOWN_S, beganS: NaN, sinceS: NaN },
    effects: [{ kind: "say", key: "say_countdown" }],
  };
}

function countdown(plan: Plan, state: State, event: Event): Step {
  if (event.kind === "scene") return same({ ...state, trouble: troubleOf(event.scene) });
  if (event.kind !== "tick") return same(state);
  const beganS = Number.isNaN(state.beganS) ? event.timeS : state.beganS;
  const leftS = Math.max(COUNTDOWN_S - (event.timeS - beganS), 0);
  const next = { ...state, beganS, leftS, nowS: event.timeS };
  if (leftS > 0) {
    const number = Math.ceil(leftS);
    const said = number < Math.ceil(state.leftS);
    return { state: next, effects: said ? [{ kind: "say", key: String(number), brief: true }] : [] };
  }
  return {
    state: { ...next, phase: "recording", count: 0, beganS: NaN, sinceS: NaN, leftS: plan.trials ? NaN : plan.timedS },
    effects: [
      { kind: "close", keep: false },
      { kind: "open", recording: true, side: sideOf(plan, state) },
      { kind: "say", key: plan.trials ? "say_go" : "say_go_timed" },
    ],
  };
}

function recording(plan: Plan, state: State, event: Event): Step {
  if (event.kind === "go") return state.count > 0 || state.nowS - state.beganS >= SHORTEST_S ? end(state) : same(state);
  if (event.kind === "redo") return place(plan, state, state.index);
  if (event.kind !== "scene") return same(state);
  const { scene, timeS } = event;
  const beganS = Number.isNaN(state.beganS) ? timeS : state.beganS;
  const number = scene.tallies.length ? Math.min(...scene.tallies.map((one) => one.number)) : 0;
  const trouble = troubleOf(scene);
  const effects: Effect[] = [];
  if (number > state.count) effects.push({ kind: "say", key: String(number), brief: true });
  if (trouble === "nobody" && state.trouble !== "nobody") effects.push({ kind: "say", key: "say_nobody" });
  const enough = plan.trials > 0 && number >= plan.trials;
  const sinceS = enough ? (Number.isNaN(state.sinceS) ? timeS : state.sinceS) : NaN;
  const leftS = plan.trials ? NaN : Math.max(plan.timedS - (timeS - beganS), 0);
  const next = { ...state, beganS, nowS: timeS, count: Math.max(number, state.count), trouble, sinceS, leftS };
  const over = timeS - sinceS >= ENOUGH_S || leftS === 0 || timeS - beganS >= LONGEST_S || scene.status === "done";
  if (!over) return { state: next, effects };
  const ended = end(next);
  return { state: ended.state, effects: [...effects, ...ended.effects] };
}

function end(state: State): Step {
  return {
    state: { ...state, phase: "keeping", leftS: NaN },
    effects: [{ kind: "say", key: "say_enough" }, { kind: "close", keep: true }],
  };
}

function kept(state: State, take: string, plan: Plan): Step {
  const takes = [...state.takes.slice(0, state.index), take];
  const none = plan.trials > 0 && state.count === 0;
  return {
    state: { ...state, phase: "between", takes, beganS: NaN, leftS: none ? NaN : BETWEEN_S, waits: none },
    effects: [{ kind: "say", key: saidBetween(plan, state), n: state.count }],
  };
}

function between(plan: Plan, state: State, event: Event): Step {
  if (event.kind === "redo") return place(plan, state, state.index);
  if (event.kind === "go") return onward(plan, state);
  if (event.kind === "wait") return same({ ...state, waits: true, leftS: NaN });
  if (event.kind !== "tick" || state.waits) return same(state);
  const beganS = Number.isNaN(state.beganS) ? event.timeS : state.beganS;
  const leftS = Math.max(BETWEEN_S - (event.timeS - beganS), 0);
  const next = { ...state, beganS, leftS, nowS: event.timeS };
  return leftS > 0 ? same(next) : onward(plan, next);
}

function onward(plan: Plan, state: State): Step {
  if (!lastSide(plan, state)) return place(plan, state, state.index + 1);
  return {
    state: { ...state, phase: "assessing", leftS: NaN },
    effects: [{ kind: "say", key: "say_result" }, { kind: "assess", takes: state.takes }],
  };
}

function troubleOf(scene: Scene): string {
  const trouble = scene.placement?.trouble ?? "nobody";
  return trouble === "well" ? "" : trouble;
}
