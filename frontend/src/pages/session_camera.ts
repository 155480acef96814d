// Today's session with the camera: each exercise coached, the next begins by itself.
import { pageData } from "../http.ts";
import { runCoach, type CoachOptions } from "../live/coach.ts";
import { after, type Item } from "../session/items.ts";

interface Told extends Omit<CoachOptions, "card" | "dose"> {
  readonly items: readonly (Item & { readonly card: CoachOptions["card"] })[];
  readonly home: string;
}

const { items, home, ...options } = pageData<Told>();
const root = document.querySelector<HTMLElement>("[data-live]")!;
const heading = document.querySelector<HTMLElement>("[data-exercise]")!;
const place = document.querySelector<HTMLElement>("[data-place]")!;

for (const [n, item] of items.entries()) {
  heading.textContent = item.title;
  place.textContent = `${n + 1}/${items.length}`;
  const outcome = await runCoach(root, { ...options, card: item.card, dose: item.dose, autostart: n > 0 });
  const next = after(outcome);
  if (next === "stop") location.assign(`${home}/session/symptom?exercise=${item.exercise}`);
  if (next === "leave") location.assign(`${home}/session`);
  if (next !== "go_on") break;
  if (n === items.length - 1) location.assign(`${home}/session`);
}
