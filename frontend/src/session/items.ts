// Exercises of a session, one after the other.
import type { Outcome } from "../live/coach.ts";

export interface Item {
  readonly exercise: string;
  readonly title: string;
  readonly dose: Readonly<Record<string, unknown>>;
}

export type Next = "go_on" | "stop" | "leave";

/** What follows an exercise: the next, the page that asks what is felt, or a stop for now. */
export function after(outcome: Pick<Outcome, "kind">): Next {
  if (outcome.kind === "stopped") return "stop";
  return outcome.kind === "done" ? "go_on" : "leave";
}
