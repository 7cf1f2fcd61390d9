import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { createYamlFolderSource } from "./sources/yaml-folder-source.js";
import { serve } from "./testing/serve.js";
import { folderWith, refund, templateText, writeFileIn } from "./testing/templates.js";

describe("a template whose file broke", () => {
  it.each([
    [
      "is no YAML any more",
      (text: string) => text.replace("steps: [", "steps: "),
      { code: "yaml_syntax" },
    ],
    [
      "has a wrong shape now",
      (text: string) => text.replace("callable: h", "callable: [h]"),
      { code: "invalid_shape", path: "steps[0].handler.callable" },
    ],
    [
      "names it otherwise",
      (text: string) => text.replace("name: refund", "name: [7]"),
      { code: "not_a_template", path: "name" },
    ],
    [
      "has a broken neighbor of it",
      (text: string) => `${text}---\n- 7\n`,
      { code: "not_a_template" },
    ],
  ])(
    "since its file %s is served as it was, and both refresh and validation say so",
    async (_what, breakIt, finding) => {
      const text = templateText(
        "description: before\nsteps: [{ name: a, handler: { callable: h } }]",
      );
      const cwd = await folderWith({ "a.yaml": text });
      const { service } = serve({ source: createYamlFolderSource({ patterns: "*.yaml", cwd }) });
      await service.getTemplate(refund);
      await writeFileIn(cwd, "a.yaml", breakIt(text));
      expect(await service.refreshTemplate(refund)).toMatchObject({
        success: false,
        message: expect.stringMatching(/file has errors now.*Cached templates stay in use/),
      });
      expect(await service.validateTemplate(refund)).toMatchObject({
        valid: false,
        findings: [finding],
      });
      expect((await service.getTemplate(refund)).template.template.description).toBe("before");
    },
  );
});

describe("a file that had an error from the start", () => {
  const broken = { ...refund, name: "broken" };
  const brokenText = templateText("type: nonsense\nsteps: 5", broken);
  const goodText = (description: string): string =>
    templateText(`description: ${description}\nsteps: [{ name: a, handler: { callable: h } }]`);

  async function served() {
    const cwd = await folderWith({ "m.yaml": `${brokenText}---\n${goodText("before")}` });
    const { service } = serve({ source: createYamlFolderSource({ patterns: "*.yaml", cwd }) });
    await service.getTemplate(refund);
    const edit = (text: string): Promise<void> => writeFileIn(cwd, "m.yaml", text);
    const description = async (): Promise<unknown> =>
      (await service.getTemplate(refund)).template.template.description;
    return { service, edit, description };
  }

  it.each([
    ["can no longer be read", `${brokenText}---\n${goodText("afterwards")}steps: [\n`],
    ["breaks that template too", `${brokenText}---\n${templateText("steps: 7")}`],
    ["is emptied", ""],
    ["loses that template", brokenText],
  ])("keeps serving its good template when it %s", async (_what, text) => {
    const { service, edit, description } = await served();
    await edit(text);
    expect(await service.refreshTemplate(refund)).toMatchObject({
      success: false,
      message: expect.stringMatching(/file has errors now.*Cached templates stay in use/),
      cache_stats: { evictions: 0 },
    });
    await edit(`${text}\n`);
    expect(await service.refreshTemplate(refund)).toMatchObject({ success: false });
    expect(await description()).toBe("before");
    await service.clearCache();
    expect(await description()).toBe("before");
    expect(await service.validateTemplate(refund)).toMatchObject({ valid: false });
    await edit(goodText("mended"));
    expect(await service.refreshTemplate(refund)).toMatchObject({ success: true });
    expect(await description()).toBe("mended");
  });

  it("serves a good edit of its good template", async () => {
    const { service, edit, description } = await served();
    await edit(`${brokenText}---\n${goodText("afterwards")}`);
    expect(await service.refreshTemplate(refund)).toMatchObject({ success: true });
    expect(await description()).toBe("afterwards");
  });
});

describe("a source that notices changes", () => {
  it("has its cached templates loaded again", async () => {
    const cwd = await folderWith({ "a.yaml": templateText("description: before\nsteps: []") });
    const clock = createFakeClock();
    const source = createYamlFolderSource({
      patterns: "*.yaml",
      cwd,
      clock,
      watchIntervalMs: 1_000,
    });
    const { service } = serve({ source });
    expect((await service.getTemplate(refund)).template.template.description).toBe("before");
    await writeFileIn(cwd, "a.yaml", templateText("description: afterwards\nsteps: []"));
    await clock.advance(1_000);
    await vi.waitFor(async () =>
      expect((await service.getTemplate(refund)).template.template.description).toBe("afterwards"),
    );
    source.close();
  });

  it("has a refresh swap its entry, which notices the change itself, and leave the others cached", async () => {
    const other = { ...refund, name: "charge" };
    const cwd = await folderWith({
      "a.yaml": templateText("description: before\nsteps: []"),
      "b.yaml": templateText("steps: []", other),
    });
    const { service } = serve({ source: createYamlFolderSource({ patterns: "*.yaml", cwd }) });
    await Promise.all([refund, other].map((identity) => service.getTemplate(identity)));
    await writeFileIn(cwd, "a.yaml", templateText("description: afterwards\nsteps: []"));
    expect(await service.refreshTemplate(refund)).toMatchObject({
      success: true,
      cache_stats: { total_entries: 2, evictions: 0 },
    });
    expect(await service.getTemplate(refund)).toMatchObject({
      cached: true,
      access_count: 2,
      template: { template: { description: "afterwards" } },
    });
  });
});
