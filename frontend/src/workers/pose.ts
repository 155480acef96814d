// The pose network, in a worker of its own: pictures in, landmarks out. It fetches from our own folder only.
import { FilesetResolver, PoseLandmarker } from "@mediapipe/tasks-vision";
import { Brightness } from "../pose/brightness.ts";
import { landmarksOf } from "../pose/landmarks.ts";
import type { FromWorker, ToWorker } from "../pose/protocol.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const brightness = new Brightness();
let landmarker: PoseLandmarker | null = null;

function tell(message: FromWorker, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

async function load({ base, network }: Extract<ToWorker, { kind: "load" }>): Promise<void> {
  const began = performance.now();
  const files = await FilesetResolver.forVisionTasks(base.replace(/\/$/, ""), true);
  landmarker = await PoseLandmarker.createFromOptions(files, {
    baseOptions: { modelAssetPath: `${base}pose_landmarker_${network.size}.task`, delegate: network.delegate },
    runningMode: "VIDEO",
    numPoses: 1,
  });
  tell({ kind: "loaded", network, tookMs: performance.now() - began });
}

function look({ turn, timeMs, picture }: Extract<ToWorker, { kind: "look" }>): void {
  const began = performance.now();
  const detected = landmarker!.detectForVideo(picture, timeMs);
  const landmarks = landmarksOf(detected, picture.width, picture.height);
  const tookMs = performance.now() - began;
  const answer = { kind: "seen", turn, landmarks, brightness: brightness.of(picture, timeMs), tookMs, picture } as const;
  tell(answer, landmarks ? [picture, landmarks.buffer] : [picture]);
}

scope.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  try {
    if (data.kind === "load") await load(data);
    else look(data);
  } catch (error) {
    tell({ kind: "failed", stage: data.kind, reason: String(error) });
  }
};
