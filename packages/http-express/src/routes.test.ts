import { describe, expect, it } from "vitest";
import { routes } from "./routes.js";

describe("the route table", () => {
  it("holds fifteen operations, one of them by two methods", () => {
    expect(new Set(routes.map(({ operation }) => operation)).size).toBe(15);
    expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(16);
  });

  it("is this table", () => {
    expect(
      routes.map(
        ({ method, path, operation, access, exposure }) =>
          `${method} ${path} ${operation} ${access} ${exposure}`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "GET /health health_basic read probe",
        "GET /health/live health_live read probe",
        "GET /health/ready health_ready read probe",
        "GET /health/detailed health_detailed read detail",
        "GET /metrics metrics_prometheus read probe",
        "GET /metrics/worker metrics_worker read detail",
        "GET /metrics/events metrics_events read detail",
        "GET /templates templates_list read detail",
        "GET /templates/cache/stats templates_cache_stats read detail",
        "DELETE /templates/cache templates_cache_clear write detail",
        "POST /templates/cache/maintain templates_cache_maintain write detail",
        "GET /templates/{namespace}/{name}/{version} template_get read detail",
        "GET /templates/{namespace}/{name}/{version}/validate template_validate read detail",
        "POST /templates/{namespace}/{name}/{version}/validate template_validate read detail",
        "POST /templates/{namespace}/{name}/{version}/refresh template_refresh write detail",
        "GET /config config_runtime read detail",
      ]
    `);
  });
});
