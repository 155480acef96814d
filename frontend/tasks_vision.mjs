// Two things are read of every landmark where MediaPipe's wrapper reads one: its visibility and its presence
// in the picture. Python takes the lesser of both, and the noise it reckons with was measured so.
import { readFileSync } from "node:fs";

const GIVEN = /visibility:(\w+)\((\w+),4\)\?\?0/g;

/** For esbuild: the pinned package's bundle, with the lesser of visibility (4) and presence (5). */
export const withPresence = {
  name: "landmarks with presence",
  setup(build) {
    build.onLoad({ filter: /@mediapipe\/tasks-vision\/vision_bundle\.mjs$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const found = text.match(GIVEN)?.length ?? 0;
      if (found < 2) throw new Error(`${path}: landmarks are read in another way than in the pinned version`);
      const contents = text.replaceAll(GIVEN, "visibility:Math.min($1($2,4)??0,$1($2,5)??1)");
      return { contents, loader: "js" };
    });
  },
};
