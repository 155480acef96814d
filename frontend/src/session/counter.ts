// Sets, holds and rests of one who counts alone: a clock that is told the time, without a page.

export interface Dose {
  readonly sets: number;
  readonly repetitions: number | null;
  readonly hold_s: number | null;
  readonly rest_s: number;
}

export type Phase = "ready" | "set" | "hold" | "rest" | "over";

export interface Counted {
  readonly phase: Phase;
  /** Sets that are done. */
  readonly sets: number;
  /** When the hold or the rest ends, in seconds of the caller's clock. */
  readonly endsS: number | null;
}

export const BEGIN: Counted = { phase: "ready", sets: 0, endsS: null };

/** The one button: begin a set, say that it is done, or end the rest. */
export function pressed(at: Counted, dose: Dose, nowS: number): Counted {
  if (at.phase === "ready" || at.phase === "rest" || at.phase === "over") {
    return dose.hold_s ? { ...at, phase: "hold", endsS: nowS + dose.hold_s } : { ...at, phase: "set", endsS: null };
  }
  return setDone(at, dose, nowS);
}

/** As time goes by: a hold ends in a rest, a rest in being ready. */
export function ticked(at: Counted, dose: Dose, nowS: number): Counted {
  if (at.endsS === null || nowS < at.endsS) return at;
  return at.phase === "hold" ? setDone(at, dose, at.endsS) : { ...at, phase: "ready", endsS: null };
}

/** A rest at any moment. */
export function rested(at: Counted, dose: Dose, nowS: number): Counted {
  return { ...at, phase: "rest", endsS: nowS + Math.max(dose.rest_s, 15) };
}

export function leftS(at: Counted, nowS: number): number {
  return at.endsS === null ? 0 : Math.max(0, Math.ceil(at.endsS - nowS - 1e-9));
}

function setDone(at: Counted, dose: Dose, nowS: number): Counted {
  const sets = at.sets + 1;
  if (sets >= dose.sets) return { phase: "over", sets, endsS: null };
  return dose.rest_s > 0 ? { phase: "rest", sets, endsS: nowS + dose.rest_s } : { phase: "ready", sets, endsS: null };
}
