import assert from "node:assert/strict";
import test from "node:test";
import { filled, heightOf, PieceRefused, sendFile, type Here, type Line } from "../../src/upload/sending";

/** A server that takes pieces of four bytes; `fate` may break a piece before or after it arrived. */
function server(fate: (piece: number) => "before" | "after" | Error | undefined) {
  const got: number[] = [];
  let pieces = 0;
  const here = (): Here => ({ id: "u", received_bytes: got.length, chunk_bytes: 4 });
  const line: Line & { waited: number[] } = {
    waited: [],
    here: async () => here(),
    wait: async (seconds) => void line.waited.push(seconds),
    piece: async (_id, at, piece) => {
      const happens = fate(pieces++);
      if (happens instanceof Error) throw happens;
      if (happens === "before") throw new Error("the line broke");
      if (at !== got.length) throw new PieceRefused(409, "elsewhere", "");
      got.push(...new Uint8Array(await piece.arrayBuffer()));
      if (happens === "after") throw new Error("the line broke");
      return here();
    },
  };
  return { got, line, here: here() };
}

const bytes = Array.from({ length: 11 }, (_, index) => index);
const file = new Blob([new Uint8Array(bytes)]);
const quiet = { sent() {}, broken() {} };

test("all of a file arrives in order", async () => {
  const { got, line, here } = server(() => undefined);
  const told: number[] = [];
  await sendFile(file, here, line, { ...quiet, sent: (n) => told.push(n) });
  assert.deepEqual(got, bytes);
  assert.equal(told.at(-1), 11);
});

test("a line that breaks costs one piece, also where the answer alone was lost", async () => {
  const { got, line, here } = server((piece) => (piece === 1 ? "before" : piece === 2 ? "after" : undefined));
  await sendFile(file, here, line, quiet);
  assert.deepEqual(got, bytes);
  assert.deepEqual(line.waited, [1, 2]);
});

test("what the server refuses for good is not sent again and again", async () => {
  const { line, here } = server(() => new PieceRefused(413, "too much", ""));
  await assert.rejects(sendFile(file, here, line, quiet), /too much/);
  assert.deepEqual(line.waited, []);
});

test("a server that is gone for good is given up", async () => {
  const { line, here } = server(() => "before");
  await assert.rejects(sendFile(file, here, line, quiet), /broke/);
  assert.ok(line.waited.length >= 10);
  assert.ok(Math.max(...line.waited) <= 30);
});

test("a stopped upload stops", async () => {
  const { line, here } = server(() => new DOMException("stopped", "AbortError"));
  await assert.rejects(sendFile(file, here, line, quiet), { name: "AbortError" });
  assert.deepEqual(line.waited, []);
});

test("heights are read as people write them", () => {
  for (const text of ["1.75", "1,75", " 175 "]) assert.equal(heightOf(text), 1.75);
  for (const text of ["", "tall", "17.5", "0.2", "1e2", "-1.7"]) assert.equal(heightOf(text), null);
});

test("words get their values", () => {
  assert.equal(filled("{name} > {mb} {other}", { name: "a{mb}", mb: 3 }), "a{mb} > 3 {other}");
});
