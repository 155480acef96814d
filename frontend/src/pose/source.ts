// Where landmarks come from: the camera and the pose network, or a test that plays what was recorded.

/** What one picture gave. */
export interface Seen {
  /** Of the page's clock; later than the one before. */
  readonly timeS: number;
  /** 33 x (x_px, y_px, depth_m, visibility) of the unmirrored picture; null: nobody was seen. */
  readonly landmarks: Float32Array | null;
  /** Mean of the picture, 0 black to 1 white; NaN: not known. */
  readonly brightness: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** The very picture that was looked at; whoever is told draws it at once, since it is closed afterwards. */
  readonly picture: ImageBitmap | null;
  /** How long the network took; NaN: not known. */
  readonly tookMs: number;
}

export interface LandmarkSource {
  /** As the server knows it. */
  readonly detector: "blazepose_lite" | "blazepose_full";
  /** Field of view along the longer side, where it is known; browsers tell none of their cameras. */
  readonly fovDeg?: number;
  start(tell: (seen: Seen) => void): void;
  /** No picture is looked at until the next start; what the source holds stays. */
  stop(): void;
}
