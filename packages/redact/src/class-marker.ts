/** Recognizes the instances of a class, even those of another loaded copy of its package. */
export interface ClassMarker<Instance extends object> {
  /** Marks an instance, in the constructor of its class. */
  mark(instance: Instance): void;
  /** Whether a value was marked, by this copy of the package or another. Never throws. */
  isOn(value: unknown): value is Instance;
}

/**
 * Makes the marker of a class. `instanceof` fails between the ESM and the CJS copy of a package; a registered symbol does not.
 *
 * @param name - the name of the class, which no other class of these packages has.
 */
export function createClassMarker<Instance extends object>(name: string): ClassMarker<Instance> {
  const marker = Symbol.for(`@tasker-observability/${name}`);
  return {
    mark: (instance) => void Object.defineProperty(instance, marker, { value: true }),
    isOn: (value): value is Instance => {
      try {
        return (
          typeof value === "object" &&
          value !== null &&
          (value as Readonly<Record<symbol, unknown>>)[marker] === true
        );
      } catch {
        return false;
      }
    },
  };
}
