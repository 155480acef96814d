// No connection: what can be read all the same.
import { ask } from "../pwa/worker.ts";

const section = document.getElementById("kept");
const offered = document.querySelectorAll<HTMLElement>("#kept [data-page]");
const pages = (await ask({ type: "kept" })) ?? [];
for (const one of offered) {
  const page = pages.find(({ path }) => path.endsWith(`/${one.dataset["page"]}`));
  const link = one.querySelector("a");
  if (!page || !link) continue;
  link.href = page.path;
  one.hidden = false;
  if (section) section.hidden = false;
}
const again = () => location.reload();
document.getElementById("again")?.addEventListener("click", again);
if (location.pathname !== "/offline") window.addEventListener("online", again);
