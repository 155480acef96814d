// Which network on which processor: measured on this machine once, and remembered.
import type { Delegate, Network, Size } from "./protocol.ts";

/** Milliseconds a picture; null: it failed, or took too long. */
export type Measure = (network: Network) => Promise<number | null>;

export interface Chosen extends Network {
  readonly ms: number;
}

/** The finer network is worth it where it still leaves 20 pictures a second; it takes about twice as long. */
const FULL_AT_MOST_MS = 45;
const LITE_THAT_LETS_HOPE_MS = 25;
/** A graphics processor that is none takes 10 s a picture and more. */
const GPU_AT_MOST_MS = 120;

/**
 * The best that this machine can do; null: nothing works.
 *
 * The coarse network comes first, so that a slow machine never loads the fine one.
 */
export async function choose(measure: Measure, hasGpu: boolean): Promise<Chosen | null> {
  const lite = await firstThatWorks(measure, "lite", hasGpu ? ["GPU", "CPU"] : ["CPU"]);
  if (!lite || lite.ms > LITE_THAT_LETS_HOPE_MS) return lite;
  const ms = await measure({ size: "full", delegate: lite.delegate });
  return ms !== null && ms <= FULL_AT_MOST_MS ? { size: "full", delegate: lite.delegate, ms } : lite;
}

async function firstThatWorks(measure: Measure, size: Size, delegates: readonly Delegate[]): Promise<Chosen | null> {
  for (const delegate of delegates) {
    const ms = await measure({ size, delegate });
    if (ms !== null && (delegate === "CPU" || ms <= GPU_AT_MOST_MS)) return { size, delegate, ms };
  }
  return null;
}

/** Renderers that draw with the processor. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|paravirtual/i;

export function isSoftware(renderer: string): boolean {
  return SOFTWARE.test(renderer);
}

/** Whether there is a graphics processor worth trying. */
export function findsGpu(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (!gl) return false;
  const told = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(told ? told.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !isSoftware(renderer);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const KEPT = "coxa-pose";

/** What was chosen before by this browser for these networks. */
export function remembered(store: Pick<Storage, "getItem">, mark: string): Chosen | null {
  try {
    const kept = JSON.parse(store.getItem(KEPT) ?? "null") as (Chosen & { mark?: string }) | null;
    if (kept?.mark !== mark || !["lite", "full"].includes(kept.size)) return null;
    return ["GPU", "CPU"].includes(kept.delegate) ? { size: kept.size, delegate: kept.delegate, ms: kept.ms } : null;
  } catch {
    return null;
  }
}

export function remember(store: Pick<Storage, "setItem">, mark: string, chosen: Chosen): void {
  store.setItem(KEPT, JSON.stringify({ ...chosen, mark }));
}

export function forget(store: Pick<Storage, "removeItem">): void {
  store.removeItem(KEPT);
}
