import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { validateDist } from "../scripts/validate-dist.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const manifest = {
  version: "1.2.3",
  main: "./dist/index.cjs",
  types: "./dist/index.d.cts",
  exports: {
    ".": {
      import: { types: "./dist/index.d.ts", default: "./dist/index.js" },
      require: { types: "./dist/index.d.cts", default: "./dist/index.cjs" },
    },
  },
  bin: { tool: "./bin/tool.js" },
};
const files = [
  "dist/index.cjs",
  "dist/index.d.cts",
  "dist/index.d.ts",
  "dist/index.js",
  "bin/tool.js",
];

function packageWith(present: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "dist-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  for (const file of present) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), "");
  }
  return folder;
}

describe("validateDist", () => {
  it("finds none in a dist that has all files and was built from what is there", () => {
    expect(validateDist(packageWith(files), true)).toEqual([]);
  });

  it("names the types that a build for tests leaves out", () => {
    const withoutTypes = files.filter((file) => !file.includes(".d."));
    expect(validateDist(packageWith(withoutTypes), true)).toEqual([
      "./dist/index.d.cts is missing.",
      "./dist/index.d.ts is missing.",
    ]);
  });

  it("names a dist of other sources or of another version", () => {
    expect(validateDist(packageWith(files), false)).toEqual([
      "dist was built from other sources, or for another version than 1.2.3.",
    ]);
  });
});

interface Manifest {
  readonly private?: boolean;
}

const manifests = readdirSync(join(root, "packages"))
  .filter((name) => existsSync(join(root, "packages", name, "package.json")))
  .map((name) => {
    const text = readFileSync(join(root, "packages", name, "package.json"), "utf8");
    return { name, manifest: JSON.parse(text) as Manifest };
  })
  .filter((each) => each.manifest.private !== true);

it.each(manifests)(
  "packages/$name is published with its links, its changelog and a checked dist",
  ({ name, manifest: own }) => {
    const url = "https://github.com/tasker-systems/tasker-observability-ts";
    expect(own).toMatchObject({
      homepage: `${url}/tree/main/packages/${name}#readme`,
      bugs: { url: `${url}/issues` },
      repository: { directory: `packages/${name}` },
      files: expect.arrayContaining([expect.stringMatching(/^dist/), "CHANGELOG.md"]),
      scripts: { prepublishOnly: "node ../../scripts/check-dist.mjs" },
    });
  },
);
