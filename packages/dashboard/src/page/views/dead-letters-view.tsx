import { useState } from "preact/hooks";
import type { ViewProps } from "../app.js";
import { type Endpoints, isOffered } from "../data/endpoints.js";
import { countText } from "../data/texts.js";
import type {
  DeadLetter,
  DeadLetterChoice,
  DeadLetterList,
  QueueList,
} from "../data/work-answers.js";
import { useAnswer } from "../page-context.js";
import { ChangeDialog, type DeadLetterAction } from "../parts/dead-letter-dialog.js";
import { Filter, Search } from "../parts/filter.js";
import { Answered, Panel } from "../parts/panel.js";
import { useFilter } from "../parts/use-filter.js";
import { DeadLetterTable } from "./dead-letter-table.js";

const pageSize = 50;

export function DeadLettersView({ route }: ViewProps) {
  const { value, change } = useFilter(route);
  const query = new URLSearchParams({ limit: String(pageSize) });
  for (const name of ["namespace", "code", "before"])
    if (value(name) !== "") query.set(name, value(name));
  const path = `/dead-letters?${query.toString()}`;
  const snapshot = useAnswer<DeadLetterList>(path);
  return (
    <>
      <Namespaces
        chosen={value("namespace")}
        onChoose={(namespace) => change({ namespace, before: "" })}
      />
      <Panel
        title="Newest first"
        source={{ path, result: snapshot.result }}
        aside={
          <Search
            label="Code"
            value={value("code")}
            onInput={(code) => change({ code, before: "" })}
          />
        }
      >
        <Answered snapshot={snapshot} what="dead letters">
          {(list) => (
            <Letters
              list={list}
              namespace={value("namespace")}
              code={value("code")}
              onChanged={snapshot.refresh}
            />
          )}
        </Answered>
        <Places
          next={snapshot.result?.next_before ?? null}
          before={value("before")}
          onMove={(before) => change({ before })}
        />
      </Panel>
    </>
  );
}

interface NamespacesProps {
  readonly chosen: string;
  readonly onChoose: (namespace: string) => void;
}

/** How many there are in each namespace, which is what a redrive and a purge are about. */
function Namespaces({ chosen, onChoose }: NamespacesProps) {
  const { result } = useAnswer<QueueList>("/queues");
  if (result === null) return null;
  const choices = result.dead_letters.map(({ namespace, depth }) => ({
    value: namespace,
    text: `${namespace} (${countText(depth)})`,
  }));
  return (
    <p class="toolbar">
      <Filter
        label="Namespace"
        value={chosen}
        choices={[{ value: "", text: "all" }, ...choices]}
        onChange={onChoose}
      />
    </p>
  );
}

interface LettersProps {
  readonly list: DeadLetterList;
  /** The filters; empty for none. */
  readonly namespace: string;
  readonly code: string;
  readonly onChanged: () => void;
}

interface Asked {
  readonly action: DeadLetterAction;
  readonly choice: DeadLetterChoice;
}

function Letters({ list: { dead_letters: letters }, namespace, code, onChanged }: LettersProps) {
  const endpoints = useAnswer<Endpoints>("/", 60_000).result;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<Asked | null>(null);
  if (letters.length === 0)
    return (
      <p class="empty">
        No dead letter. Steps that fail for good are listed here with their reason.
      </p>
    );
  const isEnabled = isOffered(endpoints, "dead_letters_redrive");
  const choice = choiceOf(letters, selected, { namespace, code });
  const ask = (action: DeadLetterAction) => (): void => {
    if (choice !== null) setAsked({ action, choice });
  };
  const close = (): void => {
    setAsked(null);
    setSelected(new Set());
    onChanged();
  };
  return (
    <>
      <p class="toolbar">
        <button type="button" disabled={!isEnabled || choice === null} onClick={ask("redrive")}>
          Redrive {targetOf(choice)} …
        </button>
        <button type="button" disabled={!isEnabled || choice === null} onClick={ask("purge")}>
          Purge {targetOf(choice)} …
        </button>
        <span class="dim">{isEnabled ? hintOf(choice) : writesAreOff}</span>
      </p>
      <DeadLetterTable letters={letters} selected={selected} onSelect={setSelected} />
      {asked !== null && <ChangeDialog {...asked} onClose={close} />}
    </>
  );
}

const writesAreOff =
  "Redrive and purge are switched off over HTTP. To permit them here, set worker.web.endpoints.work_writes_enabled; the command dead-letters does both without it.";

function hintOf(choice: DeadLetterChoice | null): string {
  return choice === null
    ? "Select dead letters of one namespace, or choose a namespace above to change all of it."
    : "Shows first what it would do, and asks.";
}

function targetOf(choice: DeadLetterChoice | null): string {
  if (choice?.ids !== undefined) return `${countText(choice.ids.length)} selected`;
  return choice === null ? "selected" : `all of ${choice.namespace}`;
}

/** What is selected, else all that the filters leave. Null where that spans several namespaces. */
function choiceOf(
  letters: readonly DeadLetter[],
  selected: ReadonlySet<string>,
  { namespace, code }: Pick<LettersProps, "namespace" | "code">,
): DeadLetterChoice | null {
  const chosen = letters.filter((letter) => selected.has(keyOf(letter)));
  const [first] = chosen;
  if (first === undefined)
    return namespace === "" ? null : { namespace, ...(code === "" ? { all: true } : { code }) };
  return chosen.every((letter) => letter.namespace === first.namespace)
    ? { namespace: first.namespace, ids: chosen.map(({ id }) => id) }
    : null;
}

export function keyOf({ namespace, id }: DeadLetter): string {
  return `${namespace} ${id}`;
}

interface PlacesProps {
  readonly next: string | null;
  /** Empty on the first page. */
  readonly before: string;
  readonly onMove: (before: string) => void;
}

function Places({ next, before, onMove }: PlacesProps) {
  if (next === null && before === "") return null;
  return (
    <nav class="pager" aria-label="Pages of dead letters">
      <button type="button" disabled={before === ""} onClick={() => onMove("")}>
        Newest
      </button>
      <button type="button" disabled={next === null} onClick={() => onMove(next ?? "")}>
        Older
      </button>
    </nav>
  );
}
