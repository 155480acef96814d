// How bright a picture is: its mean, seen small, a few times a second.

const WIDTH = 32;
const HEIGHT = 24;
const EVERY_MS = 250;

/** Mean of grey (ITU-R BT.601), 0 black to 1 white, of RGBA bytes. */
export function meanOf(rgba: Uint8ClampedArray): number {
  let sum = 0;
  for (let at = 0; at < rgba.length; at += 4) sum += 0.299 * rgba[at]! + 0.587 * rgba[at + 1]! + 0.114 * rgba[at + 2]!;
  return sum / (rgba.length / 4) / 255;
}

export class Brightness {
  private readonly sheet = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d", { willReadFrequently: true });
  private value = NaN;
  private lookedMs = -Infinity;

  /** Of a picture; the last one stands for those that come soon after it. */
  of(picture: ImageBitmap, timeMs: number): number {
    if (this.sheet && timeMs - this.lookedMs >= EVERY_MS) {
      this.lookedMs = timeMs;
      this.sheet.drawImage(picture, 0, 0, WIDTH, HEIGHT);
      this.value = meanOf(this.sheet.getImageData(0, 0, WIDTH, HEIGHT).data);
    }
    return this.value;
  }
}
