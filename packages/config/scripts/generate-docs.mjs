// Writes docs/configuration.md and docs/configuration.schema.json from the schema. Build the package first.
import { writeFileSync } from "node:fs";
import { renderConfigurationReference, renderConfigurationSchema } from "../dist/index.js";

const docs = new URL("../../../docs/", import.meta.url);
writeFileSync(new URL("configuration.md", docs), renderConfigurationReference());
writeFileSync(new URL("configuration.schema.json", docs), renderConfigurationSchema());
