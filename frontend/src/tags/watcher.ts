// The tag worker from the page's side: it looks at the newest picture; while it works pictures pass, none waits.
import type { Seen } from "../pose/source.ts";
import type { Printed, SeenTag } from "./detector.ts";
import type { FromTags, ToTags } from "./protocol.ts";

/** What a page is told of boards. */
export interface TagFiles {
  /** `app/tagged.js` */
  readonly script: string;
  readonly printed: Printed;
  /** Name of a board -> what people call it. */
  readonly titles: Readonly<Record<string, string>>;
}

/** Pictures in which boards are large enough to be read from 3 m. */
export const SHARP = { widthPx: 1920, heightPx: 1080 } as const;

export class TagWatcher {
  /** Of the newest picture that was looked at. */
  tags: readonly SeenTag[] = [];
  private readonly worker: Worker;
  private working = false;

  constructor(files: TagFiles, private readonly tell: (found: FromTags) => void) {
    this.worker = new Worker(files.script, { type: "module" });
    this.worker.onmessage = ({ data }: MessageEvent<FromTags>) => {
      this.working = false;
      this.tags = data.tags;
      this.tell(data);
    };
    // A broken worker finds nothing; everything else goes on without it.
    this.worker.onerror = () => (this.tags = []);
    this.say({ kind: "printed", printed: files.printed });
  }

  /** The picture is copied at once: whoever was told of it closes it afterwards. */
  look({ timeS, picture }: Seen): void {
    if (this.working || !picture) return;
    this.working = true;
    createImageBitmap(picture).then(
      (copy) => this.say({ kind: "look", timeS, picture: copy }, [copy]),
      () => (this.working = false),
    );
  }

  close(): void {
    this.worker.terminate();
    this.tags = [];
  }

  private say(message: ToTags, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}
