// A guided test: /p/ID/test/PROTOCOL.
import { GuidedTest, type TestOptions } from "../guided/test.ts";
import { pageData } from "../http.ts";

new GuidedTest(document.querySelector<HTMLElement>("[data-guided]")!, pageData<TestOptions>());
