// The main screen of a phone on the body: pairs it, shows the angle as it comes, taps from here as well.
import { pageData, Refused, send } from "../http.ts";
import { type Link, link } from "../phone/link.ts";

interface Data {
  person: string;
  steps: string[][];
  words: Record<string, string>;
}
interface Made {
  code: string;
  address: string;
  picture_svg: string;
  socket: string;
}

const SLOW_HZ = 15;
const data = pageData<Data>();
const words = (name: string, blanks: Record<string, string> = {}): string =>
  Object.entries(blanks).reduce((text, [blank, by]) => text.replace(`{${blank}}`, by), data.words[name] ?? "");
const at = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const button = (id: string): HTMLButtonElement => at<HTMLButtonElement>(id);
const say = (text: string): void => void (at("said").textContent = text);
let line: Link | undefined;

at<HTMLFormElement>("choose").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const what = form.querySelector<HTMLInputElement>("input[name=what]:checked");
  const side = form.querySelector<HTMLInputElement>("input[name=side]:checked");
  if (!what || !side) return;
  void pair(what.dataset["protocol"] ?? "", what.dataset["quantity"] ?? "", side.value, Number(what.value));
});

async function pair(protocol: string, quantity: string, side: string, chosen: number): Promise<void> {
  line?.close();
  let made: Made;
  try {
    made = await send<Made>("POST", `/api/people/${data.person}/phones`, { protocol, quantity, side });
  } catch (error) {
    return alertOf(error);
  }
  at("paired").hidden = false;
  // Our own server's drawing of our own address.
  at("picture").innerHTML = made.picture_svg;
  at<HTMLAnchorElement>("address").href = at("address").textContent = made.address;
  at("steps").replaceChildren(
    ...(data.steps[chosen] ?? []).map((one) => Object.assign(document.createElement("li"), { textContent: one })),
  );
  begin(made, Boolean(quantity));
  at("paired").scrollIntoView({ block: "start" });
}

function alertOf(error: unknown): void {
  at("paired").hidden = false;
  say(error instanceof Refused ? `${error.title}. ${error.detail}` : String(error));
}

function begin(made: Made, tapped: boolean): void {
  const first = button("tap");
  first.textContent = words(tapped ? "tap" : "begin");
  button("finish").textContent = words(tapped ? "keep" : "finish");
  at("angle").textContent = "–";
  at("spread").textContent = "";
  const now = link(made.socket, heard, (gone) => say(gone ? words("lost") : ""));
  line = now;
  first.onclick = () => now.send({ type: tapped ? "tap" : "begin" });
  button("again").onclick = () => now.send({ type: tapped ? "again" : "begin" });
  button("finish").onclick = () => now.send({ type: "finish" });
}

function heard(message: Record<string, unknown>): void {
  const type = String(message["type"]);
  if (typeof message["angle_deg"] === "number") {
    at("angle").textContent = `${message["angle_deg"].toFixed(0)}°`;
    at("spread").textContent = words("interval", { half: (1.96 * Number(message["sd_deg"])).toFixed(0) });
  }
  if (type === "phone") state(String(message["state"]));
  else if (type === "angle") rate(Number(message["rate_hz"]), Boolean(message["still"]));
  else if (type === "tapped") {
    say(words(message["zero"] ? "zero" : "read"));
    button("finish").disabled = Boolean(message["zero"]);
  } else if (type === "begun") {
    say(words("begun"));
    button("finish").disabled = false;
  } else if (type === "again") {
    say(words("again"));
    button("finish").disabled = true;
    at("angle").textContent = "–";
  } else if (type === "problem") say(`${String(message["title"])}. ${String(message["detail"])}`);
  else if (type === "kept") {
    line?.close();
    location.href = String(message["url"]);
  }
}

function state(now: string): void {
  at("state").textContent = words(now);
  at("state").className = `badge ${now === "here" ? "good" : now === "gone" ? "warn" : ""}`;
  at("pair-card").hidden = now === "here";
  button("tap").disabled = button("again").disabled = now !== "here";
}

function rate(hz: number, still: boolean): void {
  at("rate").textContent = words("rate", { rate: hz.toFixed(0), still: words(still ? "still" : "moving") });
  if (hz > 0 && hz < SLOW_HZ) say(words("slow", { rate: hz.toFixed(0) }));
}
