import { fileURLToPath } from "node:url";
import { publicEntries } from "../scripts/public-entries.mjs";

/** One page for each entry of a package. */
export default {
  plugin: ["typedoc-plugin-markdown"],
  entryPoints: publicEntries()
    .filter(({ isPrivate }) => !isPrivate)
    .map(({ source }) => source),
  tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)),
  basePath: fileURLToPath(new URL("..", import.meta.url)),
  out: fileURLToPath(new URL(".pages/reference/api", import.meta.url)),
  router: "module",
  entryFileName: "index",
  readme: "none",
  name: "API",
  excludeInternal: true,
  skipErrorChecking: true,
  disableSources: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  logLevel: "Warn",
};
