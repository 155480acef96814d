// Which questions of a form are open, and how that is said.

export interface LeftWords {
  left_none: string;
  left_one: string;
  left_many: string;
}

/** Names of groups of radio buttons of which none is chosen, in their order. */
export function openNames(radios: readonly { name: string; checked: boolean }[]): string[] {
  const answered = new Set(radios.filter((one) => one.checked).map((one) => one.name));
  return [...new Set(radios.map((one) => one.name))].filter((name) => !answered.has(name));
}

export function wordsLeft(n: number, words: LeftWords): string {
  if (n === 0) return words.left_none;
  return n === 1 ? words.left_one : words.left_many.replace("{n}", String(n));
}
