// The mirror image, and over it what the network sees: the very picture it looked at, so that nothing lags.
import { INDEX, N_VALUES, type Name } from "../pose/landmarks.ts";
import { partOf } from "./parts.ts";

const BONES: readonly (readonly [Name, Name])[] = [
  ["left_shoulder", "right_shoulder"], ["left_hip", "right_hip"],
  ["left_shoulder", "left_hip"], ["right_shoulder", "right_hip"],
  ["left_shoulder", "left_elbow"], ["left_elbow", "left_wrist"],
  ["right_shoulder", "right_elbow"], ["right_elbow", "right_wrist"],
  ["left_hip", "left_knee"], ["left_knee", "left_ankle"],
  ["right_hip", "right_knee"], ["right_knee", "right_ankle"],
  ["left_ankle", "left_heel"], ["left_heel", "left_foot_index"],
  ["right_ankle", "right_heel"], ["right_heel", "right_foot_index"],
];
const JOINTS = [...new Set(BONES.flat())];
/** As the coach has it: less is a guess. */
const SEEN_FROM = 0.5;

export interface Look {
  readonly bone: string;
  readonly joint: string;
  readonly fault: string;
}

export interface Drawn {
  readonly picture: CanvasImageSource | null;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly landmarks: Float32Array | null;
  /** Parts that are faulty now: words and side. */
  readonly firing?: readonly (readonly [string, string])[];
  readonly mirrored?: boolean;
}

/** The theme's colours of a canvas. */
export function lookOf(canvas: HTMLCanvasElement): Look {
  const style = getComputedStyle(canvas);
  const colour = (name: string, usual: string) => style.getPropertyValue(name).trim() || usual;
  return {
    bone: colour("--live-bone", "rgb(255 255 255 / 0.85)"),
    joint: colour("--live-joint", "#ffffff"),
    fault: colour("--live-fault", "#ffb020"),
  };
}

/** Middle of landmarks; null: one of them is not seen. */
export function middle(landmarks: Float32Array, indices: readonly number[]): [number, number] | null {
  let [x, y] = [0, 0];
  for (const index of indices) {
    const row = index * N_VALUES;
    if (!(landmarks[row + 3]! >= SEEN_FROM)) return null;
    x += landmarks[row]!;
    y += landmarks[row + 1]!;
  }
  return [x / indices.length, y / indices.length];
}

export function draw(canvas: HTMLCanvasElement, drawn: Drawn, look: Look): void {
  const sheet = canvas.getContext("2d");
  if (!sheet) return;
  if (canvas.width !== drawn.widthPx) canvas.width = drawn.widthPx;
  if (canvas.height !== drawn.heightPx) canvas.height = drawn.heightPx;
  const mirrored = drawn.mirrored ?? true;
  sheet.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? drawn.widthPx : 0, 0);
  sheet.clearRect(0, 0, drawn.widthPx, drawn.heightPx);
  if (drawn.picture) sheet.drawImage(drawn.picture, 0, 0);
  if (!drawn.landmarks) return;
  const thin = Math.max(drawn.heightPx / 160, 2);
  bones(sheet, drawn.landmarks, look, thin);
  for (const [words, side] of drawn.firing ?? []) highlight(sheet, drawn.landmarks, words, side, look, thin);
}

function bones(sheet: CanvasRenderingContext2D, landmarks: Float32Array, look: Look, thin: number): void {
  sheet.lineCap = "round";
  const path = new Path2D();
  for (const [from, to] of BONES) line(path, middle(landmarks, [INDEX[from]]), middle(landmarks, [INDEX[to]]));
  sheet.strokeStyle = "rgb(0 0 0 / 0.35)";
  sheet.lineWidth = thin * 1.8;
  sheet.stroke(path);
  sheet.strokeStyle = look.bone;
  sheet.lineWidth = thin;
  sheet.stroke(path);
  sheet.fillStyle = look.joint;
  for (const name of JOINTS) dot(sheet, middle(landmarks, [INDEX[name]]), thin * 1.1);
}

function highlight(
  sheet: CanvasRenderingContext2D, landmarks: Float32Array, words: string, side: string, look: Look, thin: number,
): void {
  const part = partOf(words, side);
  const path = new Path2D();
  for (const [from, to] of part.lines) line(path, middle(landmarks, from), middle(landmarks, to));
  sheet.strokeStyle = sheet.fillStyle = look.fault;
  sheet.lineWidth = thin * 3.5;
  sheet.stroke(path);
  for (const indices of part.points) {
    const place = middle(landmarks, indices);
    dot(sheet, place, thin * 3);
    ring(sheet, place, thin * 6, thin);
  }
}

function line(path: Path2D, from: [number, number] | null, to: [number, number] | null): void {
  if (!from || !to) return;
  path.moveTo(...from);
  path.lineTo(...to);
}

function dot(sheet: CanvasRenderingContext2D, place: [number, number] | null, radius: number): void {
  if (!place) return;
  sheet.beginPath();
  sheet.arc(place[0], place[1], radius, 0, 2 * Math.PI);
  sheet.fill();
}

function ring(sheet: CanvasRenderingContext2D, place: [number, number] | null, radius: number, width: number): void {
  if (!place) return;
  sheet.beginPath();
  sheet.arc(place[0], place[1], radius, 0, 2 * Math.PI);
  sheet.lineWidth = width;
  sheet.stroke();
}
