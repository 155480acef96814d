// The parts of js-aruco2 (MIT) that are used here; it has no types of its own.
declare module "js-aruco2" {
  interface Point {
    x: number;
    y: number;
  }
  interface Grey {
    readonly width: number;
    readonly height: number;
    readonly data: Uint8Array;
  }
  interface Marker {
    id: number;
    corners: Point[];
  }
  class Detector {
    constructor(config: { dictionaryName: string; maxHammingDistance?: number });
    findCandidates(contours: unknown[], minSize: number, epsilon: number, minLength: number): Point[][];
    clockwiseCorners(candidates: Point[][]): Point[][];
    notTooNear(candidates: Point[][], minDist: number): Point[][];
    findMarkers(picture: Grey, candidates: Point[][], warpSize: number): Marker[];
  }
  const aruco: {
    AR: {
      DICTIONARIES: Record<string, { nBits: number; tau: number; codeList: number[] }>;
      Detector: typeof Detector;
    };
  };
  export default aruco;
}

declare module "js-aruco2/src/cv.js" {
  const cv: {
    CV: {
      findContours(of: { readonly width: number; readonly height: number; readonly data: Uint8Array }, space: Int32Array): unknown[];
    };
  };
  export default cv;
}
