import { readYamlDocuments, type YamlDocument } from "../yaml/yaml-document.js";
import { defaultYamlLimits } from "../yaml/yaml-limits.js";

/** The first document of a text. */
export function read(text: string, limits = defaultYamlLimits): YamlDocument {
  const [document] = readYamlDocuments(text, limits);
  if (document === undefined) throw new Error("There is no document.");
  return document;
}
