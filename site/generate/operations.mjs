import { createConfigService, resolveConfig } from "../../packages/config/dist/index.js";
import { catalogue, createWorkerContext, operationGroups } from "../../packages/core/dist/index.js";
import { createHealthService } from "../../packages/health/dist/index.js";
import { createOpenApiDocument } from "../../packages/http-express/dist/index.js";
import { createMetricsService } from "../../packages/metrics/dist/index.js";
import { createTemplateService } from "../../packages/templates/dist/index.js";

/** The document that a worker with every service answers at `/openapi.json`. */
export async function openApiDocument() {
  const context = createWorkerContext({
    workerId: "orders-1",
    ports: { domainEvents: { statistics: () => null } },
  });
  const services = {
    health: createHealthService({ context }),
    metrics: createMetricsService({ context }),
    templates: createTemplateService({ context, source: noTemplates }),
    config: createConfigService({ context, config: resolveConfig({}, { env: {} }) }),
  };
  const auth = { keys: [{ name: "example", key: "example", rights: ["read", "write"] }] };
  const document = await createOpenApiDocument(services, { writes: true, auth });
  for (const service of Object.values(services)) await service.close?.();
  return document;
}

const noTemplates = {
  find: async () => null,
  refetch: async () => null,
  list: async () => ({ total: 0, templates: [] }),
  namespaces: async () => [],
};

/** The page of all operations. */
export function renderOperations(document) {
  const endpoints = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method, ...described })),
  );
  const groups = Object.entries(operationGroups).map(([group, { description }]) => {
    const own = Object.entries(catalogue).filter(([, row]) => row.group === group);
    if (own.length === 0) return "";
    return `## ${group}\n\n${description}\n\n${own.map(([name, row]) => renderOperation(name, row, endpoints)).join("\n")}`;
  });
  return `# Operations and endpoints

Every operation gives the same answer over HTTP, over the Unix socket (by its name) and in process (by the facade's method). This page is made of the catalogue and of the OpenAPI document, which a worker answers at \`/openapi.json\`: <a href="../openapi.json" target="_self">openapi.json</a> is that of a worker with every service, keys and writes.

${groups.filter(Boolean).join("\n")}`;
}

function renderOperation(name, row, endpoints) {
  const own = endpoints.filter(({ operationId }) =>
    [name, ...["get", "post"].map((method) => `${name}_${method}`)].includes(operationId),
  );
  const [first] = own;
  const lines = [
    `### ${name}`,
    `${row.summary} ${row.description}`,
    `- In process: \`${row.facade}()\``,
    `- HTTP: ${own.length === 0 ? "not offered" : own.map(({ method, path }) => `\`${method.toUpperCase()} ${path}\``).join(" · ")}`,
    `- ${row.access === "write" ? "A write: each transport offers it only where writes are enabled." : row.exposure === "probe" ? "A probe: open where keys protect the rest." : "A read: asks for a key where keys are configured."}`,
  ];
  const params = first?.parameters ?? [];
  const table = [
    "| param | in | type | default | meaning |",
    "| --- | --- | --- | --- | --- |",
    ...params.map(
      ({ name: param, in: place, required, schema, description = "" }) =>
        `| \`${param}\` | ${place} | ${schema.type} | ${required ? "required" : (schema.default ?? "none")} | ${description} |`,
    ),
  ];
  const statuses = Object.entries(first?.responses ?? {}).filter(
    ([status]) => status !== "default",
  );
  return [
    lines[0],
    lines[1],
    lines.slice(2).join("\n"),
    ...(params.length === 0 ? [] : [table.join("\n")]),
    ...(statuses.length === 0
      ? []
      : [
          `Statuses: ${statuses.map(([status]) => status).join(", ")}; see [errors](/reference/errors).`,
        ]),
    "",
  ].join("\n\n");
}
