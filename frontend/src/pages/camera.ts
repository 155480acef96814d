// The camera check: /p/ID/camera.
import { CameraCheck, type CheckOptions } from "../guided/check.ts";
import { pageData } from "../http.ts";

new CameraCheck(document.querySelector<HTMLElement>("[data-guided]")!, pageData<CheckOptions>());
