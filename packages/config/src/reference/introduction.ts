/** The text before the tables of the reference. */
export const introduction = `# Configuration

<!-- Written by npm run generate from the schema. Change the schema, not this page. -->

A worker is configured by TOML files. \`tasker-observability config check\` validates them, and \`tasker-observability config show\` prints what they come to, secrets masked, with the origin of each value. For another program both take \`--json\`:

- \`config check --json\`: \`{ valid, environment, problems: [{ path, variable, file, message }], notices, unknown_keys: [{ path, hint }], unused_keys }\`, of one shape whether the configuration is valid (exit code 0) or not (1); only a valid one has an \`environment\` that is not null, and entries in the last three lists;
- \`config show --json\`: \`{ environment, values: [{ path, value, origin: { source, file, variables } }], redacted_fields }\`, with \`origin\` null where the key itself was masked; problems are reported on standard error alone, with exit code 1.

Editors complete and check keys with [configuration.schema.json](configuration.schema.json).

## Files

In the folder \`TASKER_CONFIG_ROOT\` (default \`config/tasker\`), in this order, later files over earlier ones:

1. \`base/common.toml\`, \`base/worker.toml\`
2. \`environments/<environment>/common.toml\`, \`environments/<environment>/worker.toml\`

Each is a file of UTF-8 text, of at most 1 MiB; each may be missing, but for one of the first two; one that is there and cannot be read, a link to nowhere or a closed folder, is a problem. Tables are merged; everything else, lists too, is replaced. \`TASKER_CONFIG_PATH\` names one complete file instead and wins; it may be a pipe, as in \`TASKER_CONFIG_PATH=<(sops -d worker.toml)\`, that brings something at least every 10 s.

\`TASKER_TEMPLATE_PATH\`, a folder or a file of templates, wins over \`common.task_templates.search_paths\`. Tables named \`_docs\`, or ending so, are documentation, and left out.

Without a folder \`config/tasker\`, and where no other place is named, the defaults apply, with the database of \`DATABASE_URL\`; the log says so.

The environment is \`TASKER_ENV\`, else \`common.execution.environment\` of the base files, else \`development\`.

## Variables

\`\${NAME}\` and \`\${NAME:-default}\` are expanded in every text, not in keys. As in a shell, the default also stands in for an empty variable. A variable without value and default is a problem, and a notice under a key that the worker does not read. What a variable contains is not expanded again, and there is no nesting. A number or boolean that comes from a variable is written in quotes: \`batch_size = "\${BATCH_SIZE:-20}"\`.

## Problems

All problems are reported at once, each with its key, file and variable, never with a value; the worker does not start. Other keys are kept and have no effect: \`config check\` lists them, with the key that may be meant, and counts Tasker's own. One that reads like access control and has no effect is a problem (\`[worker.web.atuh]\`, \`[web.auth]\`, \`worker.api_keys\`, an unknown key in \`[worker.web.auth]\` or \`[worker.web.endpoints]\`), unless its table says \`enabled = false\`. \`__proto__\` is refused as a key.

## Secrets

\`config_runtime\`, \`GET /config\` and \`config show --json\` answer the configuration with its secrets masked as \`***REDACTED***\`, and list their paths; \`config show\` prints it so. A value is masked

- under a key whose words say that it is secret (\`password\`, \`client_secret\`, \`apiKeys\`, \`connectionString\`…), and with it every text and number below that key; booleans, null and empty texts stay;
- when it looks like a secret: credentials in a URL (host and path stay), a password in a connection string, a PEM block, a JSON web token, \`Bearer …\`, \`Basic …\`, tokens of well-known services, also inside of JSON texts; a \`description\` loses the secret alone, any other text goes whole;
- when a secret of at least 8 characters that was found elsewhere is in it, with or without the blanks and line breaks around it.

Not recognized: a secret under an innocent key that looks like any other word, and one that is encoded, such as a connection string in base64.

## Authentication

\`[worker.web.auth]\` is applied whole or the worker does not start: \`enabled = true\` needs a key, and keys need \`enabled\` to be said.

\`\`\`toml
[worker.web.auth]
enabled = true
api_keys = [{ name = "grafana", key = "\${GRAFANA_KEY}", rights = ["read"] }]
\`\`\`

Keys in Tasker's form work: \`description\` names the key where \`name\` is left out, and \`permissions\` are its rights: \`worker:config_read\` together with \`worker:templates_read\` is \`read\`, \`worker:*\` is \`read\` and \`write\`. Any other permission is rejected by name, also one of the two alone: \`read\` grants more.`;
