// The phone's own page: it asks for its sensors on a tap, tells how it lies, and has large buttons.
import { pageData } from "../http.ts";
import { Wake } from "../live/wake.ts";
import { link } from "../phone/link.ts";
import { allowed, listen, type Oriented, packed } from "../phone/orientation.ts";

interface Data {
  code: string;
  words: Record<string, string>;
}

const EVERY_MS = 50;
const MOST_A_FRAME = 64;
const data = pageData<Data>();
const at = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const say = (words: string): void => void (at("said").textContent = words);

at("allow").addEventListener("click", async () => {
  const access = await allowed();
  if (access !== "granted") return say(data.words[access] ?? access);
  at("allow").hidden = true;
  at("running").hidden = false;
  say("");
  await new Wake().keep();
  let waiting: Oriented[] = [];
  const line = link(`/phone/${data.code}/send`, heard, (gone) => {
    at("state").textContent = data.words[gone ? "lost" : "here"] ?? "";
  });
  const stop = listen(
    (one) => void waiting.push(one),
    () => say(data.words["silent"] ?? ""),
  );
  const ticking = setInterval(() => {
    if (waiting.length) line.sendFrame(packed(waiting.slice(-MOST_A_FRAME)));
    waiting = [];
  }, EVERY_MS);
  for (const id of ["tap", "again", "begin", "finish"]) {
    document.getElementById(id)?.addEventListener("click", () => line.send({ type: id }));
  }

  function heard(message: Record<string, unknown>): void {
    if (typeof message["angle_deg"] === "number") at("angle").textContent = `${message["angle_deg"].toFixed(0)}°`;
    if (message["type"] === "tapped") say(data.words[message["zero"] ? "zero" : "read"] ?? "");
    if (message["type"] === "begun" || message["type"] === "again") say(data.words[String(message["type"])] ?? "");
    if (message["type"] === "problem") say(`${String(message["title"])}. ${String(message["detail"])}`);
    if (message["type"] === "kept") {
      say(data.words["kept"] ?? "");
      clearInterval(ticking);
      stop();
      line.close();
      // Where this browser may see the record (the same device), the result is next.
      if (document.body.dataset["csrf"]) location.href = String(message["url"]);
    }
  }
});
