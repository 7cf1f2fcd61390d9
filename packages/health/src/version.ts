import manifest from "../package.json" with { type: "json" };

/** This package's version, which all packages of the project share. */
export const packageVersion: string = manifest.version;
