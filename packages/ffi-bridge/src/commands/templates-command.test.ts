import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { socketPath } from "../testing/raw-socket.js";
import { runCommand } from "./run-command.js";

const folder = fileURLToPath(new URL("../testing/templates", import.meta.url));
const validate = (...args: readonly string[]) => runCommand(["templates", "validate", ...args]);

describe("templates validate", () => {
  it("exits 0 where there is no error", async () => {
    const { exitCode, output } = await validate(join(folder, "charge.yaml"));
    expect([exitCode, output]).toEqual([0, "1 file, 1 template: 0 errors, 0 warnings."]);
  });

  it("exits 1 with every error by file, line and column", async () => {
    const { exitCode, output } = await validate(`${folder}/*.yaml`);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/refund\.yaml:\d+:\d+ error /);
  });

  it("prints the whole report as JSON on request", async () => {
    const { exitCode, output } = await validate(`${folder}/*.yaml`, "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ valid: false, file_count: 2, findings: expect.arrayContaining([expect.objectContaining({ severity: "error", line: expect.any(Number) })]) });
  });

  it.each(['["Payments::ChargeCard"]', '{"Payments::ChargeCard": true}', "# ours\nPayments::ChargeCard\n"])("knows the handlers that a file lists: %j", async (text) => {
    const list = await socketPath("handlers");
    mkdirSync(dirname(list), { recursive: true });
    writeFileSync(list, text);
    expect(await validate(join(folder, "charge.yaml"), "--handlers", list)).toMatchObject({ exitCode: 0 });
    writeFileSync(list, "Payments::Other");
    expect((await validate(join(folder, "charge.yaml"), "--handlers", list)).output).toContain("Payments::ChargeCard");
  });

  it.each([[[]], [["/nonexistent/*.yaml"]], [["x.yaml", "--handlers", "/nonexistent"]], [["x.yaml", "--unknown"]]])("exits 2 for %j, where nothing could be validated", async (args) => {
    expect(await validate(...args)).toMatchObject({ exitCode: 2, output: "", error: expect.stringMatching(/\S/) });
  });
});
