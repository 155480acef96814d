// Sets equations ahead, so that a page needs no script: a JSON a line in, a JSON a line out.
import { createInterface } from "node:readline";
import katex from "katex";

for await (const line of createInterface({ input: process.stdin })) {
  const { tex, block } = JSON.parse(line);
  let answer;
  try {
    answer = { html: katex.renderToString(tex, { displayMode: block, strict: "error", throwOnError: true }) };
  } catch (error) {
    answer = { fault: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
