// The safety screen: how many questions are open, and "no" to those of a group that were read.
import { pageData } from "../http.ts";
import { openNames, wordsLeft, type LeftWords } from "../guided/questions.ts";

const form = document.querySelector<HTMLFormElement>("#screen");
const left = document.querySelector<HTMLElement>("#left");
const words = pageData<LeftWords>();

function radios(within: ParentNode): HTMLInputElement[] {
  return [...within.querySelectorAll<HTMLInputElement>('input[type="radio"]')];
}

function tell(): void {
  if (form && left) left.textContent = wordsLeft(openNames(radios(form)).length, words);
}

for (const group of form?.querySelectorAll<HTMLElement>("[data-group]") ?? []) {
  const button = group.querySelector<HTMLButtonElement>("[data-none-of-these]");
  button?.parentElement?.removeAttribute("hidden");
  button?.addEventListener("click", () => {
    const still = new Set(openNames(radios(group)));
    for (const one of radios(group)) if (still.has(one.name) && one.value === "no") one.checked = true;
    tell();
  });
}
form?.addEventListener("change", (event) => {
  const question = (event.target as HTMLElement).closest("[data-open]");
  question?.removeAttribute("data-open");
  tell();
});
if (document.getElementById("still")) document.getElementById("still")?.focus();
else tell();
