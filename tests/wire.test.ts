import { fileURLToPath } from "node:url";
import { routes } from "@tasker-observability/http-express";
import { createTemplateService, createYamlFolderSource } from "@tasker-observability/templates";
import { createTestDatabase, type TestDatabase, waitFor } from "@tasker-observability/testkit";
import { createWorker, type Worker } from "@tasker-observability/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerDifferences, differencesOf } from "./wire/differences.js";
import { type RecordedAnswer, recordedAnswers, versions } from "./wire/recorded.js";
import { fieldsMissing, shapeOf, typesThatDiffer, withoutNulls } from "./wire/shapes.js";
import { clientCalls } from "./wire/tasker-client.js";
import { templateDetail } from "./wire/template-types.js";

let database: TestDatabase;
let worker: Worker;
beforeAll(async () => {
  database = await createTestDatabase({ pgmq: true });
  worker = await createWorker({
    database: database.url,
    templates: fileURLToPath(new URL("../config/tasks/**/*.yaml", import.meta.url)),
    handlers: { "Orders::CheckStock": async () => null },
    environment: "test",
    http: { port: 0, writes: true },
  });
  await worker.start();
  // Until its listener has connected, a worker is degraded.
  await waitFor(
    async () =>
      aspects["status word"](await ask({ method: "GET", path: "/health/detailed" })) === "healthy",
    { what: "a worker in health" },
  );
});
afterAll(async () => {
  await worker.stop();
  await database.drop();
});

type Answer = Pick<RecordedAnswer, "status" | "content_type" | "body">;

async function ask({ method, path }: { method: string; path: string }): Promise<Answer> {
  const response = await fetch(`${worker.url}${path}`, { method });
  const type = response.headers.get("content-type") ?? "";
  const isJson = type.startsWith("application/json");
  const body: unknown = isJson ? await response.json() : await response.text();
  return { status: response.status, content_type: type, body };
}

describe.each(versions)("Tasker's worker (%s)", (version) => {
  const recorded = recordedAnswers(version);

  it("has the same fields, except for the listed differences, which all exist", async () => {
    const found = new Set<string>();
    const operations = new Set<string>();
    for (const request of recorded) {
      const answer = await ask(request);
      if (answer.status !== request.status) continue;
      const [theirs, ours] = [shapeOf(request.body), shapeOf(answer.body)];
      const operation = operationOf(request);
      operations.add(operation);
      for (const field of fieldsMissing(ours, theirs)) found.add(`${operation} ours ${field}`);
      for (const field of fieldsMissing(withoutNulls(theirs), ours))
        found.add(`${operation} theirs ${field}`);
    }
    const listed = differencesOf(version).filter(({ operation }) => operations.has(operation));
    expect([...found].sort()).toEqual(
      listed.map(({ operation, side, field }) => `${operation} ${side} ${field}`).sort(),
    );
  });

  it.each(recorded)("has fields of the same JSON types: $method $path", async (request) => {
    const { body } = await ask(request);
    expect(typesThatDiffer(shapeOf(body), shapeOf(request.body))).toEqual([]);
  });

  it("answers with the same status, content type and status word, except where the list says so", async () => {
    const found = [];
    for (const request of recorded) {
      const ours = await ask(request);
      for (const [what, of] of Object.entries(aspects))
        if (of(request) !== of(ours))
          found.push({ request: nameOf(request), what, theirs: of(request), ours: of(ours) });
    }
    const listed = answerDifferences.filter((difference) =>
      recorded.some((request) => nameOf(request) === difference.request),
    );
    expect(found).toEqual(
      listed.map(({ request, what, theirs, ours }) => ({ request, what, theirs, ours })),
    );
  });

  it.each(clientCalls[version])("has a client that reads our answer: $name $path", async (call) => {
    const { status, body } = await ask(call);
    expect([status, call.accepts.safeParse(body).error?.issues]).toEqual([200, undefined]);
  });
});

describe("a template that Tasker reads otherwise, or not at all", () => {
  const source = createYamlFolderSource({
    patterns: fileURLToPath(
      new URL("../packages/templates/test-fixtures/*.{yml,yaml}", import.meta.url),
    ),
  });
  const service = createTemplateService({ source });

  it("is read by Tasker's client as it is answered: events by name, aliases, and what is left out", async () => {
    const { templates } = await service.listTemplates();
    expect(templates.length).toBeGreaterThan(2);
    for (const { namespace, name, version } of templates) {
      const detail = await service.getTemplate({ namespace, name, version });
      expect([name, templateDetail.safeParse(detail).error?.issues]).toEqual([name, undefined]);
    }
  });
});

const aspects = {
  status: ({ status }) => String(status),
  "content type": ({ content_type: type }) => type,
  "status word": ({ body }) =>
    typeof body === "object" && body !== null && "status" in body ? String(body.status) : "",
} satisfies Readonly<Record<string, (answer: Answer) => string>>;

function nameOf({ method, path }: RecordedAnswer): string {
  return `${method} ${path}`;
}

function operationOf({ method, path }: RecordedAnswer): string {
  const [asked = ""] = path.split("?");
  // A literal path wins over one with params.
  const candidates = routes.filter(
    (route) => route.method === method && matches(route.path, asked),
  );
  const [first] = candidates.sort((one, other) => literals(other.path) - literals(one.path));
  if (first === undefined) throw new Error(`No operation answers ${method} ${path}.`);
  return first.operation;
}

function literals(template: string): number {
  return template.split("/").filter((segment) => !segment.startsWith("{")).length;
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
}
