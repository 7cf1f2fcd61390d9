import { useState } from "preact/hooks";
import type { Health } from "../data/answers.js";
import { post } from "../data/client.js";
import { useAnswer, useCall, usePage } from "../page-context.js";
import { type Endpoints, isOffered } from "../data/endpoints.js";
import { Dialog } from "./dialog.js";

/** Has the worker claim no more steps, or claim again. Nothing where this worker does not offer it. */
export function PauseButton({ health }: { readonly health: Health | null }) {
  const endpoints = useAnswer<Endpoints>("/", 60_000).result;
  const [isAsking, setAsking] = useState(false);
  if (health === null || !isOffered(endpoints, "worker_pause")) return null;
  const isPaused = /^paused\b/.test(health.checks.command_processor?.message ?? "");
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        {isPaused ? "Resume …" : "Pause …"}
      </button>
      {isAsking && <PauseDialog isPaused={isPaused} onClose={() => setAsking(false)} />}
    </>
  );
}

interface PauseDialogProps {
  readonly isPaused: boolean;
  readonly onClose: () => void;
}

function PauseDialog({ isPaused, onClose }: PauseDialogProps) {
  const { connection } = usePage();
  const { outcome, isCalling, start } = useCall<{ readonly state: string }>();
  const run = (): void =>
    start(async () => {
      const answered = await post<{ state: string }>(
        isPaused ? "/worker/resume" : "/worker/pause",
        {},
      );
      connection.refresh();
      if (answered.ok) onClose();
      return answered;
    });
  return (
    <Dialog title={isPaused ? "Resume this worker?" : "Pause this worker?"} onClose={onClose}>
      <p>
        {isPaused
          ? "It claims steps again."
          : "It claims no more steps until it is resumed. Steps that run go on."}
      </p>
      {outcome?.ok === false && (
        <p role="alert" class="problem">
          {outcome.problem.message}
        </p>
      )}
      <div class="row end">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" class="primary" disabled={isCalling} onClick={run}>
          {isPaused ? "Resume" : "Pause"}
        </button>
      </div>
    </Dialog>
  );
}
