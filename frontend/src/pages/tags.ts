// Printed boards: /p/ID/tags.
import { pageData } from "../http.ts";
import { BoardCheck, type BoardOptions } from "../tags/check.ts";

new BoardCheck(document.querySelector<HTMLElement>("[data-guided]")!, pageData<BoardOptions>());
