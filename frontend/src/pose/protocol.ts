// What page and pose worker say to each other.

export type Size = "lite" | "full";
export type Delegate = "GPU" | "CPU";

export interface Network {
  readonly size: Size;
  readonly delegate: Delegate;
}

export type ToWorker =
  | { readonly kind: "load"; readonly base: string; readonly network: Network }
  /** Look at one picture; it comes back. `timeMs` rises from one to the next. */
  | { readonly kind: "look"; readonly turn: number; readonly timeMs: number; readonly picture: ImageBitmap };

export type FromWorker =
  | { readonly kind: "loaded"; readonly network: Network; readonly tookMs: number }
  | {
      readonly kind: "seen";
      readonly turn: number;
      readonly landmarks: Float32Array | null;
      readonly brightness: number;
      readonly tookMs: number;
      readonly picture: ImageBitmap;
    }
  | { readonly kind: "failed"; readonly stage: "load" | "look"; readonly reason: string };
