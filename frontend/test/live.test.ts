// Frames, socket, voice, choices: what the live page is built from, without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { INDEX, landmarksOf } from "../src/pose/landmarks.ts";
import { constraintsFor, troubleOf } from "../src/pose/camera.ts";
import { Clock } from "../src/pose/clock.ts";
import { Pace } from "../src/pose/pace.ts";
import { choose, isSoftware, remember, remembered } from "../src/pose/probe.ts";
import type { Network } from "../src/pose/protocol.ts";
import { landmarkFrame, phoneFrame, tagFrame } from "../src/live/frames.ts";
import { LiveSocket, pauseMs, socketUrl, type Link, type World } from "../src/live/socket.ts";
import { Spacing } from "../src/live/spacing.ts";
import { NOTHING, summed } from "../src/live/summary.ts";
import { viewOf } from "../src/live/view.ts";
import { told } from "../src/live/words.ts";
import type { Scene, ServerMessage } from "../src/live/messages.ts";
import { partOf } from "../src/draw/parts.ts";
import { Voice, type Speech } from "../src/voice/voice.ts";

const landmarks = Float32Array.from({ length: 132 }, (_, k) => k / 7);

test("a frame of landmarks is laid out as the server reads it", () => {
  const view = new DataView(landmarkFrame({ seq: 70_000, timeS: 12.5, brightness: 0.5 }, landmarks));
  assert.equal(view.byteLength, 548);
  assert.deepEqual([view.getUint8(0), view.getUint8(1), view.getUint16(2, true)], [1, 1, 0]);
  assert.deepEqual([view.getUint32(4, true), view.getFloat64(8, true), view.getFloat32(16, true)], [70_000, 12.5, 0.5]);
  assert.equal(view.getFloat32(20 + 4 * 131, true), landmarks[131]);
});

test("nobody is a flag and no landmarks", () => {
  const view = new DataView(landmarkFrame({ seq: 1, timeS: 1, brightness: NaN }, null));
  assert.deepEqual([view.byteLength, view.getUint16(2, true)], [20, 1]);
  assert.ok(Number.isNaN(view.getFloat32(16, true)));
  assert.throws(() => landmarkFrame({ seq: 1, timeS: 1, brightness: 0 }, new Float32Array(3)), RangeError);
});

test("tags and phones have their own channels", () => {
  const tags = new DataView(tagFrame({ seq: 1, timeS: 1, brightness: 0 }, [{ id: 7, corners: [1, 2, 3, 4, 5, 6, 7, 8] }]));
  assert.deepEqual([tags.byteLength, tags.getUint8(0), tags.getUint16(20, true), tags.getUint16(22, true)], [58, 2, 1, 7]);
  assert.equal(tags.getFloat32(26 + 28, true), 8);
  const phone = new DataView(phoneFrame({ seq: 1, timeS: 1, brightness: NaN }, [1, 0, 0, 0.5]));
  assert.deepEqual([phone.byteLength, phone.getUint8(0), phone.getFloat32(32, true)], [36, 3, 0.5]);
});

test("landmarks are pixels, depth and visibility; too few points are nobody", () => {
  const point = { x: 0.5, y: 0.25, z: 9, visibility: 0.9 };
  const all = Array.from({ length: 33 }, () => point);
  const read = landmarksOf({ landmarks: [all], worldLandmarks: [all.map(() => ({ ...point, z: 0.1 }))] }, 640, 480);
  assert.deepEqual([...read!.slice(0, 2)], [320, 120]);
  assert.ok(Math.abs(read![2]! - 0.1) < 1e-6);
  assert.equal(landmarksOf({ landmarks: [], worldLandmarks: [] }, 640, 480), null);
  assert.equal(landmarksOf({ landmarks: [[point]], worldLandmarks: [[point]] }, 640, 480), null);
});

test("the clock never stands still", () => {
  const clock = new Clock();
  const stamps = [100, 100, 50, 133].map((ms) => clock.stamp(ms));
  for (let k = 1; k < stamps.length; k += 1) assert.ok(stamps[k]! > stamps[k - 1]!);
  assert.equal(stamps[3], 0.133);
});

