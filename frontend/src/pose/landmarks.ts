// What the pose network says of a picture, as everything else takes it.

export const N_LANDMARKS = 33;
/** x_px, y_px, depth_m, visibility. */
export const N_VALUES = 4;

/** Names in the network's order. */
export const NAMES = [
  "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
  "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
  "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
  "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
  "left_heel", "right_heel", "left_foot_index", "right_foot_index",
] as const;

export type Name = (typeof NAMES)[number];

export const INDEX = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Record<Name, number>;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly visibility: number;
}

export interface Detected {
  /** Shares of the picture's width and height. */
  readonly landmarks: readonly (readonly Point[])[];
  /** Metres, camera axes. */
  readonly worldLandmarks: readonly (readonly Point[])[];
}

/**
 * The first person as 33 x (x_px, y_px, depth_m, visibility); null: nobody.
 *
 * `visibility` is the lesser of the network's visibility and presence already: see `frontend/tasks_vision.mjs`.
 */
export function landmarksOf(detected: Detected, widthPx: number, heightPx: number): Float32Array | null {
  const image = detected.landmarks[0];
  const world = detected.worldLandmarks[0];
  if (!image || !world || image.length < N_LANDMARKS || world.length < N_LANDMARKS) return null;
  const values = new Float32Array(N_LANDMARKS * N_VALUES);
  for (let index = 0; index < N_LANDMARKS; index += 1) {
    const point = image[index]!;
    values.set([point.x * widthPx, point.y * heightPx, world[index]!.z, point.visibility], index * N_VALUES);
  }
  return values;
}
