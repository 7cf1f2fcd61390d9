import { builtinModules } from "node:module";
import { readFileSync } from "node:fs";
import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

const scope = "@tasker-observability";
const tests = [
  "packages/*/src/**/*.test.ts",
  "packages/*/src/testing/**/*.ts",
  "packages/testkit/**/*.ts",
  "tests/**/*.ts",
  "vitest.config.ts",
];

/** Who may import whom (docs/architecture.md). Arrows point up; everything not listed is refused. */
export const layers = {
  redact: [],
  core: ["redact"],
  postgres: ["core"],
  pgmq: ["core", "postgres"],
  producer: ["core", "postgres"],
  "dev-postgres": ["core", "redact"],
  health: ["core", "redact", "postgres"],
  metrics: ["core", "redact"],
  templates: ["core", "redact"],
  config: ["core", "redact"],
  work: ["core"],
  fleet: ["core", "postgres"],
  "http-express": ["core", "redact"],
  "ffi-bridge": ["core", "redact", "config/files"],
  dashboard: [],
  cli: ["core", "redact", "templates", "config"],
  worker: [
    "redact",
    "core",
    "postgres",
    "pgmq",
    "producer",
    "dev-postgres",
    "health",
    "metrics",
    "templates",
    "config",
    "work",
    "fleet",
    "http-express",
    "ffi-bridge",
    "dashboard",
  ],
};

/** Packages that run in browsers and edge runtimes too, and the modules of Node's that they may import all the same. */
const portable = {
  redact: [],
  core: [],
  postgres: [],
  health: [],
  metrics: ["buffer", "http", "https", "perf_hooks"],
};

/** No module of Node's, by whatever name, but the allowed ones. */
function portabilityPatterns(name) {
  const allowed = portable[name];
  if (allowed === undefined) return [];
  const refused = builtinModules.filter((module) => !allowed.includes(module.replace("node:", "")));
  return [
    {
      regex: `^(?:node:(?!(?:${["$^", ...allowed].join("|")})$)|(?:${refused.join("|")})(?:/|$))`,
      message: `${name} runs without Node: move what needs Node to the package that uses it.`,
    },
  ];
}

/** An entry of health's own, for Node, which the rest of health does not import. */
const checksForNode = "packages/health/src/ready-made/**/*.ts";

const layerRules = Object.entries(layers).map(([name, allowed]) => ({
  files: [`packages/${name}/src/**/*.ts`],
  ignores: [...tests, checksForNode],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            // Every workspace package but the allowed ones, with their subpaths.
            regex: `^${scope}/(?!(?:${["$^", ...allowed].join("|")})(?:/|$))`,
            message: `${name} may import ${allowed.length > 0 ? allowed.join(", ") : "no other package"}: see docs/architecture.md.`,
          },
          ...portabilityPatterns(name),
          {
            group: ["**/packages/**", "../../*/src/**"],
            message: "Import other packages by name.",
          },
          {
            group: ["**/ready-made/*"],
            message: "These checks need Node: @tasker-observability/health/checks exports them.",
          },
        ],
      },
    ],
  },
}));

/**
 * The folders of the worker, and what each may import: only folders above it, so that no circle is possible.
 * The folders that are not listed (`bootstrap`, `command`, …) put these together, and none of these imports them.
 */
export const workerFolders = {
  queues: [],
  claiming: ["queues"],
  "notification-listener": ["queues", "claiming"],
  settling: ["queues", "claiming"],
  running: ["queues", "claiming", "settling"],
  events: ["queues", "settling", "running"],
  engine: ["queues", "claiming", "notification-listener", "settling", "running"],
  watchdogs: [],
  options: ["running", "events"],
  console: ["options/setting-names.ts"],
  "dead-letters": ["queues", "console"],
  init: ["console"],
  sending: ["queues", "console"],
  notifications: ["queues", "console"],
  database: ["queues", "notification-listener", "options", "worker-start-error.ts"],
  preparation: ["queues", "notifications", "database", "options", "worker-start-error.ts"],
  templates: ["queues", "settling", "running", "options"],
  transports: ["events", "options", "worker-start-error.ts"],
};

