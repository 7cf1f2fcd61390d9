import { CountingRecorder, type StepTotals } from "./counting-recorder.js";
import type { StepSink } from "./step-recorder.js";

/** The name that counts everything beyond the limit. */
export const OVERFLOW_LABEL = "__other__";

/** Beyond this number, one recorder counts the rest, so that a stream of made-up names cannot grow the maps. */
const maxNamespaces = 1_000;
const maxSteps = 10_000;

/** One recorder per namespace and one per step of a template, up to a limit. */
export class StepRecorders {
  /** How often the requested namespace or step was beyond the limit. */
  overflowed = 0;
  readonly #totals: StepTotals;
  readonly #sinks = new Set<StepSink>();
  readonly #namespaces = new Map<string, NamespaceRecorders>();
  readonly #all: CountingRecorder[] = [];
  #steps = 0;

  constructor(totals: StepTotals) {
    this.#totals = totals;
  }

  of(namespace: string, template?: string, step?: string): CountingRecorder {
    const recorders = this.#namespaceOf(namespace);
    if (template === undefined || step === undefined) return recorders.unnamed;
    return recorders.steps.get(template)?.get(step) ?? this.#addStep(recorders, template, step);
  }

  addSink(sink: StepSink): void {
    this.#sinks.add(sink);
    for (const recorder of this.#all) recorder.addFollower(sink);
  }

  removeSink(sink: StepSink): void {
    this.#sinks.delete(sink);
    for (const recorder of this.#all) recorder.removeFollower(sink);
  }

  #namespaceOf(namespace: string): NamespaceRecorders {
    const known = this.#namespaces.get(namespace);
    if (known !== undefined) return known;
    if (this.#namespaces.size >= maxNamespaces && namespace !== OVERFLOW_LABEL) {
      this.overflowed += 1;
      return this.#namespaceOf(OVERFLOW_LABEL);
    }
    const unnamed = this.#add([namespace]);
    const recorders: NamespaceRecorders = { namespace, unnamed, steps: new Map() };
    this.#namespaces.set(namespace, recorders);
    return recorders;
  }

  #addStep(recorders: NamespaceRecorders, template: string, step: string): CountingRecorder {
    if (this.#steps >= maxSteps) {
      this.overflowed += 1;
      recorders.overflow ??= this.#add([recorders.namespace, OVERFLOW_LABEL, OVERFLOW_LABEL]);
      return recorders.overflow;
    }
    this.#steps += 1;
    const recorder = this.#add([recorders.namespace, template, step]);
    const steps = recorders.steps.get(template) ?? new Map<string, CountingRecorder>();
    recorders.steps.set(template, steps.set(step, recorder));
    return recorder;
  }

  #add(labels: Parameters<StepSink["recorder"]>): CountingRecorder {
    const recorder = new CountingRecorder(labels, this.#totals);
    for (const sink of this.#sinks) recorder.addFollower(sink);
    this.#all.push(recorder);
    return recorder;
  }
}

interface NamespaceRecorders {
  readonly namespace: string;
  /** For records without a step. */
  readonly unnamed: CountingRecorder;
  /** By template and step. */
  readonly steps: Map<string, Map<string, CountingRecorder>>;
  /** For the steps beyond the limit. */
  overflow?: CountingRecorder;
}
