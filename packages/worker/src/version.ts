import manifest from "../package.json" with { type: "json" };

/** This package's version, as the worker reports it. */
export const packageVersion: string = manifest.version;
