import manifest from "../package.json" with { type: "json" };

/** The version of these packages, as a worker reports it. */
export const packageVersion: string = manifest.version;
