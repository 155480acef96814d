// A file sent piece by piece: where the line broke, it goes on from what the server has.

export interface Here {
  readonly id: string;
  readonly received_bytes: number;
  readonly chunk_bytes: number;
}

/** The server refuses this piece for good. */
export class PieceRefused extends Error {
  constructor(readonly status: number, readonly title: string, readonly detail: string) {
    super(title);
  }
}

export interface Line {
  /** What the server has of it; rejects where there is no line. */
  here(id: string): Promise<Here>;
  /** Sends one piece; resolves with what the server has then, rejects where the line broke. */
  piece(id: string, at: number, piece: Blob, sent: (bytes: number) => void): Promise<Here>;
  wait(seconds: number): Promise<void>;
}

export interface Told {
  sent(bytes: number): void;
  broken(waitSeconds: number): void;
}

const PAUSES_S = [1, 2, 4, 8, 15, 30];
const MOST_TRIES = 12;

/** Sends all of it; tries again with growing pauses, as long as some of it gets through. */
export async function sendFile(file: Blob, begun: Here, line: Line, told: Told): Promise<void> {
  let here = begun;
  let broken = 0;
  while (here.received_bytes < file.size) {
    const at = here.received_bytes;
    try {
      const piece = file.slice(at, at + here.chunk_bytes);
      here = await line.piece(here.id, at, piece, (bytes) => told.sent(at + bytes));
      broken = 0;
    } catch (error) {
      if (error instanceof PieceRefused && error.status !== 409) throw error;
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      broken += 1;
      if (broken > MOST_TRIES) throw error;
      const pause = PAUSES_S[Math.min(broken, PAUSES_S.length) - 1] ?? 30;
      if (!(error instanceof PieceRefused)) told.broken(pause);
      await line.wait(error instanceof PieceRefused ? 0.2 : pause);
      here = await line.here(here.id).catch(() => here);
    }
    told.sent(here.received_bytes);
  }
}

/** A height as people write it, in metres; null: it is none. */
export function heightOf(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  if (!/^\d+(\.\d+)?$/.test(plain)) return null;
  const told = Number(plain);
  const metres = told >= 50 && told <= 260 ? told / 100 : told;
  return metres >= 0.5 && metres <= 2.6 ? metres : null;
}

/** Words with their places filled: {name}. */
export function filled(words: string, values: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}
