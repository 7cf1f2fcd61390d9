import type { StepView } from "./subject.js";

/** A step that never runs, and the dependency that blocks it. */
export interface BlockedStep {
  readonly step: StepView;
  readonly by: string;
}

/**
 * Cycles of dependencies, each with its steps in the order in which they wait for each other. Cycles that share a step
 * are reported one at a time: the next appears once the first is fixed.
 */
export function findCycles(steps: readonly StepView[]): readonly (readonly StepView[])[] {
  const waiting = stepsByName(steps);
  const cycles: StepView[][] = [];
  removeRunnable(waiting);
  while (waiting.size > 0) {
    const cycle = followCycle(waiting);
    cycles.push(cycle);
    for (const { name } of cycle) waiting.delete(name ?? "");
    removeRunnable(waiting);
  }
  return cycles;
}

/**
 * Steps that wait, directly or not, for a cycle or a missing step, without the steps that have the fault themselves.
 */
export function findBlockedSteps(steps: readonly StepView[]): readonly BlockedStep[] {
  const byName = stepsByName(steps);
  const inCycle = new Set(findCycles(steps).flat());
  const atFault = new Set(
    [...byName.values()].filter(
      (step) => inCycle.has(step) || step.dependencies.some(({ name }) => !byName.has(name)),
    ),
  );
  const waiting = new Map([...byName].filter(([, step]) => !atFault.has(step)));
  const faulty = new Map([...byName].filter(([, step]) => atFault.has(step)));
  removeRunnable(waiting, faulty);
  return [...waiting.values()].flatMap((step) => {
    const by = step.dependencies.find(({ name }) => waiting.has(name) || faulty.has(name));
    return by === undefined ? [] : [{ step, by: by.name }];
  });
}

/** The first step with a name keeps it; the others have their own finding. */
function stepsByName(steps: readonly StepView[]): Map<string, StepView> {
  const byName = new Map<string, StepView>();
  for (const step of steps)
    if (step.name !== null && !byName.has(step.name)) byName.set(step.name, step);
  return byName;
}

/** Repeatedly removes the steps that wait for no remaining step. */
function removeRunnable(
  waiting: Map<string, StepView>,
  blocking: ReadonlyMap<string, StepView> = waiting,
): void {
  const waitsFor = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  const runnable: string[] = [];
  for (const [name, { dependencies }] of waiting) {
    const before = new Set(
      dependencies
        .map((dependency) => dependency.name)
        .filter((each) => waiting.has(each) || blocking.has(each)),
    );
    waitsFor.set(name, before.size);
    if (before.size === 0) runnable.push(name);
    for (const each of before) dependents.set(each, [...(dependents.get(each) ?? []), name]);
  }
  for (let name = runnable.pop(); name !== undefined; name = runnable.pop()) {
    waiting.delete(name);
    for (const dependent of dependents.get(name) ?? []) {
      const left = (waitsFor.get(dependent) ?? 0) - 1;
      waitsFor.set(dependent, left);
      if (left === 0) runnable.push(dependent);
    }
  }
}

/** Every step here waits for another one here, so following them leads back. */
function followCycle(waiting: ReadonlyMap<string, StepView>): StepView[] {
  const way: StepView[] = [];
  const places = new Map<StepView, number>();
  let [step] = waiting.values();
  while (step !== undefined && !places.has(step)) {
    places.set(step, way.length);
    way.push(step);
    const next = step.dependencies.find(({ name }) => waiting.has(name));
    step = next === undefined ? undefined : waiting.get(next.name);
  }
  return step === undefined ? way : way.slice(places.get(step));
}