const workerSource = "./packages/worker/src";
const folderRules = Object.entries(workerFolders).map(([folder, allowed]) => ({
  files: [`${workerSource.slice(2)}/${folder}/**/*.ts`],
  ignores: tests,
  rules: {
    "import/no-restricted-paths": [
      "error",
      {
        zones: [
          {
            target: `${workerSource}/${folder}`,
            from: workerSource,
            except: [folder, ...allowed].map((name) => `./${name}`),
            message: `${folder} may import ${allowed.length > 0 ? allowed.join(", ") : "nothing else"}: see workerFolders in eslint.config.js.`,
          },
        ],
      },
    ],
  },
}));

/** Metaphors and coined words that once stood for a term of the field. Single words are in spelling/retired-words.txt. */
const retiredNames = readFileSync(new URL("spelling/retired-names.txt", import.meta.url), "utf8")
  .match(/^[^#\n].*/gm)
  .map((name) =>
    name.replaceAll(/(^|\|)([a-z])/g, (_, bar, first) => `${bar}[${first}${first.toUpperCase()}]`),
  );
const restrictedNames = {
  selector: `:matches(Identifier, PrivateIdentifier)[name=/^(?:${retiredNames.join("|")})$/]`,
  message: "Use the field's term: see docs/glossary.md.",
};

/** Node collects a time-out that only `AbortSignal.any` refers to: what waits for it waits for ever. */
const restrictedSignals = {
  selector:
    "MemberExpression:matches([object.name='AbortSignal'], [object.property.name='AbortSignal']):matches([property.name='any'], [property.value='any'])",
  message:
    "AbortSignal.any loses an AbortSignal.timeout among its sources to the garbage collector: abort a controller of your own, as withDeadline does.",
};

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "**/coverage/**", "clients/**"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { import: importX },
    settings: {
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/resolver-next": [createNodeResolver({ extensionAlias: { ".js": [".ts", ".js"] } })],
      // One file of compiled code, too deep for the parser.
      "import-x/ignore": ["/@electric-sql/pglite/"],
    },
    rules: {
      "import/no-cycle": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-indexed-object-style": "off",
      // Operations, checks and sources are promise-returning by contract, even where they have nothing to await.
      "@typescript-eslint/require-await": "off",
      "no-console": "error",
      "max-lines": ["error", 250],
      "max-lines-per-function": ["error", 60],
      "no-restricted-syntax": [
        "error",
        { selector: "TSEnumDeclaration", message: "Use a union of string literals." },
        { selector: "ExportDefaultDeclaration", message: "Use named exports." },
        { selector: "TSParameterProperty", message: "Declare the field." },
        restrictedSignals,
        restrictedNames,
      ],
    },
  },
  {
    files: ["packages/*/src/**/*.ts"],
    ignores: [
      ...tests,
      "packages/config/**",
      "packages/cli/**",
      "packages/**/bin/**",
      "packages/**/command/**",
    ],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "Only config and the commands read the environment.",
        },
      ],
    },
  },
  {
    // The page runs in browsers, and has no module but its own, Preact and uPlot.
    files: ["packages/dashboard/src/page/**/*.{ts,tsx}"],
    ignores: tests,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(?!\\.\\.?/|preact(?:/|$)|uplot$)",
              message: "The page is built of its own modules, Preact and uPlot.",
            },
          ],
        },
      ],
    },
  },
  ...layerRules,
  {
    files: ["packages/{redact,core,postgres,health}/src/**/*.ts"],
    ignores: [...tests, checksForNode],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "Buffer", message: "Only Node has it: use Uint8Array, TextEncoder or atob." },
        { name: "process", message: "Only Node has it: take what you need as an option." },
      ],
    },
  },
  ...folderRules,
  {
    // The facade is the one composition root that knows the services by name.
    files: [
      "packages/ffi-bridge/src/observability.ts",
      "packages/ffi-bridge/src/observability-options.ts",
      "packages/ffi-bridge/src/observability-methods.ts",
    ],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: `^${scope}/(?!(?:core|redact|health|metrics|templates|config|work)(?:/|$))`,
              message: "The facade composes the services, and knows no other transport.",
            },
          ],
        },
      ],
    },
  },
  {
    files: tests,
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
  {
    // A `describe` contains its tests, however many they are.
    files: ["**/*.test.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    files: ["**/*.config.ts", "**/*.config.js"],
    rules: { "no-restricted-syntax": ["error", restrictedSignals] },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    rules: { "no-restricted-syntax": ["error", restrictedSignals, restrictedNames] },
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        fetch: "readonly",
        performance: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        Buffer: "readonly",
        AbortController: "readonly",
        AbortSignal: "readonly",
      },
    },
  },
);
