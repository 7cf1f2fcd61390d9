// What the page reads of the worker's answers. A test compares these types with the schemas of the operations.

export type HealthStatus = "healthy" | "degraded" | "unhealthy";

export interface Check {
  readonly status: HealthStatus;
  readonly message: string | null;
  readonly duration_ms: number;
  readonly last_checked: string;
  readonly criticality: "required" | "optional";
}

/** `/health/detailed`, and `/health/ready`. */
export interface Health {
  readonly status: HealthStatus;
  readonly timestamp: string;
  readonly worker_id: string;
  readonly checks: Readonly<Record<string, Check>>;
  readonly system_info: {
    readonly version: string;
    readonly environment: string;
    readonly uptime_seconds: number;
    readonly worker_type: string;
    readonly supported_namespaces: readonly string[];
  };
}

/** One entry of `/metrics/worker`. */
export interface Sample {
  readonly name: string;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Metrics {
  readonly metrics: Readonly<Record<string, Sample>>;
  readonly timestamp: string;
}

export interface EventStatistics {
  readonly router: Readonly<Record<string, number>>;
  readonly in_process_bus: Readonly<Record<string, number>>;
  readonly captured_at: string;
}

export interface TemplateIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
}

export interface TemplateSummary extends TemplateIdentity {
  readonly description: string | null;
  readonly step_count: number;
}

export interface TemplateList {
  readonly template_count: number;
  readonly templates: readonly TemplateSummary[];
  readonly next_offset: number | null;
}

export interface TemplateDetail {
  readonly template: { readonly template: unknown; readonly environment: string };
  readonly cached: boolean;
}

export interface Finding {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

export interface TemplateValidation extends TemplateIdentity {
  readonly valid: boolean;
  readonly findings: readonly Finding[];
  readonly step_handlers: readonly string[];
}

export interface Configuration {
  readonly environment: string;
  readonly common: unknown;
  readonly worker: unknown;
  readonly metadata: {
    readonly timestamp: string;
    readonly redacted_fields: readonly string[];
  };
}
