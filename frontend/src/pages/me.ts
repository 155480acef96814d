// Somebody was removed here: what the browser kept of them goes as well.
import { pageData } from "../http.ts";
import { ask } from "../pwa/worker.ts";

if (pageData<{ forget?: string }>().forget) await ask({ type: "forget" });
