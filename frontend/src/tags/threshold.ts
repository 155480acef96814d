// What is darker than its surroundings, in pictures of one byte a pixel.
import type { Grey } from "./refine.ts";

/** Sums of all pixels above and to the left: (height + 1) x (width + 1). */
export function sumsOf({ width, height, data }: Grey): Uint32Array {
  const wide = width + 1;
  const sums = new Uint32Array(wide * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += data[y * width + x]!;
      sums[(y + 1) * wide + x + 1] = sums[y * wide + x + 1]! + row;
    }
  }
  return sums;
}

/** 255 where a pixel is darker than the mean of the square about it, of so many pixels to each side, by so much. */
export function darker({ width, height, data }: Grey, sums: Uint32Array, radius: number, by: number): Grey {
  const wide = width + 1;
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [y0, y1] = [Math.max(y - radius, 0), Math.min(y + radius + 1, height)];
    for (let x = 0; x < width; x += 1) {
      const [x0, x1] = [Math.max(x - radius, 0), Math.min(x + radius + 1, width)];
      const sum = sums[y1 * wide + x1]! - sums[y0 * wide + x1]! - sums[y1 * wide + x0]! + sums[y0 * wide + x0]!;
      if ((data[y * width + x]! + by) * (y1 - y0) * (x1 - x0) <= sum) dark[y * width + x] = 255;
    }
  }
  return { width, height, data: dark };
}

/** Half the size, the mean of four pixels each. */
export function halved({ width, height, data }: Grey): Grey {
  const [w, h] = [width >> 1, height >> 1];
  const half = new Uint8Array(w * h);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const at = 2 * y * width + 2 * x;
      half[y * w + x] = (data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]! + 2) >> 2;
    }
  }
  return { width: w, height: h, data: half };
}
