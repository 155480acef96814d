// What page and tag worker say to each other.
import type { Printed, SeenTag } from "./detector.ts";

export type ToTags =
  | { readonly kind: "printed"; readonly printed: Printed }
  /** Look at one picture; it is closed there. */
  | { readonly kind: "look"; readonly timeS: number; readonly picture: ImageBitmap };

export interface FromTags {
  readonly timeS: number;
  readonly tags: readonly SeenTag[];
  readonly tookMs: number;
}
