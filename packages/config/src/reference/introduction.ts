/** The text before the tables of the reference. */
export const introduction = `# Configuration

<!-- Written by npm run generate from the schema. Change the schema, not this page. -->

A worker reads TOML files. \`tasker-observability config check\` validates them. \`tasker-observability config show\` prints the resulting values with their origins, secrets masked. Both take \`--json\`:

- \`config check --json\` prints \`{ valid, environment, problems: [{ path, variable, file, message }], notices, unknown_keys: [{ path, hint }], unused_keys }\`. The exit code is 0 if the configuration is valid, else 1. If it is not valid, \`environment\` is null and the last three lists are empty.
- \`config show --json\` prints \`{ environment, values: [{ path, value, origin: { source, file, variables } }], redacted_fields }\`. \`origin\` is null if the key itself was masked. Problems go to standard error, with exit code 1.

Editors complete and check keys with [configuration.schema.json](configuration.schema.json).

## Files

The worker reads these files in the folder \`TASKER_CONFIG_ROOT\` (default \`config/tasker\`). Later files override earlier ones:

1. \`base/common.toml\`, \`base/worker.toml\`
2. \`environments/<environment>/common.toml\`, \`environments/<environment>/worker.toml\`

At least one of the first two must exist. Each is UTF-8 text of at most 1 MiB. A file that exists but cannot be read, such as a broken link or a file in a closed folder, is a problem. Tables are merged; everything else, lists too, is replaced.

\`TASKER_CONFIG_PATH\` names one complete file to use instead. It may be a pipe that delivers data at least every 10 s, as in \`TASKER_CONFIG_PATH=<(sops -d worker.toml)\`.

\`TASKER_TEMPLATE_PATH\`, a folder or file of templates, overrides \`common.task_templates.search_paths\`. Tables whose names are \`_docs\` or end in \`_docs\` are documentation; the worker ignores them.

If no folder \`config/tasker\` exists and no variable names another place, the worker uses the defaults and the database of \`DATABASE_URL\`, and logs that.

The environment is \`TASKER_ENV\`, else \`common.execution.environment\` of the base files, else \`development\`.

## Variables

\`\${NAME}\` and \`\${NAME:-default}\` are expanded in every text, but not in keys. As in a shell, the default also replaces an empty variable. A missing variable without a default is a problem, or only a notice under a key that the worker does not read. The contents of a variable are not expanded again, and variables cannot be nested. Put quotes around a number or boolean that comes from a variable: \`batch_size = "\${BATCH_SIZE:-20}"\`.

## Problems

\`config check\` and the start report all problems at once, each with its key, file and variable, never with a value. A worker with a problem does not start.

Unknown keys have no effect: \`config check\` lists them, each with the key that you may mean, and counts Tasker's own. But an unknown key that looks like access control is a problem, unless its table has \`enabled = false\`. Examples are \`[worker.web.atuh]\`, \`[web.auth]\`, \`worker.api_keys\`, and an unknown key in \`[worker.web.auth]\` or \`[worker.web.endpoints]\`. The key \`__proto__\` is always a problem.

## Secrets

\`config_runtime\`, \`GET /config\` and \`config show\` mask secrets as \`***REDACTED***\`. The first two, and \`config show --json\`, list their paths. A value is masked

- if its key is a word for a secret (\`password\`, \`client_secret\`, \`apiKeys\`, \`connectionString\`…): every text and number below that key. Booleans, null and empty texts stay.
- if it looks like a secret: credentials in a URL (host and path stay), a password in a connection string, a PEM block, a JSON web token, \`Bearer …\`, \`Basic …\`, or a token of a well-known service, also inside JSON texts. In a \`description\`, only the secret is masked; any other text is masked whole.
- if it contains a secret of at least 8 characters that was found elsewhere, with or without surrounding blanks and line breaks.

A secret that looks like an ordinary word under a harmless key is not recognized, nor is an encoded one, such as a connection string in base64. [What is masked, and what is not](redaction.md) has the details.

## Authentication

If the worker cannot apply all of \`[worker.web.auth]\`, it does not start. \`enabled = true\` needs at least one key, and a table with keys needs \`enabled\`.

\`\`\`toml
[worker.web.auth]
enabled = true
api_keys = [{ name = "grafana", key = "\${GRAFANA_KEY}", rights = ["read"] }]
\`\`\`

Keys in Tasker's form work: \`description\` stands in for a missing \`name\`, and \`permissions\` become rights. \`worker:config_read\` together with \`worker:templates_read\` is \`read\`; \`worker:*\` is \`read\` and \`write\`. Any other permission is a problem, and so is one of the two alone, because \`read\` grants more.`;
