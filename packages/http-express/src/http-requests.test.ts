import { describe, expect, it } from "vitest";
import { serverHarnesses, useSampleServer } from "./testing/server-harness.js";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const template = "/templates/payments/charge/1.0.0";

describe.each(serverHarnesses)("$name", ({ serve, statusOfUnknown }) => {
  const { worker, get, request } = useSampleServer(serve);

  describe("the method", () => {
    it.each(["/health", "/templates?limit=1", "/metrics", template])(
      "HEAD of %s is GET without the body",
      async (path) => {
        const [head, whole] = [await request("HEAD", path), await get(path)];
        expect(head.body).toBe("");
        expect(whole.body).not.toBe("");
        const fixed = {
          "content-length": whole.headers["content-length"],
          "content-type": whole.headers["content-type"],
        };
        expect(head).toMatchObject({ status: 200, headers: fixed });
      },
    );

    it("HEAD of an error has no body either", async () => {
      const { status, headers, body } = await request("HEAD", "/templates?limit=x");
      expect([status, body]).toEqual([400, ""]);
      expect(Number(headers["content-length"])).toBeGreaterThan(0);
    });

    it.each([
      ["/health", "GET, HEAD, OPTIONS"],
      ["/templates/cache", "DELETE, OPTIONS"],
      ["/templates/cache/", "DELETE, OPTIONS"],
      [template, "GET, HEAD, OPTIONS"],
      [`${template}/validate`, "GET, HEAD, POST, OPTIONS"],
      [`${template}/refresh`, "POST, OPTIONS"],
    ])("OPTIONS of %s is 204 and allows %s", async (path, allow) => {
      const { status, headers, body } = await request("OPTIONS", path);
      expect([status, headers.allow, body]).toEqual([204, allow, ""]);
      expect(headers).not.toHaveProperty("content-length");
    });

    it.each([
      ["POST", "/health"],
      ["DELETE", "/health/ready"],
      ["TRACE", "/health"],
      ["PROPFIND", "/metrics"],
      ["PUT", template],
      ["GET", "/templates/cache"],
      ["GET", `${template}/refresh`],
    ])("%s of %s is a 405 that tells what is allowed", async (method, path) => {
      const { status, headers, body } = await request(method, path);
      expect([status, JSON.parse(body).error]).toEqual([405, "method_not_allowed"]);
      expect(headers.allow).toMatch(/OPTIONS$/);
      expect(JSON.parse(body).message).toContain(headers.allow);
    });

    it.each(["POST", "OPTIONS", "TRACE"])(
      "%s of an unknown path is unknown first",
      async (method) => {
        expect((await request(method, "/nothing")).status).toBe(statusOfUnknown);
      },
    );

    it("validates a template by GET and by POST", async () => {
      for (const method of ["GET", "POST"]) {
        const { status, body } = await request(method, `${template}/validate`);
        expect([status, JSON.parse(body).operation]).toEqual([200, "template_validate"]);
      }
    });
  });

  describe("the request's id", () => {
    it.each([
      ["one of words", "trace-1:span.2_x"],
      ["a single letter", "a"],
      ["one of 128 characters", "x".repeat(128)],
    ])("is the caller's if that is sane: %s", async (_what, id) => {
      const { headers, body } = await get("/metrics/worker", { "X-Request-Id": id });
      expect([headers["x-request-id"], JSON.parse(body).request_id]).toEqual([id, id]);
    });

    it.each([
      ["nothing", ""],
      ["two words", "a b"],
      ["a quoted one", '"x"'],
      ["markup", "<script>"],
      ["two in one", "a,b"],
      ["one of 129 characters", "x".repeat(129)],
    ])("is made if the caller's is not fit to be logged: %s", async (_what, id) => {
      expect((await get("/health", { "X-Request-Id": id })).headers["x-request-id"]).toMatch(uuid);
    });
  });

  describe("the body of a request", () => {
    const chunk = (length: number) => `${length.toString(16)}\r\n${"x".repeat(length)}\r\n`;

    it("is ignored while it is small, with and without a length", async () => {
      expect(
        (await request("POST", `${template}/refresh`, { "Content-Length": "3" }, "abc")).status,
      ).toBe(200);
      expect(
        (
          await request(
            "POST",
            `${template}/refresh`,
            { "Transfer-Encoding": "chunked" },
            `${chunk(16_384)}0\r\n\r\n`,
          )
        ).status,
      ).toBe(200);
      expect((await request("GET", "/health", { "Content-Length": "2" }, "{}")).status).toBe(200);
    });

    it.each([
      ["that says so", { "Content-Length": "20000" }, "x".repeat(100)],
      ["that turns out so", { "Transfer-Encoding": "chunked" }, chunk(16_385)],
    ])("%s is too large, is not waited for, and nothing is done", async (_what, headers, body) => {
      const answered = await request(
        "POST",
        `${template}/refresh`,
        { ...headers, Connection: "keep-alive" },
        body,
      );
      expect([answered.status, JSON.parse(answered.body).error]).toEqual([
        413,
        "payload_too_large",
      ]);
      expect(answered.headers.connection).toBe("close");
      expect(worker.writes).toBe(0);
    });
  });
});
