// The elements of templates/coach/live.html, and what is written into them.
import type { Command } from "./messages.ts";
import type { MirrorState } from "./mirror.ts";
import type { Summary } from "./summary.ts";
import type { View } from "./view.ts";
import { told, type Words } from "./words.ts";

const CUE_STAYS_MS = 4_000;
const FOUND_STAYS_MS = 3_000;

export class Panel {
  private cueTimer = 0;

  constructor(readonly root: HTMLElement, private readonly words: Words) {}

  part<Kind extends Element = HTMLElement>(name: string): Kind {
    const found = this.root.querySelector<Kind>(`[data-part="${name}"]`);
    if (!found) throw new Error(`no part ${name} in the page`);
    return found;
  }

  shown(name: string, shown: boolean): void {
    this.part(name).hidden = !shown;
  }

  text(name: string, text: string): void {
    const part = this.part(name);
    if (part.textContent !== text) part.textContent = text;
  }

  onClick(name: string, then: () => void): void {
    this.part(name).addEventListener("click", then);
  }

  /** What stands where the mirror is, until it is on. */
  mirror(state: MirrorState): void {
    const trouble = state.kind === "trouble" ? state.trouble : "";
    this.root.dataset["camera"] = trouble || state.kind;
    this.shown("panel", state.kind !== "on");
    this.shown("start", state.kind === "off");
    this.shown("again", trouble !== "");
    const key = trouble || state.kind;
    if (key === "on" || key === "off") return;
    this.text("panel-title", told(this.words, key));
    this.text("panel-hint", told(this.words, `${key}_hint`));
    this.part("panel").classList.toggle("trouble", trouble !== "");
  }

  failed(title: string, hint: string): void {
    this.shown("panel", true);
    this.shown("start", false);
    this.shown("again", true);
    this.text("panel-title", title);
    this.text("panel-hint", hint);
    this.part("panel").classList.add("trouble");
  }

  view(view: View, paused: boolean): void {
    this.root.dataset["phase"] = paused ? "paused" : view.phase;
    const { big } = view;
    this.shown("count", big.kind !== "none");
    this.shown("skip-rest", view.phase === "rest");
    this.text("chip", this.chip(view, paused));
    this.shown("chip", view.phase !== "waiting");
    this.part<SVGElement>("ring").classList.toggle("on", big.kind === "hold" || big.kind === "rest");
    if (big.kind === "count") {
      this.text("number", String(big.number));
      this.text("of", big.of ? told(this.words, "count_of", { of: big.of }) : "");
    } else if (big.kind !== "none") {
      this.text("number", String(big.leftS));
      this.text("of", told(this.words, big.kind === "rest" ? "rest" : "seconds"));
      this.part<SVGElement>("ring-done").style.strokeDashoffset = String(1 - big.share);
    }
  }

  private chip(view: View, paused: boolean): string {
    const rows = [told(this.words, paused ? "paused" : view.phase)];
    if (view.sets > 1) rows.push(told(this.words, "set_of", { set: view.set, sets: view.sets }));
    if (view.side) rows.push(told(this.words, view.side));
    return rows.join(" · ");
  }

  /** A cue in words, for a while; `kind` colours it. */
  cue(words: string, kind: string): void {
    const cue = this.part("cue");
    cue.dataset["kind"] = kind;
    cue.hidden = false;
    this.text("cue", words);
    clearTimeout(this.cueTimer);
    this.cueTimer = window.setTimeout(() => {
      cue.hidden = true;
      cue.textContent = "";
    }, CUE_STAYS_MS);
  }

  paused(paused: boolean): void {
    this.text("pause", told(this.words, paused ? "go_on" : "pause"));
  }

  found(): void {
    this.shown("found", true);
    setTimeout(() => this.shown("found", false), FOUND_STAYS_MS);
  }

  problem(words: string): void {
    this.text("problem", words);
    this.shown("problem", words !== "");
  }

  voice(muted: boolean): void {
    this.text("voice", told(this.words, muted ? "voice_off" : "voice_on"));
    this.part("voice").setAttribute("aria-pressed", String(!muted));
  }

  /** Asks how strong the pain is; null: it was a mistake. */
  async askPain(): Promise<Extract<Command, { type: "pain" }> | null> {
    const dialog = this.part<HTMLDialogElement>("pain-dialog");
    dialog.showModal();
    return new Promise((resolve) => {
      const over = (answer: Extract<Command, { type: "pain" }> | null) => {
        dialog.onclick = dialog.oncancel = null;
        dialog.close();
        resolve(answer);
      };
      dialog.oncancel = () => over({ type: "pain" });
      dialog.onclick = (event) => {
        const button = (event.target as Element).closest<HTMLButtonElement>("button");
        if (!button) return;
        if (button.dataset["part"] === "no-pain") return over(null);
        const score = button.dataset["score"];
        over(score ? { type: "pain", score: Number(score) } : { type: "pain" });
      };
    });
  }

  summary(title: string, summary: Summary): void {
    const rows = [...summary.counted]
      .sort((a, b) => a.set - b.set || a.side.localeCompare(b.side))
      .map(({ set, side, number, heldS }) =>
        [
          told(this.words, "summary_set", { set }),
          ...(side ? [told(this.words, side)] : []),
          number
            ? told(this.words, "summary_repetitions", { number })
            : told(this.words, "summary_held", { seconds: Math.round(heldS) }),
        ].join(" · "),
      );
    this.text("summary-title", title);
    list(this.part("counted"), rows.length ? rows : [told(this.words, "summary_nothing")]);
    this.rows("corrected", summary.corrected.map(({ words, times }) => `${words} ${times > 1 ? told(this.words, "summary_times", { times }) : ""}`.trim()));
    this.rows("praised", summary.praised);
    this.rows("unseen", summary.unseen);
    this.root.dataset["phase"] = "summary";
    this.shown("summary", true);
    this.part("summary").focus();
  }

  private rows(name: string, rows: readonly string[]): void {
    this.shown(name, rows.length > 0);
    list(this.part(name).querySelector("ul")!, rows);
  }
}

function list(element: Element, rows: readonly string[]): void {
  element.replaceChildren(
    ...rows.map((row) => {
      const item = document.createElement("li");
      item.textContent = row;
      return item;
    }),
  );
}
