// How the phone lies, as a unit quaternion from its axes to a level world's (X east or as it began, Y north, Z up).

export type Quaternion = readonly [w: number, x: number, y: number, z: number];

/** From alpha, beta, gamma in degrees: turns about Z, then X', then Y'' (W3C DeviceOrientation, appendix A). */
export function quaternionOf(alpha: number, beta: number, gamma: number): Quaternion {
  const half = Math.PI / 360;
  const [cz, sz] = [Math.cos(alpha * half), Math.sin(alpha * half)];
  const [cx, sx] = [Math.cos(beta * half), Math.sin(beta * half)];
  const [cy, sy] = [Math.cos(gamma * half), Math.sin(gamma * half)];
  return [
    cx * cy * cz - sx * sy * sz,
    sx * cy * cz - cx * sy * sz,
    cx * sy * cz + sx * cy * sz,
    cx * cy * sz + sx * sy * cz,
  ];
}

export interface Oriented {
  readonly timeS: number;
  readonly quaternion: Quaternion;
}

export type Access = "granted" | "denied" | "insecure" | "silent";

/** Ask where a phone asks for it: on a tap, and on a secure page. */
export async function allowed(): Promise<Access> {
  if (!window.isSecureContext) return "insecure";
  if (typeof DeviceOrientationEvent === "undefined") return "silent";
  const asks = (DeviceOrientationEvent as unknown as { requestPermission?: () => Promise<string> }).requestPermission;
  if (!asks) return "granted";
  try {
    return (await asks.call(DeviceOrientationEvent)) === "granted" ? "granted" : "denied";
  } catch {
    return "denied";
  }
}

/** Listen until the returned function is called; `silent` after a while without any reading. */
export function listen(heard: (one: Oriented) => void, silent: () => void, patienceMs = 3000): () => void {
  let any = false;
  const take = (event: DeviceOrientationEvent): void => {
    if (event.beta === null || event.gamma === null) return;
    any = true;
    heard({ timeS: event.timeStamp / 1000, quaternion: quaternionOf(event.alpha ?? 0, event.beta, event.gamma) });
  };
  window.addEventListener("deviceorientation", take);
  const waiting = setTimeout(() => any || silent(), patienceMs);
  return () => {
    clearTimeout(waiting);
    window.removeEventListener("deviceorientation", take);
  };
}

const HEAD = 4;
const READING = 24;

/** A binary frame: u8 channel 3, u8 version 1, u16 count, then f64 time in s and f32 w, x, y, z each. */
export function packed(readings: readonly Oriented[]): ArrayBuffer {
  const buffer = new ArrayBuffer(HEAD + READING * readings.length);
  const view = new DataView(buffer);
  view.setUint8(0, 3);
  view.setUint8(1, 1);
  view.setUint16(2, readings.length, true);
  readings.forEach((one, k) => {
    view.setFloat64(HEAD + READING * k, one.timeS, true);
    one.quaternion.forEach((part, j) => view.setFloat32(HEAD + READING * k + 8 + 4 * j, part, true));
  });
  return buffer;
}
