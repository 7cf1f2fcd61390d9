import type { Health } from "../data/answers.js";
import { readKey } from "../data/api-key.js";
import { durationText } from "../data/texts.js";
import { type Verdict, verdictOf } from "../data/verdict.js";
import { useAnswer, useConnection, useNow, usePage } from "../page-context.js";
import { Instant } from "./instant.js";
import { StatusIcon } from "./status.js";
import { PauseButton } from "./pause-button.js";
import { useEffect } from "preact/hooks";

const restartShownMs = 2 * 60_000;

/** Who answers, how it is, and how old what is shown is: above every view. */
export function WorkerHeader() {
  const { connection } = usePage();
  const { key } = useConnection();
  const health = useHealth();
  const verdict = useVerdict(health);
  return (
    <header class={`worker ${verdict.status}`}>
      <div class="verdict">
        <StatusIcon tone={verdict.status} />
        <div>
          <p class="sentence" role="status">
            {verdict.text}
          </p>
          <p class="dim">
            {verdict.since !== null && (
              <>
                {verdict.duration}, since <Instant at={verdict.since} />.{" "}
              </>
            )}
            <Freshness />
            <Restarted />
          </p>
        </div>
      </div>
      <Identity health={health} />
      <div class="actions">
        {readKey() !== null && key === "accepted" && (
          <button type="button" onClick={() => connection.forgetKey()}>
            Forget the key
          </button>
        )}
        <PauseButton health={health} />
      </div>
    </header>
  );
}

/** The detailed answer, or what everybody may know. */
export function useHealth(): Health | null {
  const { connection } = usePage();
  const detailed = useAnswer<Health>("/health/detailed");
  const ready = connection.resource<Health>("/health/ready").snapshot;
  const isRefused = detailed.problem !== null && detailed.problem.kind !== "offline";
  return isRefused ? ready.result : detailed.result;
}

function useVerdict(health: Health | null): Verdict {
  const { recorder } = usePage();
  const { offlineSince, key } = useConnection();
  const now = useNow();
  const since = recorder.health.since("verdict");
  const needsKey = key === "asked" || key === "refused";
  const verdict = verdictOf({ health, offlineSince, needsKey, since, now });
  const title = `${verdict.text} · ${health?.worker_id ?? "worker"}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return verdict;
}

function Identity({ health }: { readonly health: Health | null }) {
  if (health === null) return null;
  const { worker_id, system_info: info } = health;
  return (
    <dl class="identity">
      <div>
        <dt>Worker</dt>
        <dd>{worker_id}</dd>
      </div>
      <div>
        <dt>Type</dt>
        <dd>{info.worker_type}</dd>
      </div>
      <div>
        <dt>Version</dt>
        <dd>{info.version}</dd>
      </div>
      <div>
        <dt>Environment</dt>
        <dd>{info.environment}</dd>
      </div>
      <div>
        <dt>Up for</dt>
        <dd>{durationText(info.uptime_seconds * 1_000)}</dd>
      </div>
    </dl>
  );
}

function Freshness() {
  const { lastAnswerAt, offlineSince } = useConnection();
  if (lastAnswerAt === null || offlineSince === null) return null;
  return (
    <>
      What is shown is from <Instant at={lastAnswerAt} />.{" "}
    </>
  );
}

function Restarted() {
  const { recorder } = usePage();
  const now = useNow();
  const last = recorder.health.transitions.find(({ to }) => to === "restarted");
  if (last === undefined || now - last.at > restartShownMs) return null;
  return (
    <strong>
      The worker restarted at <Instant at={last.at} />.
    </strong>
  );
}
