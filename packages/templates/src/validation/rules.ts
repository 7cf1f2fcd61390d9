import { aliasesRule } from "./rules/aliases-rule.js";
import { batchConfigRule } from "./rules/batch-config-rule.js";
import { batchWorkerRule } from "./rules/batch-worker-rule.js";
import { cyclesRule } from "./rules/cycles-rule.js";
import { decisionRule } from "./rules/decision-rule.js";
import { dependenciesRule } from "./rules/dependencies-rule.js";
import { eventNamesRule } from "./rules/event-names-rule.js";
import { eventSchemasRule } from "./rules/event-schemas-rule.js";
import { handlersRule } from "./rules/handlers-rule.js";
import { identityRule } from "./rules/identity-rule.js";
import { inputSchemaRule } from "./rules/input-schema-rule.js";
import { overridesRule } from "./rules/overrides-rule.js";
import { reachabilityRule } from "./rules/reachability-rule.js";
import { resultSchemasRule } from "./rules/result-schemas-rule.js";
import { retryRule } from "./rules/retry-rule.js";
import { stepNamesRule } from "./rules/step-names-rule.js";
import { supportedNamespaceRule } from "./rules/supported-namespace-rule.js";
import { timeoutRule } from "./rules/timeout-rule.js";
import type { Rule } from "./subject.js";

/** Every rule that validates a template. */
export const rules: readonly Rule[] = [
  identityRule,
  supportedNamespaceRule,
  inputSchemaRule,
  stepNamesRule,
  aliasesRule,
  dependenciesRule,
  cyclesRule,
  reachabilityRule,
  handlersRule,
  retryRule,
  timeoutRule,
  batchConfigRule,
  batchWorkerRule,
  decisionRule,
  eventNamesRule,
  eventSchemasRule,
  resultSchemasRule,
  overridesRule,
];
