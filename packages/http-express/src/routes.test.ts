import { operationNames, rowOf } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { routes } from "./routes.js";

describe("the route table", () => {
  it("contains every endpoint of the catalogue once", () => {
    const inCatalogue = operationNames.flatMap((name) => rowOf(name)?.http ?? []);
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual(inCatalogue);
    expect(new Set(inCatalogue).size).toBe(inCatalogue.length);
  });

  it("contains the endpoints that the contract promises: fifteen operations, one of them by two methods", () => {
    expect(
      routes.map(
        ({ method, path, operation, access, exposure }) =>
          `${method} ${path} ${operation} ${access} ${exposure}`,
      ),
    ).toEqual(
      expect.arrayContaining([
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
      ]),
    );
  });

  it("has each endpoint of the templates below /v1 too, and no other", () => {
    const atRoot = routes.filter(({ path }) => path.startsWith("/templates"));
    expect(routes.filter(({ path }) => path.startsWith("/v1"))).toEqual(
      atRoot.map((route) => ({ ...route, path: `/v1${route.path}` })),
    );
  });
});
