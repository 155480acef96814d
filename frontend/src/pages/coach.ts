// One exercise with the coach: /p/ID/coach/EXERCISE.
import { pageData } from "../http.ts";
import { runCoach, type CoachOptions } from "../live/coach.ts";

const root = document.querySelector<HTMLElement>("[data-live]")!;
const outcome = await runCoach(root, { ...pageData<CoachOptions>(), summary: true });
if (outcome.url) {
  const link = document.querySelector<HTMLAnchorElement>("[data-kept]");
  if (link) link.href = outcome.url;
}
for (const one of document.querySelectorAll<HTMLElement>("[data-after]")) one.hidden = false;
