import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Problem } from "../data/problem.js";
import type { Snapshot } from "../data/resource.js";
import { CopyButtons } from "./copy-buttons.js";

export interface PanelProps {
  readonly title: string;
  /** What the answer is that it shows, for its buttons. @default none */
  readonly source?: { readonly path: string; readonly result: unknown };
  /** Beside the title. @default none */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of a view, with its heading. */
export function Panel({ title, source, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} class="panel">
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
        {source !== undefined && <CopyButtons {...source} />}
      </header>
      {children}
    </section>
  );
}

export interface AnsweredProps<T> {
  readonly snapshot: Snapshot<T>;
  /** What is shown, as a plural: "queues". */
  readonly what: string;
  readonly children: (result: T) => ComponentChildren;
}

/** The result; before there is one, why not. What was known stays while the worker is away. */
export function Answered<T>({ snapshot: { result, problem }, what, children }: AnsweredProps<T>) {
  if (result !== null && (problem === null || problem.kind === "offline"))
    return <>{children(result)}</>;
  if (problem === null) return <p class="empty">Asking for the {what} …</p>;
  return <Explained problem={problem} what={what} />;
}

const leads: Readonly<Record<Problem["kind"], (what: string) => string>> = {
  offline: () => "The worker does not answer. This page asks again every two seconds.",
  unauthorized: (what) => `The worker shows its ${what} to callers with a key.`,
  forbidden: (what) => `The worker does not show its ${what} here.`,
  unavailable: (what) => `Not available on this worker: ${what}.`,
  failed: (what) => `The worker could not answer for its ${what}.`,
};

export function Explained({ problem, what }: { readonly problem: Problem; readonly what: string }) {
  const { kind, message } = problem;
  const hasMore = kind === "failed" || kind === "forbidden" || kind === "unavailable";
  return (
    <div class={kind === "failed" ? "empty failed" : "empty"}>
      <p>{leads[kind](what)}</p>
      {hasMore && <p class="dim">{message}</p>}
    </div>
  );
}
