import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { hasErrors } from "../problem.js";
import type { YamlLimits } from "../yaml/yaml-limits.js";
import { anyFolderExists, findFiles, findUnmatched } from "./find-files.js";
import { type FolderIndex, indexFolder } from "./folder-index.js";
import { readTemplateFile, type TemplateFile, problemsOf } from "./template-file.js";

export interface TemplateFolderOptions {
  readonly patterns: readonly string[];
  readonly cwd: string;
  readonly limits: YamlLimits;
  /** The present instant: ISO 8601. */
  readonly timestamp: () => string;
}

/** What one scan found. */
export interface FolderScan {
  readonly index: FolderIndex;
  /** Every file that is there, as it was last read. */
  readonly files: readonly TemplateFile[];
}

interface KnownFile {
  /** Changes whenever the file does. */
  readonly stamp: string;
  readonly latest: TemplateFile;
  /** The last version of it that had no error, or the latest if there never was one: the one that is served. */
  readonly served: TemplateFile;
}

/** A folder of template files that is read again and again, each time only where it changed. */
export class TemplateFolder {
  readonly #options: TemplateFolderOptions;
  #known: ReadonlyMap<string, KnownFile> = new Map();

  constructor(options: TemplateFolderOptions) {
    this.#options = options;
  }

  /** The file's latest version if it has errors, so that an older one is served; else null. */
  brokenVersion(path: string): TemplateFile | null {
    const file = this.#known.get(path);
    return file === undefined || file.served === file.latest ? null : file.latest;
  }

  /** The patterns that matched no file in the last scan. */
  unmatched(): Promise<readonly string[]> {
    return findUnmatched(this.#options.patterns, [...this.#known.keys()], this.#options.cwd);
  }

  /**
   * @param reread - paths of files to read even if they look unchanged.
   * @throws the system's error where the folder cannot be read; what was known stays.
   */
  async scan(reread: ReadonlySet<string>): Promise<FolderScan> {
    const { patterns, cwd } = this.#options;
    if (!(await anyFolderExists(patterns, cwd)) && this.#known.size > 0)
      throw new Error("The template folder no longer exists.");
    const paths = await findFiles(patterns, cwd);
    const known = new Map<string, KnownFile>();
    for (const path of paths) {
      const before = this.#known.get(path);
      const stamp = await this.#stamp(path);
      const isFresh = before?.stamp === stamp && !reread.has(path);
      known.set(path, isFresh ? before : await this.#read(path, stamp, before));
    }
    this.#known = known;
    const files = [...known.values()];
    return {
      index: indexFolder(files.map(({ served }) => served)),
      files: files.map(({ latest }) => latest),
    };
  }

  async #stamp(path: string): Promise<string> {
    try {
      const { ino, size, mtimeNs, ctimeNs } = await stat(resolve(this.#options.cwd, path), {
        bigint: true,
      });
      return [ino, size, mtimeNs, ctimeNs].join(":");
    } catch {
      // It went between the listing and now, or cannot be reached: reading it will say so.
      return "unknown";
    }
  }

  async #read(path: string, stamp: string, before: KnownFile | undefined): Promise<KnownFile> {
    const { cwd, limits, timestamp } = this.#options;
    const latest = await readTemplateFile(path, {
      absolutePath: resolve(cwd, path),
      limits,
      registeredAt: timestamp(),
    });
    return {
      stamp,
      latest,
      served:
        before !== undefined &&
        hasErrors(problemsOf(latest)) &&
        !hasErrors(problemsOf(before.served))
          ? before.served
          : latest,
    };
  }
}
