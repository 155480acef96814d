// Printed tags, in a worker of its own: pictures in, corners out. Nothing is fetched, nothing leaves.
import { greyOf, TagDetector } from "../tags/detector.ts";
import type { FromTags, ToTags } from "../tags/protocol.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
let detector: TagDetector | null = null;
let sheet: OffscreenCanvasRenderingContext2D | null = null;

function pixels(picture: ImageBitmap): ImageData {
  if (sheet?.canvas.width !== picture.width || sheet.canvas.height !== picture.height) {
    sheet = new OffscreenCanvas(picture.width, picture.height).getContext("2d", { willReadFrequently: true })!;
  }
  sheet.drawImage(picture, 0, 0);
  return sheet.getImageData(0, 0, picture.width, picture.height);
}

scope.onmessage = ({ data }: MessageEvent<ToTags>) => {
  if (data.kind === "printed") {
    detector = new TagDetector(data.printed);
    return;
  }
  const began = performance.now();
  const { width, height, data: rgba } = pixels(data.picture);
  data.picture.close();
  const tags = detector?.track(greyOf(rgba, width, height)) ?? [];
  scope.postMessage({ timeS: data.timeS, tags, tookMs: performance.now() - began } satisfies FromTags);
};
