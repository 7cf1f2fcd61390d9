import {
  type Clock,
  createSafeLogger,
  type Logger,
  ObservabilityError,
  silentLogger,
  systemClock,
} from "@tasker-observability/core";
import { parseOptions } from "@tasker-observability/core/options";
import { hasErrors } from "../problem.js";
import { type TemplateIdentity, toTemplateKey } from "../template-identity.js";
import type {
  TemplateDefinition,
  TemplateListQuery,
  TemplatePage,
  TemplateSource,
} from "../template-source.js";
import { changedTemplates, logGone } from "./folder-changes.js";
import { validateUniqueness, type FolderIndex } from "./folder-index.js";
import { FolderOutage } from "./folder-outage.js";
import { type FolderReport, logFindings, toReport } from "./folder-report.js";
import { contentOf, type TemplateFile, problemsOf } from "./template-file.js";
import { type FolderScan, TemplateFolder } from "./template-folder.js";
import {
  type YamlFolderSourceOptions,
  yamlFolderSourceOptionsSchema,
} from "./yaml-folder-options.js";

/** Templates from YAML files. */
export interface YamlFolderSource extends TemplateSource {
  /**
   * Reads new and changed files. The first call of another method does this too, if necessary.
   *
   * @returns all current templates; a broken file is a finding.
   * @throws the system's error if the folder cannot be read.
   */
  load(): Promise<FolderReport>;
  /** Stops watching. Idempotent. */
  close(): void;
}

/**
 * A source over a folder of YAML files. Creating it reads nothing.
 *
 * @throws ObservabilityError INVALID_PARAMS that names every wrong option.
 * @example
 * const source = createYamlFolderSource({ patterns: "config/tasks/**\/*.{yml,yaml}", logger });
 * const { template_count, findings } = await source.load();
 */
export function createYamlFolderSource(options: YamlFolderSourceOptions): YamlFolderSource {
  return new FolderSource(options);
}

class FolderSource implements YamlFolderSource {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #outage: FolderOutage;
  readonly #watchIntervalMs: number | undefined;
  readonly #folder: TemplateFolder;
  readonly #listeners = new Set<(identities: readonly TemplateIdentity[]) => void>();
  #latest: FolderScan | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #next: { readonly reread: Set<string>; readonly scan: Promise<FolderScan> } | null = null;
  #cancelWatch: (() => void) | null = null;
  #closed = false;

  constructor(options: YamlFolderSourceOptions) {
    const { patterns, cwd, limits, watchIntervalMs, clock, logger } = parseOptions(
      "createYamlFolderSource",
      yamlFolderSourceOptionsSchema,
      options,
    );
    this.#clock = clock ?? systemClock;
    this.#logger = createSafeLogger(logger ?? silentLogger);
    this.#outage = new FolderOutage(this.#logger);
    this.#watchIntervalMs = watchIntervalMs;
    this.#folder = new TemplateFolder({
      patterns: typeof patterns === "string" ? [patterns] : [...patterns],
      cwd: cwd ?? process.cwd(),
      limits,
      timestamp: () => new Date(this.#clock.wallMs()).toISOString(),
    });
  }

  async load(): Promise<FolderReport> {
    const scan = await this.#scan([]);
    return toReport(scan);
  }

  async find(identity: TemplateIdentity): Promise<TemplateDefinition | null> {
    return (await this.#index()).find(identity)?.template ?? null;
  }

  async refetch(identity: TemplateIdentity): Promise<TemplateDefinition | null> {
    const before = this.#latest?.index.find(identity);
    const { index } = await this.#scan(
      before === null || before === undefined ? [] : [before.path],
    );
    const found = index.find(identity);
    if (found !== null && this.#folder.brokenVersion(found) !== null) throw servesOlderVersion();
    return found?.template ?? null;
  }

  async findLatest(identity: TemplateIdentity): Promise<TemplateDefinition | null> {
    const found = (await this.#index()).find(identity);
    if (found === null) return null;
    const latest = this.#folder.brokenVersion(found);
    const template = latest === null ? found.template : asInFile(found.template, latest);
    return found.others.length === 0
      ? template
      : Object.freeze({
          ...template,
          problems: [...template.problems, ...validateUniqueness(found)],
        });
  }

  async list(query: TemplateListQuery): Promise<TemplatePage> {
    return (await this.#index()).list(query);
  }

  async namespaces(): Promise<readonly string[]> {
    return (await this.#index()).namespaces;
  }

  onChange(listener: (identities: readonly TemplateIdentity[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#cancelWatch?.();
    this.#cancelWatch = null;
  }

  async #index(): Promise<FolderIndex> {
    return (this.#latest ?? (await this.#scan([]))).index;
  }

  /** Scans run one after the other; all callers that wait for the current one share the next. */
  #scan(reread: readonly string[]): Promise<FolderScan> {
    if (this.#next === null) {
      const paths = new Set<string>();
      const scan = this.#running.then(() => {
        this.#next = null;
        return this.#scanNow(paths);
      });
      this.#running = scan.catch(() => undefined);
      this.#next = { reread: paths, scan };
    }
    for (const path of reread) this.#next.reread.add(path);
    return this.#next.scan;
  }

  async #scanNow(reread: ReadonlySet<string>): Promise<FolderScan> {
    try {
      const before = this.#latest;
      const scan = await this.#folder.scan(reread);
      this.#latest = scan;
      this.#outage.end();
      await this.#log(before, scan);
      this.#notifyListeners(before, scan);
      return scan;
    } finally {
      this.#watch();
    }
  }

  async #log(before: FolderScan | null, scan: FolderScan): Promise<void> {
    logFindings(before, scan, this.#logger);
    if (before === null)
      for (const pattern of await this.#folder.unmatched())
        this.#logger(
          "warn",
          "no file matches this pattern of template files: correct it or add the files, which a refresh will find",
          { pattern },
        );
    else logGone(before.index, scan.index, this.#logger);
  }

  #notifyListeners(before: FolderScan | null, after: FolderScan): void {
    if (before === null || this.#listeners.size === 0) return;
    const changed = changedTemplates(before.index, after.index);
    if (changed.length > 0) for (const listener of this.#listeners) listener(changed);
  }

  #watch(): void {
    if (this.#watchIntervalMs === undefined || this.#closed) return;
    this.#cancelWatch?.();
    this.#cancelWatch = this.#clock.after(this.#watchIntervalMs, () => {
      this.#scan([]).catch((error: unknown) => this.#outage.report(error));
    });
  }
}

function servesOlderVersion(): ObservabilityError {
  return new ObservabilityError(
    "TEMPLATE_SOURCE_UNAVAILABLE",
    "The template's file has errors now, so the version before them is still served: template_validate lists them.",
  );
}

/** The template as in its broken file, with all problems of the file if it is gone or has no problems itself. */
function asInFile(served: TemplateDefinition, file: TemplateFile): TemplateDefinition {
  const latest = file.templates.find(
    ({ template }) => toTemplateKey(template.identity) === toTemplateKey(served.identity),
  );
  if (latest !== undefined && hasErrors(problemsOf(latest))) return latest.template;
  return Object.freeze({
    ...(latest?.template ?? served),
    dropped: contentOf(file),
    problems: problemsOf(file),
  });
}
