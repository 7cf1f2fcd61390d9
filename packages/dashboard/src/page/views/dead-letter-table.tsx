import type { DeadLetter } from "../data/work-answers.js";
import { CopyButton } from "../parts/copy-buttons.js";
import { Ago } from "../parts/instant.js";
import { type Column, Table } from "../parts/table.js";
import { keyOf } from "./dead-letters-view.js";

export interface DeadLetterTableProps {
  readonly letters: readonly DeadLetter[];
  /** Keys of dead letters. */
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
}

export function DeadLetterTable({ letters, selected, onSelect }: DeadLetterTableProps) {
  return (
    <Table
      caption="Dead letters, the newest first"
      columns={columnsOf(selected, onSelect)}
      rows={letters}
      keyOf={keyOf}
    />
  );
}

function columnsOf(
  selected: DeadLetterTableProps["selected"],
  onSelect: DeadLetterTableProps["onSelect"],
): readonly Column<DeadLetter>[] {
  const toggle = (key: string, isSelected: boolean): void => {
    const next = new Set(selected);
    if (isSelected) next.add(key);
    else next.delete(key);
    onSelect(next);
  };
  return [
    {
      head: "Dead letter",
      cell: (letter) => (
        <label class="choice">
          <input
            type="checkbox"
            checked={selected.has(keyOf(letter))}
            onChange={({ currentTarget }) => toggle(keyOf(letter), currentTarget.checked)}
          />
          {letter.namespace} {letter.id}
        </label>
      ),
    },
    {
      head: "Step",
      cell: ({ template, step }) => (
        <>
          {step ?? "–"} <span class="dim">{template ?? ""}</span>
        </>
      ),
    },
    { head: "Reason", cell: ({ code }) => <code>{code ?? "–"}</code> },
    { head: "Message", kind: "wide", cell: ({ message }) => <Message text={message} /> },
    { head: "Attempts", kind: "number", cell: ({ attempts }) => attempts ?? "–" },
    { head: "Since", kind: "number", cell: (letter) => <Ago at={letter.dead_lettered_at} /> },
    {
      head: "Copy",
      cell: (letter) => (
        <CopyButton
          label="JSON"
          what={`dead letter ${keyOf(letter)}`}
          text={() => JSON.stringify(letter, null, 2)}
        />
      ),
    },
  ];
}

const shownLength = 160;

/** Long messages unfold. */
function Message({ text }: { readonly text: string | null }) {
  if (text === null) return <>–</>;
  if (text.length <= shownLength) return <span class="message">{text}</span>;
  return (
    <details class="message">
      <summary>{text.slice(0, shownLength)} …</summary>
      {text}
    </details>
  );
}
