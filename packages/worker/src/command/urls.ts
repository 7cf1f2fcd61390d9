import { versionPrefix } from "@tasker-observability/core";
import { routes } from "@tasker-observability/http-express";
import type { Worker } from "../worker.js";

/** The URLs that a browser or curl can get without parameters, each answer once. */
export function urlsOf({
  url,
  operations,
  policy,
}: Pick<Worker, "url" | "operations" | "policy">): string[] {
  if (url === null) return [];
  const asked = routes.filter(({ method, path, operation: name }) => {
    const operation = operations[name];
    return (
      method === "GET" &&
      !path.includes("{") &&
      !path.startsWith(`${versionPrefix}/`) &&
      operation !== undefined &&
      policy.offers(operation, "http")
    );
  });
  return asked.map(({ path }) => `${url}${path}`);
}
