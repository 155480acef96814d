// What every page needs: partial updates, and the worker that keeps the app's files.
import "htmx.org";
import { register } from "../pwa/worker.ts";

window.addEventListener("load", () => void register());
