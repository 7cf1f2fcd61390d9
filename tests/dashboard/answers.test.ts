import type { RuntimeConfig } from "@tasker-observability/config";
import type { DetailedHealth } from "@tasker-observability/health";
import type { DomainEventStats, WorkerMetrics } from "@tasker-observability/metrics";
import type {
  TemplateDetail,
  TemplateList,
  TemplateValidation,
} from "@tasker-observability/templates";
import { expectTypeOf, it } from "vitest";
import type * as page from "../../packages/dashboard/src/page/data/answers.js";

it("the page reads only what the worker answers", () => {
  expectTypeOf<DetailedHealth>().toExtend<page.Health>();
  expectTypeOf<WorkerMetrics>().toExtend<page.Metrics>();
  expectTypeOf<TemplateList>().toExtend<page.TemplateList>();
  expectTypeOf<TemplateDetail>().toExtend<page.TemplateDetail>();
  expectTypeOf<TemplateValidation>().toExtend<page.TemplateValidation>();
  expectTypeOf<RuntimeConfig>().toExtend<page.Configuration>();
  expectTypeOf<DomainEventStats["router"]>().toExtend<page.EventStatistics["router"]>();
});
