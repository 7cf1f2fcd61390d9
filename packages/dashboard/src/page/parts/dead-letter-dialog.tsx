import { useEffect } from "preact/hooks";
import { post, toCurl } from "../data/client.js";
import type { Outcome } from "../data/problem.js";
import { counted } from "../data/texts.js";
import type { DeadLetterChange, DeadLetterChoice } from "../data/work-answers.js";
import { useCall } from "../page-context.js";
import { CopyButton } from "./copy-buttons.js";
import { Dialog } from "./dialog.js";

export type DeadLetterAction = "redrive" | "purge";

const titles: Readonly<Record<DeadLetterAction, string>> = {
  redrive: "Put these steps back on their queue?",
  purge: "Delete these dead letters?",
};
const effects: Readonly<Record<DeadLetterAction, string>> = {
  redrive: "would go back to the queue, with attempts counted from 1",
  purge: "would be deleted permanently",
};
const results: Readonly<Record<DeadLetterAction, string>> = {
  redrive: "went back to the queue",
  purge: "deleted",
};

export interface ChangeDialogProps {
  readonly action: DeadLetterAction;
  readonly choice: DeadLetterChoice;
  readonly onClose: () => void;
}

/** Counts first what would be changed, and then asks. */
export function ChangeDialog({ action, choice, onClose }: ChangeDialogProps) {
  const path = `/dead-letters/${action}`;
  const dryRun = useCall<DeadLetterChange>();
  const change = useCall<DeadLetterChange>();
  useEffect(() => dryRun.start(() => post(path, { ...choice, dry_run: true })), []);
  const isDone = change.outcome?.ok === true;
  const canConfirm = dryRun.outcome?.ok === true && dryRun.outcome.result.count > 0;
  const confirm = (): void => change.start(() => post(path, { ...choice }));
  return (
    <Dialog title={titles[action]} onClose={onClose}>
      <div aria-live="polite">
        <Sentence
          outcome={change.outcome ?? dryRun.outcome}
          what={isDone ? results[action] : effects[action]}
        />
      </div>
      <div class="row end">
        <CopyButton label="curl" what={path} text={() => toCurl(path, { ...choice })} />
        <button type="button" onClick={onClose}>
          {isDone ? "Close" : "Cancel"}
        </button>
        {!isDone && (
          <button
            type="button"
            class={action === "purge" ? "danger" : "primary"}
            disabled={!canConfirm || change.isCalling}
            onClick={confirm}
          >
            {action === "purge" ? "Delete" : "Redrive"}
          </button>
        )}
      </div>
    </Dialog>
  );
}

interface SentenceProps {
  readonly outcome: Outcome<DeadLetterChange> | null;
  readonly what: string;
}

function Sentence({ outcome, what }: SentenceProps) {
  if (outcome === null) return <p>Counting …</p>;
  if (!outcome.ok) return <p class="problem">{outcome.problem.message}</p>;
  const { count, missing_ids: missing } = outcome.result;
  return (
    <>
      <p>{`${counted(count, "dead letter")} ${what}.`}</p>
      {missing.length > 0 && (
        <p class="dim">{`${counted(missing.length, "of the selected ones", "of the selected ones")} no longer there: ${missing.join(", ")}.`}</p>
      )}
    </>
  );
}
