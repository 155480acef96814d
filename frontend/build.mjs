// Scripts, styles and what they load, from frontend/ and the pinned npm packages, into the Python package.
// Nothing is fetched here or at run time: the browser loads only what this puts into src/coxa/web/static.
import { build } from "esbuild";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { withPresence } from "./tasks_vision.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "src/coxa/web/static");
const aside = `${target}.new-${process.pid}`;
rmSync(aside, { recursive: true, force: true });
mkdirSync(aside, { recursive: true });

// Browsers run the service worker as a plain script: it must import nothing.
const ALONE = "service-worker.ts";

// A page's script is frontend/src/pages/NAME.ts, a worker's frontend/src/workers/NAME.ts.
const scripts = (folder) =>
  readdirSync(join(root, "frontend/src", folder))
    .filter((name) => name.endsWith(".ts") && name !== ALONE)
    .map((name) => ({ in: join(root, "frontend/src", folder, name), out: name.slice(0, -3) }));

// Whose files are in what is built, package by package; [] where they are copied below. scripts/notices.py
// gathers their licences.
const carried = { "@fontsource-variable/figtree": [], "@mediapipe/pose": [], "@mediapipe/tasks-vision": [] };
const building = async (options) => {
  const { metafile } = await build({ ...options, absWorkingDir: root, metafile: true });
  for (const path of Object.keys(metafile.inputs)) {
    const [, name, file] = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)/.exec(path) ?? [];
    if (name && !carried[name]?.includes(file)) (carried[name] ??= []).push(file);
  }
};

await building({
  entryPoints: [...scripts("pages"), ...scripts("workers")],
  outdir: join(aside, "app"),
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: false,
  legalComments: "linked",
  chunkNames: "parts/[name]-[hash]",
  plugins: [withPresence],
  logLevel: "warning",
});
await building({
  entryPoints: [join(root, "frontend/src/workers", ALONE)],
  outdir: join(aside, "app"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  logLevel: "warning",
});
await building({
  entryPoints: [{ in: join(root, "frontend/styles/base.css"), out: "base" }],
  outdir: join(aside, "app"),
  bundle: true,
  minify: true,
  external: ["*.woff2"],
  logLevel: "warning",
});

cpSync(join(root, "node_modules/@fontsource-variable/figtree/files"), join(aside, "fonts"), {
  recursive: true,
  filter: (path) => !path.includes("italic"),
});
for (const folder of ["icons"]) {
  const from = join(root, "frontend", folder);
  if (existsSync(from)) cpSync(from, join(aside, folder), { recursive: true });
}
const wasm = join(root, "node_modules/@mediapipe/tasks-vision/wasm");
mkdirSync(join(aside, "pose"), { recursive: true });
for (const name of ["vision_wasm_module_internal.js", "vision_wasm_module_internal.wasm"]) {
  cpSync(join(wasm, name), join(aside, "pose", name));
}
for (const size of ["lite", "full"]) {
  const name = `pose_landmarker_${size}.task`;
  cpSync(join(root, ".build/pose", name), join(aside, "pose", name));
}
// A rendered person, on whom a browser tries out which network it can run.
cpSync(join(root, "frontend/pose/person.jpg"), join(aside, "pose/person.jpg"));

// What shrinks is sent as it is packed here, once; networks, pictures and fonts hardly do.
for (const name of readdirSync(aside, { recursive: true })) {
  if (!/\.(js|css|wasm|svg|json|webmanifest)$/.test(name)) continue;
  const plain = readFileSync(join(aside, name));
  writeFileSync(join(aside, `${name}.gz`), gzipSync(plain, { level: plain.length > 4_000_000 ? 6 : 9 }));
}
writeFileSync(join(root, ".build/carried.json"), `${JSON.stringify(carried, null, 1)}\n`);
rmSync(target, { recursive: true, force: true });
renameSync(aside, target);
