import type { HealthStatus, WorkerContext } from "@tasker-observability/core";
import type { CheckReports, CheckGroup } from "./check-group.js";
import type { DetailedHealth } from "./schemas/detailed-health.js";
import type { WorkerSystemInfo } from "./schemas/worker-system-info.js";

type Answer<Status extends HealthStatus> = Omit<DetailedHealth, "status"> & { status: Status };

/** The whole answers to one probe. */
export class HealthReport<Status extends HealthStatus> {
  readonly #group: CheckGroup<Status>;
  readonly #context: Pick<WorkerContext, "identity" | "timestamp">;
  readonly #systemInfo: (timestamp: string) => WorkerSystemInfo;
  #latest: Answer<Status> | null = null;

  constructor(
    group: CheckGroup<Status>,
    context: Pick<WorkerContext, "identity" | "timestamp">,
    systemInfo: (timestamp: string) => WorkerSystemInfo,
  ) {
    this.#group = group;
    this.#context = context;
    this.#systemInfo = systemInfo;
  }

  /** The answer where no check has to be waited for; else null, and nothing was run. */
  atOnce(): Answer<Status> | null {
    const timestamp = this.#context.timestamp();
    const reports = this.#group.fresh(timestamp);
    return reports === null ? null : this.#assemble(reports, timestamp);
  }

  /** The answer; never rejects. */
  async get(): Promise<Answer<Status>> {
    return this.atOnce() ?? this.#assemble(await this.#group.get(), this.#context.timestamp());
  }

  /** The same object for all who ask within one millisecond, unless something changed in it. */
  #assemble({ status, checks }: CheckReports<Status>, timestamp: string): Answer<Status> {
    const last = this.#latest;
    const systemInfo = this.#systemInfo(timestamp);
    if (last?.timestamp === timestamp && last.checks === checks && last.system_info === systemInfo)
      return last;
    const answer = {
      status,
      timestamp,
      worker_id: this.#context.identity.workerId,
      checks,
      system_info: systemInfo,
    };
    this.#latest = answer;
    return Object.freeze(answer);
  }
}
