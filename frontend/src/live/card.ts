// An exercise as its card tells it (web/coach/card.py), and the card written into the page.

export interface Card {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  readonly sides: readonly string[];
  readonly setup: readonly string[];
  readonly phases: readonly string[];
  readonly camera: string;
  readonly cautions: readonly string[];
  readonly stop_when: readonly string[];
  /** Side -> address of the demonstration; the empty side where there is none. */
  readonly demonstration: Readonly<Record<string, string>>;
  /** From where it is filmed: degrees from the person's front to the right, and above. */
  readonly azimuth_deg: number;
  readonly elevation_deg: number;
}

/** The instructions, under headings in the reader's language. */
export function writeInstructions(into: HTMLElement, card: Card, headings: { setup: string; how: string; camera: string }): void {
  into.replaceChildren(
    ...block("ol", headings.setup, card.setup),
    ...block("ol", headings.how, card.phases),
    ...block("ul", headings.camera, card.camera ? [card.camera] : []),
    ...block("ul", "", card.cautions),
  );
}

function block(kind: "ol" | "ul", heading: string, rows: readonly string[]): HTMLElement[] {
  if (!rows.length) return [];
  const list = document.createElement(kind);
  list.append(...rows.map((row) => Object.assign(document.createElement("li"), { textContent: row })));
  return heading ? [Object.assign(document.createElement("h3"), { textContent: heading }), list] : [list];
}
