// Boards in the mirror: looked for in every picture there is time for, drawn over it, told in one line.
import { Mirror } from "../live/mirror.ts";
import { told, type Words } from "../live/words.ts";
import type { Seen } from "../pose/source.ts";
import type { SeenTag } from "./detector.ts";
import { drawTags } from "./draw.ts";
import { TagWatcher, type TagFiles } from "./watcher.ts";
import { lineOf, Worn } from "./worn.ts";

const OUTLINE = "#3ddc97";

export class MirroredTags {
  private readonly watcher: TagWatcher;
  private readonly worn: Worn;
  private readonly words: Words;

  /**
   * @param heard - Tags of every picture that was looked at, and what is seen, in one line.
   */
  constructor(
    private readonly mirror: Mirror,
    private readonly files: TagFiles,
    private readonly heard: { tags(timeS: number, tags: readonly SeenTag[]): void; line(words: string): void },
  ) {
    this.words = JSON.parse(document.getElementById("tag-words")?.textContent ?? "{}") as Words;
    this.worn = new Worn(files.printed);
    this.watcher = new TagWatcher(files, ({ timeS, tags }) => {
      this.worn.add(timeS, tags);
      this.heard.tags(timeS, tags);
      this.heard.line(lineOf(this.worn.at(timeS), this.files.titles, (sight, board) => told(this.words, `tag_${sight}`, { board })));
    });
    mirror.over = (sheet) => drawTags(sheet, this.watcher.tags, OUTLINE);
  }

  look(seen: Seen): void {
    this.watcher.look(seen);
  }

  close(): void {
    this.mirror.over = null;
    this.watcher.close();
  }
}