test("every refusal of the camera is a trouble with a name", () => {
  assert.deepEqual(["NotAllowedError", "NotFoundError", "NotReadableError", "Odd"].map(troubleOf), ["denied", "none", "busy", "broken"]);
  assert.deepEqual(constraintsFor({ deviceId: "x" }).deviceId, { ideal: "x" });
  assert.equal(constraintsFor({}).deviceId, undefined);
});

async function chosen(times: Record<string, number | null>, gpu: boolean): Promise<[string, string[]]> {
  const asked: string[] = [];
  const name = ({ size, delegate }: Network) => `${size} ${delegate}`;
  const found = await choose(async (network) => {
    asked.push(name(network));
    return times[name(network)] ?? null;
  }, gpu);
  return [found ? name(found) : "none", asked];
}

test("the probe takes the finer network only where it is fast, and never waits for a processor that is none", async () => {
  assert.deepEqual(await chosen({ "lite CPU": 60 }, false), ["lite CPU", ["lite CPU"]]);
  assert.deepEqual(await chosen({ "lite CPU": 20, "full CPU": 40 }, false), ["full CPU", ["lite CPU", "full CPU"]]);
  assert.deepEqual(await chosen({ "lite CPU": 20, "full CPU": 60 }, false), ["lite CPU", ["lite CPU", "full CPU"]]);
  assert.deepEqual(await chosen({ "lite GPU": 8, "full GPU": 12 }, true), ["full GPU", ["lite GPU", "full GPU"]]);
  assert.deepEqual(await chosen({ "lite GPU": 900, "lite CPU": 70 }, true), ["lite CPU", ["lite GPU", "lite CPU"]]);
  assert.deepEqual(await chosen({ "lite GPU": null, "lite CPU": null }, true), ["none", ["lite GPU", "lite CPU"]]);
  assert.ok(isSoftware("ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device))"));
  assert.ok(!isSoftware("ANGLE (Intel, Mesa Intel(R) UHD Graphics 620)"));
});

test("a choice is remembered for the same networks and browser only, and rubbish is none", () => {
  const kept = new Map<string, string>();
  const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  remember(store, "a", { size: "lite", delegate: "CPU", ms: 60 });
  assert.deepEqual(remembered(store, "a"), { size: "lite", delegate: "CPU", ms: 60 });
  assert.equal(remembered(store, "b"), null);
  kept.set("coxa-pose", "{");
  assert.equal(remembered(store, "a"), null);
  kept.set("coxa-pose", '{"mark":"a","size":"huge","delegate":"CPU"}');
  assert.equal(remembered(store, "a"), null);
});

test("pictures are too slow only once it is known", () => {
  const slow = new Pace();
  for (let k = 0; k < 5; k += 1) slow.add(k / 4);
  assert.equal(slow.slow, false);
  for (let k = 5; k < 20; k += 1) slow.add(k / 4);
  assert.equal(slow.slow, true);
  const fast = new Pace();
  for (let k = 0; k < 60; k += 1) fast.add(k / 15);
  assert.equal(fast.slow, false);
});

