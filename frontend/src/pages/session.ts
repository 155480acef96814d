// Today's session without a camera: sets counted, holds and rests timed, told by voice; the form does the rest.
import { pageData } from "../http.ts";
import { BEGIN, leftS, pressed, rested, ticked, type Counted, type Dose } from "../session/counter.ts";
import { Voice } from "../voice/voice.ts";

interface Told extends Dose {
  readonly words: Readonly<Record<"set" | "rest" | "hold" | "go" | "one_more" | "enough" | "set_done" | "stop", string>>;
}

const root = document.querySelector<HTMLElement>("[data-counter]");
if (root) count(root, pageData<Told>());

function count(counter: HTMLElement, told: Told): void {
  const part = <E extends HTMLElement>(name: string) => counter.querySelector<E>(`[data-${name}]`)!;
  const [shown, said, go, rest] = [part("shown"), part("said"), part<HTMLButtonElement>("go"), part<HTMLButtonElement>("rest")];
  const field = counter.querySelector<HTMLInputElement>('input[name="sets"]');
  const voice = new Voice(document.documentElement.lang);
  const { words } = told;
  let at: Counted = BEGIN;
  let timer = 0;
  counter.querySelector<HTMLElement>(".script-only")!.hidden = false;

  const nowS = () => performance.now() / 1000;
  const set = (n: number) => words.set.replace("{0}", String(n)).replace("{1}", String(told.sets));
  const announced: Partial<Record<Counted["phase"], () => string>> = {
    set: () => set(at.sets + 1),
    hold: () => words.hold,
    rest: () => words.rest,
    ready: () => words.one_more,
    over: () => words.enough,
  };

  const change = (next: Counted) => {
    const changed = next.phase !== at.phase || next.sets !== at.sets;
    if (next.sets !== at.sets && field) field.value = String(next.sets);
    at = next;
    if (changed) voice.say({ words: announced[at.phase]?.() ?? "", weight: "urgent" });
    show();
  };
  const show = () => {
    const left = leftS(at, nowS());
    shown.textContent = at.endsS === null ? `${at.sets}/${told.sets}` : String(left);
    said.textContent = { ready: at.sets ? words.one_more : "", set: set(at.sets + 1), hold: words.hold, rest: words.rest, over: words.enough }[at.phase];
    go.textContent = at.phase === "set" || at.phase === "hold" ? words.set_done : at.phase === "rest" ? words.stop : words.go;
    if (at.endsS !== null && left <= 3 && left > 0) voice.say({ words: String(left), weight: "count" });
    clearTimeout(timer);
    if (at.endsS !== null) timer = window.setTimeout(() => change(ticked(at, told, nowS())), 200);
  };
  go.addEventListener("click", () => change(pressed(at, told, nowS())));
  rest.addEventListener("click", () => change(rested(at, told, nowS())));
  show();
}
