// Words of a page, in the reader's language: the server writes them into it (templates/coach/words.html).

export type Words = Readonly<Record<string, string>>;

export function liveWords(): Words {
  return JSON.parse(document.getElementById("live-words")?.textContent ?? "{}") as Words;
}

/** Words with their values: `%(name)s` as translators know it. A word that is missing shows its name. */
export function told(words: Words, key: string, values: Readonly<Record<string, string | number>> = {}): string {
  return (words[key] ?? key).replace(/%\((\w+)\)s/g, (whole, name: string) => String(values[name] ?? whole));
}