class Line {
  readyState = 0;
  bufferedAmount = 0;
  binaryType = "";
  sent: (string | ArrayBuffer)[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  send(data: string | ArrayBuffer): void {
    this.sent.push(data);
  }
  close(): void {
    this.readyState = 3;
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  get texts(): { type: string }[] {
    return this.sent.filter((one) => typeof one === "string").map((one) => JSON.parse(one as string));
  }
  get frames(): number[] {
    return this.sent.filter((one) => typeof one !== "string").map((one) => new DataView(one as ArrayBuffer).getUint32(4, true));
  }
}

function joined() {
  const lines: Line[] = [];
  const timers: { ms: number; then: () => void }[] = [];
  const links: Link[] = [];
  const heard: ServerMessage[] = [];
  const clock = { nowMs: 0 };
  const world: World = {
    open: () => (lines.push(new Line()), lines.at(-1)! as unknown as WebSocket),
    after: (ms, then) => (timers.push({ ms, then }), timers.at(-1)!),
    forget: (timer) => void (timers.includes(timer as never) && timers.splice(timers.indexOf(timer as never), 1)),
    nowMs: () => clock.nowMs,
    chance: () => 0.5,
  };
  const hello = { type: "hello", width_px: 640, height_px: 480, detector: "blazepose_lite" } as const;
  const socket = new LiveSocket("ws://x", () => hello, { link: (link) => links.push(link), message: (one) => heard.push(one) }, world);
  const run = (ms: number) => {
    const found = timers.find((one) => one.ms === ms)!;
    timers.splice(timers.indexOf(found), 1);
    found.then();
  };
  return { socket, lines, timers, links, heard, clock, run };
}

test("the socket says hello first, and sends nothing before it is answered", () => {
  const { socket, lines, links } = joined();
  socket.open();
  assert.equal(socket.push(1, landmarks, 0.5), false);
  lines[0]!.opens();
  assert.equal(socket.push(1.1, landmarks, 0.5), false);
  assert.deepEqual(lines[0]!.texts.map((one) => one.type), ["hello"]);
  lines[0]!.says({ type: "ready", resumed: false });
  assert.equal(socket.push(1.2, landmarks, 0.5), true);
  assert.deepEqual(lines[0]!.frames, [2]);
  assert.deepEqual(links, ["connecting", "open"]);
});

test("a line that is full, or does not answer, loses frames and holds none back", () => {
  const { socket, lines, clock } = joined();
  socket.open();
  lines[0]!.opens();
  lines[0]!.says({ type: "ready", resumed: false });
  lines[0]!.bufferedAmount = 2000;
  assert.equal(socket.push(1, landmarks, 0.5), false);
  lines[0]!.bufferedAmount = 0;
  assert.equal(socket.push(1.1, landmarks, 0.5), true);
  clock.nowMs = 1_000;
  assert.equal(socket.push(1.2, landmarks, 0.5), true, "one goes up to find out");
  clock.nowMs = 1_100;
  assert.equal(socket.push(1.3, landmarks, 0.5), false);
  lines[0]!.says({ type: "scene", seq: 2, cues: [], tallies: [] });
  assert.equal(socket.push(1.4, landmarks, 0.5), true);
  assert.deepEqual(socket.count, { sent: 3, spared: 0, dropped: 2 });
  assert.equal(socket.kept.all().length, 5);
});

test("a lost line comes back by itself, with growing pauses, and what people asked for is not lost", () => {
  const { socket, lines, links, run } = joined();
  socket.open();
  lines[0]!.opens();
  lines[0]!.says({ type: "ready", resumed: false });
  lines[0]!.onclose!({ code: 1006, reason: "" });
  socket.command({ type: "pain", score: 4 });
  run(pauseMs(0, 0.5));
  lines[1]!.onclose!({ code: 1006, reason: "" });
  assert.ok(pauseMs(1, 0.5) > pauseMs(0, 0.5));
  assert.ok(pauseMs(50, 1) <= 12_500);
  run(pauseMs(1, 0.5));
  lines[2]!.opens();
  lines[2]!.says({ type: "ready", resumed: true });
  assert.deepEqual(lines[2]!.texts.map((one) => one.type), ["hello", "pain"]);
  assert.deepEqual(links, ["connecting", "open", "lost", "connecting", "lost", "connecting", "open"]);
});

test("a line without a sign of life is dead; refused, replaced and ended it stays closed", () => {
  const dead = joined();
  dead.socket.open();
  dead.lines[0]!.opens();
  dead.clock.nowMs = 20_000;
  dead.run(3_000);
  assert.equal(dead.socket.link, "lost");
  for (const [say, link] of [
    [(line: Line) => line.onclose!({ code: 1008, reason: "no" }), "refused"],
    [(line: Line) => line.says({ type: "replaced" }), "replaced"],
    [(line: Line) => line.says({ type: "ended", url: null }), "ended"],
  ] as const) {
    const { socket, lines, timers } = joined();
    socket.open();
    lines[0]!.opens();
    say(lines[0]!);
    assert.equal(socket.link, link);
    assert.equal(timers.length, 0);
    assert.equal(lines.length, 1);
  }
});

test("a server without time for all frames gets fewer, evenly, and a new line all of them again", () => {
  const { socket, lines } = joined();
  socket.open();
  lines[0]!.opens();
  lines[0]!.says({ type: "ready", resumed: false });
  lines[0]!.says({ type: "pace", hz: 6 });
  for (let k = 0; k < 150; k += 1) {
    socket.push(k / 15, landmarks, 0.5);
    lines[0]!.says({ type: "scene", seq: 1e9, cues: [], tallies: [] });
  }
  assert.deepEqual(socket.count, { sent: 61, spared: 89, dropped: 0 });
  assert.equal(socket.kept.all().length, 150, "the page keeps them all");
  lines[0]!.says({ type: "pace", hz: null });
  assert.equal(socket.push(10, landmarks, 0.5), true);
  lines[0]!.says({ type: "pace", hz: 5 });
  lines[0]!.says({ type: "ready", resumed: true });
  assert.deepEqual([10.01, 10.02, 10.03].map((timeS) => socket.push(timeS, landmarks, 0.5)), [true, true, true]);
});

test("frames that do not come in time are not caught up with", () => {
  const spacing = new Spacing();
  spacing.hz = 5;
  const went = [0, 0.1, 0.2, 0.3, 3, 3.02, 3.11, 3.2, 3.31].filter((timeS) => {
    const due = spacing.isDue(timeS);
    if (due) spacing.goes(timeS);
    return due;
  });
  assert.deepEqual(went, [0, 0.1, 0.3, 3, 3.11, 3.31]);
});

test("asked to move, the page connects again at once, says so, and nobody hears of it", () => {
  const { socket, lines, links, heard } = joined();
  socket.open();
  lines[0]!.opens();
  lines[0]!.says({ type: "ready", resumed: false });
  lines[0]!.says({ type: "move" });
  lines[0]!.onclose!({ code: 1012, reason: "move" });
  lines[1]!.opens();
  assert.deepEqual(lines[1]!.texts.map((one) => [one.type, (one as { moved?: boolean }).moved]), [["hello", true]]);
  lines[1]!.says({ type: "ready", resumed: true });
  lines[1]!.onclose!({ code: 1006, reason: "" });
  assert.deepEqual(links, ["connecting", "open", "connecting", "open", "lost"]);
  assert.deepEqual(heard.map((one) => one.type), ["ready", "ready"]);
  assert.equal(lines.length, 2);
});

test("the socket goes where the page came from", () => {
  assert.equal(socketUrl("/api/x", { protocol: "https:", host: "a.b:1" }), "wss://a.b:1/api/x");
  assert.equal(socketUrl("/api/x", { protocol: "http:", host: "localhost" }), "ws://localhost/api/x");
});

const scene = (told: Partial<Scene>): Scene => ({
  type: "scene", seq: 0, time_s: 0, status: "work", tallies: [], set_number: 1, rest_s: 0, firing: [], cues: [], ...told,
});
const cue = (kind: "count" | "fault" | "blind" | "hold", words: string, number: number | null = null, side = "") =>
  ({ kind, words, rule: "", side, highlight: "", number });

test("the last repetition of a set counts for that set, though its scene is at the next", () => {
  let sum = summed(NOTHING, scene({ tallies: [{ side: "left", number: 7, held_s: 0 }] }));
  sum = summed(sum, scene({ status: "rest", set_number: 2, tallies: [{ side: "left", number: 0, held_s: 0 }], cues: [cue("count", "8", 8, "left")] }));
  assert.deepEqual(sum.counted, [{ set: 1, side: "left", number: 8, heldS: 0 }]);
  sum = summed(sum, scene({ set_number: 2, tallies: [{ side: "left", number: 1, held_s: 0 }] }));
  assert.equal(sum.counted.length, 2);
});

test("corrections are counted, what was not seen is told once", () => {
  let sum = NOTHING;
  for (const one of [cue("fault", "Chest up."), cue("fault", "Chest up."), cue("blind", "I cannot see."), cue("blind", "I cannot see.")]) {
    sum = summed(sum, scene({ cues: [one] }));
  }
  assert.deepEqual(sum.corrected, [{ words: "Chest up.", times: 2 }]);
  assert.deepEqual(sum.unseen, ["I cannot see."]);
});

test("what is shown: a count, seconds left to hold, seconds left to rest, nothing at the end", () => {
  const facts = { id: "x", title: "X", kind: "repetitions", sides: [], sets: 2, repetitions: 8, hold_s: 0, rest_s: 90 };
  const tallies = [{ side: "left", number: 3, held_s: 12.4 }];
  assert.deepEqual(viewOf(facts, scene({ tallies })).big, { kind: "count", number: 3, of: 8 });
  assert.deepEqual(viewOf({ ...facts, kind: "hold", hold_s: 30 }, scene({ tallies })).big, { kind: "hold", leftS: 18, share: 12.4 / 30 });
  assert.deepEqual(viewOf(facts, scene({ status: "rest", rest_s: 45 })).big, { kind: "rest", leftS: 45, share: 0.5 });
  assert.equal(viewOf(facts, scene({ status: "done" })).big.kind, "none");
  assert.equal(viewOf(facts, null).phase, "waiting");
  assert.equal(viewOf(facts, scene({ tallies })).side, "left");
});

test("words take their values; a word that is missing shows its name", () => {
  assert.equal(told({ set_of: "Satz %(set)s von %(sets)s" }, "set_of", { set: 1, sets: 3 }), "Satz 1 von 3");
  assert.equal(told({}, "odd"), "odd");
});

test("parts of the body are found by the words of the catalogue, on the side that works", () => {
  assert.deepEqual(partOf("standing knee", "left").points, [[INDEX.left_knee]]);
  assert.deepEqual(partOf("right knee", "left").points, [[INDEX.right_knee]]);
  assert.equal(partOf("knees", "").points.length, 2);
  assert.equal(partOf("free leg", "right").lines.length, 2);
  assert.equal(partOf("lower back", "").lines.length, 1);
  assert.deepEqual(partOf("left ear lobe", ""), { points: [], lines: [] });
});

function speaking() {
  const said: string[] = [];
  const utterances: { text: string; onend: (() => void) | null }[] = [];
  let cancelled = 0;
  const speech = {
    speaking: false, getVoices: () => [], cancel: () => void (cancelled += 1),
    speak: (one: { text: string; onend: (() => void) | null }) => (said.push(one.text), utterances.push(one)),
  } as unknown as Speech;
  const kept = new Map<string, string>();
  const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  const voice = new Voice("en", speech, store, (text) => ({ text, onend: null, onerror: null }) as unknown as SpeechSynthesisUtterance);
  return { voice, said, utterances, cancelled: () => cancelled };
}

test("one thing waits at most, and the weightier breaks in", () => {
  const { voice, said, utterances, cancelled } = speaking();
  voice.say({ words: "Long talk.", weight: "talk" });
  voice.say({ words: "More talk.", weight: "talk" });
  voice.say({ words: "1", weight: "count" });
  assert.deepEqual([said, cancelled()], [["Long talk.", "1"], 1]);
  voice.say({ words: "2", weight: "count" });
  voice.say({ words: "3", weight: "count" });
  voice.say({ words: "Talk.", weight: "talk" });
  voice.say({ words: "Chest up.", weight: "urgent" });
  voice.say({ words: "4", weight: "count" });
  utterances.at(-1)!.onend!();
  assert.deepEqual(said, ["Long talk.", "1", "Chest up.", "4"]);
  voice.silence();
});

test("muted it says nothing, and remembers", () => {
  const { voice, said } = speaking();
  voice.mute(true);
  voice.say({ words: "1", weight: "urgent" });
  assert.deepEqual([said.length, voice.muted], [0, true]);
  voice.mute(false);
  voice.say({ words: "1", weight: "urgent" });
  assert.equal(said.length, 1);
  voice.silence();
});
