// Which boards are seen: pure. A board turns up and vanishes from picture to picture; what is said of it does not.
import type { Printed, SeenTag } from "./detector.ts";

/** `both`: both faces, as is needed; `one`: only one; `lost`: it was seen a while ago. */
export type Sight = "both" | "one" | "lost";

/** A face that was seen so lately is seen. */
const LATELY_S = 0.7;

export class Worn {
  /** Id -> when it was seen last. */
  private readonly last = new Map<number, number>();

  constructor(private readonly printed: Printed) {}

  add(timeS: number, tags: readonly SeenTag[]): void {
    for (const { id } of tags) this.last.set(id, timeS);
  }

  /** Of boards that were seen at all, in the order of printing. */
  at(timeS: number): Map<string, Sight> {
    const sights = new Map<string, Sight>();
    for (const [name, ids] of Object.entries(this.printed.boards)) {
      if (!ids.some((id) => this.last.has(id))) continue;
      const faces = ids.filter((id) => timeS - (this.last.get(id) ?? -Infinity) <= LATELY_S).length;
      sights.set(name, faces === ids.length ? "both" : faces ? "one" : "lost");
    }
    return sights;
  }
}

/** All of it in one line: `Sacrum seen · T12 not seen`. */
export function lineOf(
  sights: ReadonlyMap<string, Sight>, titles: Readonly<Record<string, string>>, say: (sight: Sight | "none", board: string) => string,
): string {
  if (!sights.size) return say("none", "");
  return [...sights].map(([name, sight]) => say(sight, titles[name] ?? name)).join(" · ");
}
