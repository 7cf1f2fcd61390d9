#!/usr/bin/env bash
# check-fixtures.sh <folder>: the command line over real templates and configuration, which nobody wrote for us.
set -euo pipefail
folder=$(cd "$1" && pwd)
command=(node packages/cli/bin/tasker-observability.cjs)
report=$(mktemp)
trap 'rm -f "$report"' EXIT

# A problem that a template really has is a finding (exit 1); a file that is not read, or half, is a failure.
"${command[@]}" templates validate "$folder/templates/**/*.{yml,yaml}" --json >"$report" || [ $? -eq 1 ]
node -e '
  const report = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  const files = require("node:fs").readdirSync(process.argv[2]).length;
  if (report.file_count !== files) throw new Error(`${report.file_count} of ${files} template files were read`);
  for (const { severity, code, file, line, message } of report.findings) console.log(`${severity} ${code} ${file}:${line} ${message}`);
  console.log(`templates: all ${files} files read, ${report.template_count} templates`);
' "$report" "$folder/templates"

# Every key of every file, as the YAML and TOML libraries alone read it, against what is loaded, answered and shown.
TEMPLATE_FIXTURES="$folder/templates" CONFIG_FIXTURES="$folder/config" npx vitest run every-key

for environment in development production test; do
  TASKER_CONFIG_ROOT="$folder/config" "${command[@]}" config check --env "$environment"
  TASKER_CONFIG_ROOT="$folder/config" "${command[@]}" config show --env "$environment" >/dev/null
done
