import * as z from "zod";

/** The identity of a template. */
export const templateIdentitySchema = z.strictObject({
  namespace: z.string().min(1).max(255).describe("Namespace of the template."),
  name: z.string().min(1).max(255).describe("Name of the template within its namespace."),
  version: z.string().min(1).max(64).describe("Version of the template, a semantic version."),
});

/** The identity of a template. */
export type TemplateIdentity = Readonly<z.infer<typeof templateIdentitySchema>>;

/**
 * Whether every client can request this name: HTTP clients resolve the segments `.` and `..`, cannot write lone
 * surrogates, and longer names are rejected.
 */
export function isAddressable(identity: TemplateIdentity): boolean {
  return (
    templateIdentitySchema.safeParse(identity).success &&
    Object.values(identity).every((part) => !/^\.\.?$/.test(part) && !/\p{Surrogate}/u.test(part))
  );
}

/** Whether a value has the three strings of an identity and nothing else: cheaper than the schema, which checks their lengths too. */
export function hasIdentityShape(value: unknown): value is TemplateIdentity {
  if (typeof value !== "object" || value === null) return false;
  const { namespace, name, version } = value as Partial<Record<keyof TemplateIdentity, unknown>>;
  return (
    typeof namespace === "string" &&
    typeof name === "string" &&
    typeof version === "string" &&
    Object.keys(value).length === 3
  );
}

/** One string per identity: the key of caches and indexes. The lengths keep `a` + `bc` and `ab` + `c` apart. */
export function toTemplateKey({ namespace, name, version }: TemplateIdentity): string {
  return `${namespace.length}.${name.length}.${namespace}${name}${version}`;
}

/** The identity as people read it: `payments/refund 1.0.0`. */
export function formatIdentity(identity: TemplateIdentity): string {
  return `${identity.namespace}/${identity.name} ${identity.version}`;
}
