// Parts of the body that a cue is about, as landmarks: catalogue words such as "lower back" or "standing knee".
import { INDEX, type Name } from "../pose/landmarks.ts";

export interface Part {
  /** Circles: a joint, or the middle of several. */
  readonly points: readonly (readonly number[])[];
  /** Lines between two such places. */
  readonly lines: readonly (readonly [readonly number[], readonly number[]])[];
}

const at = (...names: Name[]): readonly number[] => names.map((name) => INDEX[name]);
const SHOULDERS = at("left_shoulder", "right_shoulder");
const HIPS = at("left_hip", "right_hip");
const NOTHING: Part = { points: [], lines: [] };

function limb(side: "left" | "right", ...names: ("hip" | "knee" | "ankle")[]): Part {
  const places = names.map((name) => at(`${side}_${name}`));
  const lines = places.slice(1).map((place, k) => [places[k]!, place] as const);
  return { points: places, lines };
}

function both(part: (side: "left" | "right") => Part): Part {
  const [left, right] = [part("left"), part("right")];
  return { points: [...left.points, ...right.points], lines: [...left.lines, ...right.lines] };
}

function sided(part: (side: "left" | "right") => Part, side: string): Part {
  return side === "left" || side === "right" ? part(side) : both(part);
}

const TRUNK: Part = { points: [], lines: [[SHOULDERS, HIPS]] };
const PELVIS: Part = { points: [], lines: [[at("left_hip"), at("right_hip")]] };
/** The lower third of the line from shoulders to hips is what a camera shows of it. */
const LOWER_BACK: Part = { points: [[...HIPS, ...HIPS, ...SHOULDERS]], lines: [[[...HIPS, ...HIPS, ...SHOULDERS], HIPS]] };

/** Of words and a side; nothing where the words name no part that is known. */
export function partOf(words: string, side: string): Part {
  if (words === "lower back") return LOWER_BACK;
  if (words === "pelvis") return PELVIS;
  if (words === "trunk") return TRUNK;
  const told = words.startsWith("left ") ? "left" : words.startsWith("right ") ? "right" : side;
  if (/\bleg$/.test(words)) return sided((one) => limb(one, "hip", "knee", "ankle"), told);
  if (/\bthigh$/.test(words)) return sided((one) => limb(one, "hip", "knee"), told);
  if (/\bknees?$/.test(words)) return sided((one) => limb(one, "knee"), told);
  if (/\bhips?$/.test(words)) return sided((one) => limb(one, "hip"), told);
  return NOTHING;
}
