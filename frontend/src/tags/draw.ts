// Tags over the mirror image.
import type { SeenTag } from "./detector.ts";

/** Outlines, in the sheet's own (mirrored) axes. */
export function drawTags(sheet: CanvasRenderingContext2D, tags: readonly SeenTag[], colour: string): void {
  if (!tags.length) return;
  const path = new Path2D();
  for (const { corners } of tags) {
    for (let k = 0; k < 4; k += 1) {
      const at = [corners[2 * k]!, corners[2 * k + 1]!] as const;
      if (k) path.lineTo(...at);
      else path.moveTo(...at);
    }
    path.closePath();
  }
  sheet.lineJoin = "round";
  sheet.lineWidth = Math.max(sheet.canvas.height / 200, 2);
  sheet.strokeStyle = colour;
  sheet.stroke(path);
}
