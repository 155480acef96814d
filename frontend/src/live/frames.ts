// Frames as they travel to the server: little endian, one WebSocket message each (docs/live.md).
import { N_LANDMARKS, N_VALUES } from "../pose/landmarks.ts";

export const CHANNEL = { landmarks: 1, tags: 2, phone: 3 } as const;
const VERSION = 1;
const NOBODY = 1;
const HEAD_BYTES = 20;

export interface Head {
  /** Counts up from one frame of the set to the next. */
  readonly seq: number;
  readonly timeS: number;
  /** 0..1; NaN: not known. */
  readonly brightness: number;
}

export interface Tag {
  readonly id: number;
  /** Four corners, (x_px, y_px) each. */
  readonly corners: readonly number[];
  /** How far edge points spread about the lines that the corners come from, px. */
  readonly spreadPx?: number;
}

const SPREAD_STEPS = 1000;
const MOST_SPREAD = 0xffff;

function framed(channel: number, flags: number, head: Head, payloadBytes: number): [ArrayBuffer, DataView] {
  const bytes = new ArrayBuffer(HEAD_BYTES + payloadBytes);
  const view = new DataView(bytes);
  view.setUint8(0, channel);
  view.setUint8(1, VERSION);
  view.setUint16(2, flags, true);
  view.setUint32(4, head.seq, true);
  view.setFloat64(8, head.timeS, true);
  view.setFloat32(16, head.brightness, true);
  return [bytes, view];
}

function put(view: DataView, at: number, values: ArrayLike<number>): void {
  for (let k = 0; k < values.length; k += 1) view.setFloat32(at + 4 * k, values[k]!, true);
}

/** Channel 1; `landmarks` null: nobody was seen. */
export function landmarkFrame(head: Head, landmarks: Float32Array | null): ArrayBuffer {
  if (!landmarks) return framed(CHANNEL.landmarks, NOBODY, head, 0)[0];
  if (landmarks.length !== N_LANDMARKS * N_VALUES) throw new RangeError(`${landmarks.length} values of landmarks`);
  const [bytes, view] = framed(CHANNEL.landmarks, 0, head, 4 * landmarks.length);
  put(view, HEAD_BYTES, landmarks);
  return bytes;
}

/** Channel 2: corners of printed tags in the picture. */
export function tagFrame(head: Head, tags: readonly Tag[]): ArrayBuffer {
  const each = 4 + 8 * 4;
  const [bytes, view] = framed(CHANNEL.tags, 0, head, 2 + each * tags.length);
  view.setUint16(HEAD_BYTES, tags.length, true);
  tags.forEach((tag, k) => {
    const at = HEAD_BYTES + 2 + each * k;
    view.setUint16(at, tag.id, true);
    view.setUint16(at + 2, Math.min(Math.round(SPREAD_STEPS * (tag.spreadPx ?? 0)), MOST_SPREAD), true);
    put(view, at + 4, tag.corners);
  });
  return bytes;
}

/** Channel 3: a phone's orientation as a unit quaternion w, x, y, z. */
export function phoneFrame(head: Head, quaternion: readonly [number, number, number, number]): ArrayBuffer {
  const [bytes, view] = framed(CHANNEL.phone, 0, head, 16);
  put(view, HEAD_BYTES, quaternion);
  return bytes;
}
