// The browser's tag detector over pictures in files: for benchmarks/tags_in_browser.py and tests.
// node --import tsx look.ts TOLD.json: {printed, pictures: [{path, width, height, anew}]}, path: bytes of grey.
import { readFileSync } from "node:fs";
import { TagDetector, type Printed } from "../../src/tags/detector.ts";

interface Told {
  readonly printed: Printed;
  readonly pictures: readonly { path: string; width: number; height: number; anew: boolean }[];
}

const told = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Told;
let detector = new TagDetector(told.printed);
const found = told.pictures.map(({ path, width, height, anew }) => {
  if (anew) detector = new TagDetector(told.printed);
  const data = new Uint8Array(readFileSync(path));
  const began = performance.now();
  const tags = detector.track({ width, height, data });
  return { tags, tookMs: performance.now() - began };
});
console.log(JSON.stringify(found));
