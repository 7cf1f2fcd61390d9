import { ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";
import { PodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";

/** What every manifest has. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

const kinds = [Deployment, PodDisruptionBudget, PodMonitor, ScaledObject];

/** What is wrong with a manifest by the schema of its kind, with the names that the schema does not have. */
export function validateManifest(manifest: Manifest): readonly string[] {
  const model = kinds.find(({ is }) => is(manifest));
  if (model === undefined) return [`There is no schema of ${manifest.apiVersion} ${manifest.kind}`];
  const readings = new Map<object, Set<PropertyKey>>();
  try {
    Reflect.apply(Reflect.get(model.prototype, "validate"), watch(manifest, readings), []);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return unreadNames(manifest, readings);
}

/** The validators are compiled, and let unknown names pass. They read all that they know. */
function watch<T extends object>(value: T, readings: Map<object, Set<PropertyKey>>): T {
  const read = readings.get(value) ?? new Set();
  readings.set(value, read);
  return new Proxy(value, {
    get(target, name) {
      read.add(name);
      const child: unknown = Reflect.get(target, name);
      return typeof child === "object" && child !== null ? watch(child, readings) : child;
    },
    ownKeys(target) {
      const names = Reflect.ownKeys(target);
      for (const name of names) read.add(name);
      return names;
    },
  });
}

function unreadNames(
  value: unknown,
  readings: ReadonlyMap<object, ReadonlySet<PropertyKey>>,
  path = "",
): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const place = `${path}/${name}`;
    return readings.get(value)?.has(name) === true
      ? unreadNames(child, readings, place)
      : [`${place} is unknown`];
  });
}
