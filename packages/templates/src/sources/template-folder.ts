import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { hasErrors } from "../problem.js";
import { toTemplateKey } from "../template-identity.js";
import type { YamlLimits } from "../yaml/yaml-limits.js";
import { anyFolderExists, findFiles, findUnmatched } from "./find-files.js";
import { type FolderIndex, type IndexedTemplate, indexFolder } from "./folder-index.js";
import {
  type FileTemplate,
  problemsOf,
  readTemplateFile,
  type TemplateFile,
} from "./template-file.js";

export interface TemplateFolderOptions {
  readonly patterns: readonly string[];
  readonly cwd: string;
  readonly limits: YamlLimits;
  /** The current time: ISO 8601. */
  readonly timestamp: () => string;
}

/** The result of one scan. */
export interface FolderScan {
  readonly index: FolderIndex;
  /** Every existing file, as last read. */
  readonly files: readonly TemplateFile[];
}

interface KnownFile {
  /** Changes whenever the file does. */
  readonly stamp: string;
  readonly latest: TemplateFile;
  /** The served part: all of the last version without errors; without one, the latest good version of each template. */
  readonly served: TemplateFile;
}

/** A folder of template files that is read again and again, each time only if it changed. */
export class TemplateFolder {
  readonly #options: TemplateFolderOptions;
  #known: ReadonlyMap<string, KnownFile> = new Map();

  constructor(options: TemplateFolderOptions) {
    this.#options = options;
  }

  /** The latest version of the template's file if it has errors, so that an older version of the template is served; else null. */
  brokenVersion({ path, template }: IndexedTemplate): TemplateFile | null {
    const latest = this.#known.get(path)?.latest;
    return latest === undefined || latest.templates.some((each) => each.template === template)
      ? null
      : latest;
  }

  /** The patterns that matched no file in the last scan. */
  unmatched(): Promise<readonly string[]> {
    return findUnmatched(this.#options.patterns, [...this.#known.keys()], this.#options.cwd);
  }

  /**
   * @param reread - paths of files to read even if they look unchanged.
   * @throws the system's error if the folder cannot be read; earlier results stay.
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
      // It was removed since the listing, or cannot be reached: reading it will report that.
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
    return { stamp, latest, served: before === undefined ? latest : merge(before.served, latest) };
  }
}

/** The served part of a file after an edit: a mistake in it removes no template. */
function merge(served: TemplateFile, latest: TemplateFile): TemplateFile {
  if (!hasErrors(problemsOf(latest))) return latest;
  if (!hasErrors(problemsOf(served))) return served;
  const good = byIdentity(served.templates.filter((each) => !isBroken(each)));
  const present = byIdentity(latest.templates);
  return {
    ...latest,
    templates: [
      ...latest.templates.map((now) => (isBroken(now) ? (good.get(keyOf(now)) ?? now) : now)),
      ...served.templates.filter((before) => !present.has(keyOf(before))),
    ],
  };
}

function byIdentity(templates: readonly FileTemplate[]): ReadonlyMap<string, FileTemplate> {
  return new Map(templates.map((each) => [keyOf(each), each]));
}

function keyOf({ template }: FileTemplate): string {
  return toTemplateKey(template.identity);
}

function isBroken(template: FileTemplate): boolean {
  return hasErrors(problemsOf(template));
}
