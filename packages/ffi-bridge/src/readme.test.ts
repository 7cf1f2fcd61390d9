import { readFile } from "node:fs/promises";
import { withOptionTables } from "@tasker-observability/testkit";
import { expect, it } from "vitest";
import { heartbeatFileOptionsSchema } from "./heartbeat-file.js";
import { observabilityOptionsSchema } from "./observability-options.js";
import { systemdNotifierOptionsSchema } from "./supervision/systemd-notifier.js";

it("the README shows the options that the schema has (npm run generate writes the table)", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const sources = (file: string): readonly URL[] => [new URL(file, import.meta.url)];
  const tables = {
    createObservability: {
      schema: observabilityOptionsSchema,
      sources: sources("./observability-options.ts"),
    },
    startHeartbeatFile: {
      schema: heartbeatFileOptionsSchema,
      sources: sources("./heartbeat-file.ts"),
    },
    createSystemdNotifier: {
      schema: systemdNotifierOptionsSchema,
      sources: sources("./supervision/systemd-notifier.ts"),
    },
  };
  await expect(withOptionTables(readme, tables)).toMatchFileSnapshot("../README.md");
});
