import type { CatalogueRow } from "./operation-facts.js";

const read = { access: "read", exposure: "detail" } as const;
const write = { access: "write", exposure: "detail" } as const;
const choice = ["namespace", "ids", "code", "all", "limit", "dry_run"] as const;
const workErrors = ["DATABASE_UNAVAILABLE"] as const;
const deadLetterErrors = ["NAMESPACE_NOT_SUPPORTED", "DATABASE_UNAVAILABLE"] as const;

/** The rows of the group `work` in the catalogue. */
export const workRows = {
  fleet_list: {
    group: "work",
    facade: "fleet",
    http: ["GET /fleet"],
    summary: "Lists the workers that share the database.",
    description:
      "A worker reports itself every ten seconds; after half a minute without a report it is `lost`. Any worker of the database answers for all.",
    params: ["state", "namespace", "limit", "offset"],
    errors: workErrors,
    ...read,
  },
  queues_list: {
    group: "work",
    facade: "queues",
    http: ["GET /queues"],
    summary: "Lists the queues that the worker serves.",
    description: "Depth, age and rates of each; the queues of dead letters beside them.",
    errors: workErrors,
    ...read,
  },
  steps_running: {
    group: "work",
    facade: "stepsRunning",
    http: ["GET /steps/running"],
    summary: "Lists the steps that the worker runs now.",
    description: "The longest-running first, with attempt and time-out.",
    params: ["limit"],
    ...read,
  },
  dead_letters_list: {
    group: "work",
    facade: "deadLetters",
    http: ["GET /dead-letters"],
    summary: "Lists steps that failed for good.",
    description: "The newest first, each with its reason; `next_before` asks for the next page.",
    params: ["namespace", "code", "limit", "before"],
    errors: deadLetterErrors,
    ...read,
  },
  dead_letters_redrive: {
    group: "work",
    facade: "deadLettersRedrive",
    http: ["POST /dead-letters/redrive"],
    summary: "Puts the steps of dead letters back on their queue.",
    description:
      "Their attempts count from 1 again. Batches are committed one by one, and a dry run only counts.",
    params: choice,
    errors: deadLetterErrors,
    ...write,
  },
  dead_letters_purge: {
    group: "work",
    facade: "deadLettersPurge",
    http: ["POST /dead-letters/purge"],
    summary: "Deletes dead letters permanently.",
    description: "Batches are committed one by one, and a dry run only counts.",
    params: choice,
    errors: deadLetterErrors,
    ...write,
  },
  worker_pause: {
    group: "work",
    facade: "pause",
    http: ["POST /worker/pause"],
    summary: "Stops claiming steps.",
    description: "Running steps go on, and the worker stays alive and ready.",
    ...write,
  },
  worker_resume: {
    group: "work",
    facade: "resume",
    http: ["POST /worker/resume"],
    summary: "Claims steps again.",
    description: "Ends a pause; without one, nothing changes.",
    ...write,
  },
} as const satisfies Readonly<Record<string, CatalogueRow>>;
