// What page and server say to each other in text (docs/live.md).

export interface Hello {
  readonly type: "hello";
  readonly width_px: number;
  readonly height_px: number;
  readonly detector: "blazepose_lite" | "blazepose_full";
  readonly fov_deg?: number;
  /** It connects again because it was asked to. */
  readonly moved?: boolean;
}

export type Command =
  | { readonly type: "pain"; readonly score?: number }
  | { readonly type: "pause" }
  | { readonly type: "go_on" }
  | { readonly type: "skip_rest" }
  | { readonly type: "end" };

export type ClientMessage = Hello | Command | { readonly type: "ping"; readonly t: number };

export type Status = "ready" | "work" | "rest" | "done" | "stopped";

export interface Tally {
  readonly side: string;
  readonly number: number;
  readonly held_s: number;
}

export type CueKind =
  | "setup" | "blind" | "go" | "count" | "partial" | "hold" | "fault" | "praise" | "switch" | "rest" | "done" | "stop";

export interface Cue {
  readonly kind: CueKind;
  readonly words: string;
  readonly rule: string;
  readonly side: string;
  readonly highlight: string;
  readonly number: number | null;
}

export interface Scene {
  readonly type: "scene";
  readonly seq: number;
  readonly time_s: number;
  readonly status: Status;
  readonly tallies: readonly Tally[];
  readonly set_number: number;
  readonly rest_s: number;
  /** Part of the body, and its side. */
  readonly firing: readonly (readonly [string, string])[];
  readonly cues: readonly Cue[];
  /** How somebody stands in the picture: `well`, or what is wrong, and what to do about it. */
  readonly placement?: { readonly trouble: string; readonly words: string } | null;
  /** Of a test: value and sd in deg, and 0 unseen, 1 weak, 2 observed. */
  readonly angles?: Readonly<Record<string, readonly [number | null, number | null, number]>> | null;
}

export interface ExerciseFacts {
  readonly id: string;
  readonly title: string;
  /** `repetitions`, `hold` or `timed`. */
  readonly kind: string;
  readonly sides: readonly string[];
  readonly sets: number;
  /** 0: without end. */
  readonly repetitions: number;
  /** 0: without end. */
  readonly hold_s: number;
  readonly rest_s: number;
}

export interface Ready {
  readonly type: "ready";
  readonly resumed: boolean;
  readonly paused: boolean;
  readonly scene: Scene | null;
  readonly exercise?: ExerciseFacts | null;
}

export type ServerMessage =
  | Scene
  | Ready
  | { readonly type: "problem"; readonly title: string; readonly detail: string }
  | { readonly type: "ended"; readonly entry?: string | null; readonly url?: string | null }
  | { readonly type: "pong"; readonly t: number }
  | { readonly type: "replaced" }
  /** So many frames of landmarks a second; null: all that there are. */
  | { readonly type: "pace"; readonly hz: number | null }
  /** Connect again, at once: another server may have more time. */
  | { readonly type: "move" };
