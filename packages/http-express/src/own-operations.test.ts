import { createWorkerContext, defineOperation } from "@tasker-observability/core";
import { createHealthService } from "@tasker-observability/health";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createOpenApiDocument } from "./openapi.js";
import { serverHarnesses } from "./testing/server-harness.js";

const orders_page = defineOperation({
  name: "orders_page",
  http: ["GET /orders/{region}/pages/{page}", "POST /orders/{area}"],
  access: "read",
  summary: "One page of the orders.",
  params: z.strictObject({
    region: z.string().optional(),
    area: z.string().optional(),
    page: z.int().default(1),
    factor: z.number().optional(),
  }),
  result: z.looseObject({}),
  verdicts: ["not_found"],
  verdict: (result) => (Object.hasOwn(result, "area") ? "not_found" : "ok"),
  run: (params) => params,
});

describe.each(serverHarnesses)("$name", ({ serve, statusOfUnknown }) => {
  it("takes services, and an application's own operations beside them", async () => {
    const health = createHealthService({ context: createWorkerContext({ workerId: "own-1" }) });
    const server = await serve({ health, orders_page });
    const basic = await server.request("GET", "/health");
    expect([basic.status, JSON.parse(basic.body)]).toMatchObject([200, { worker_id: "own-1" }]);
    const page = await server.request("GET", "/orders/north%20sea/pages/7?factor=0.5");
    expect([page.status, JSON.parse(page.body)]).toEqual([
      200,
      { region: "north sea", page: 7, factor: 0.5 },
    ]);
    const area = await server.request("POST", "/orders/sea");
    expect([area.status, JSON.parse(area.body)]).toEqual([404, { area: "sea", page: 1 }]);
    const wrong = await server.request("GET", "/orders/north/pages/last");
    expect([wrong.status, JSON.parse(wrong.body)]).toMatchObject([
      400,
      { message: "orders_page rejected its params: page: expected a whole number" },
    ]);
    await server.close();
  });

  it("leaves them out if their group is off", async () => {
    const server = await serve({ orders_page }, { groups: ["health"] });
    expect((await server.request("POST", "/orders/sea")).status).toBe(statusOfUnknown);
    await server.close();
  });

  it("rejects two operations that answer one method on one path", async () => {
    const other = { ...orders_page, name: "orders_other", http: ["GET /health"] as const };
    await expect(async () => serve({ orders_other: other })).rejects.toThrow(
      "health_basic and orders_other both answer GET /health: give one of them another path.",
    );
  });
});

describe("the OpenAPI document", () => {
  it("describes an application's own operation like any other", async () => {
    const { paths } = await createOpenApiDocument({ orders_page });
    expect(paths["/orders/{region}/pages/{page}"]).toMatchObject({
      get: {
        operationId: "orders_page",
        summary: "One page of the orders.",
        tags: ["custom"],
        parameters: expect.arrayContaining([
          { name: "page", in: "path", required: true, schema: expect.anything() },
          { name: "factor", in: "query", required: false, schema: { type: "number" } },
        ]),
        responses: { 404: expect.anything() },
      },
    });
  });
});
