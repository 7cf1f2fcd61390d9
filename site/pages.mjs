/** @typedef {{ title: string, file: string, path: string }} Page - a file of the repository, and where the site has it. */

const page = (title, file, path = file.replace(/^docs\//, "").replace(/\.md$/, "")) => ({
  title,
  file,
  path,
});
/** One that `generate` makes when the site is built. */
const made = (title, path) => ({ title, file: null, path });

/** The site's parts in the order of its sidebar. What stands in none of them is not on the site. */
export const sections = [
  {
    title: "Start",
    pages: [
      page("A first worker", "docs/first-worker.md"),
      page("Health only", "examples/health-only/README.md", "start/health-only"),
      page("Everything in process", "examples/facade/README.md", "start/facade"),
      page("An Express application", "examples/express-app/README.md", "start/express"),
      page("Concepts", "docs/concepts.md"),
    ],
  },
  {
    title: "How to",
    pages: [
      page("Operate a worker", "docs/operations.md"),
      page("Run without HTTP", "docs/library-deployment-patterns.md"),
      page("Deploy", "examples/deployment/README.md", "how-to/deploy"),
      page("Kubernetes without ports", "docs/how-to/kubernetes-without-ports.md"),
      page("PgBouncer", "docs/how-to/pgbouncer.md"),
      page("Rolling deploys", "docs/how-to/rolling-deploys.md"),
      page("Dead letters", "docs/how-to/dead-letters.md"),
      page("Checks of your own", "docs/how-to/own-checks.md"),
      page("Metrics of your own", "docs/how-to/own-metrics.md"),
      page("Troubleshooting", "docs/troubleshooting.md"),
      page("Upgrade", "docs/upgrade.md"),
    ],
  },
  {
    title: "Reference",
    pages: [
      made("Operations and endpoints", "reference/operations"),
      page("Metrics", "docs/prometheus/README.md", "reference/metrics"),
      page("Configuration", "docs/configuration.md", "reference/configuration"),
      page("Errors", "docs/errors.md", "reference/errors"),
      made("Templates", "reference/templates"),
      page("Messages", "docs/step-message.md", "reference/step-message"),
      made("Command line", "reference/command-line"),
      page("What is masked", "docs/redaction.md", "reference/redaction"),
      page("Ruby", "docs/ruby-api.md", "reference/ruby"),
      made("API", "reference/api/"),
    ],
  },
  {
    title: "Packages",
    pages: [
      ...["health", "metrics", "templates", "config", "http-express", "ffi-bridge", "cli"],
      ...["worker", "producer", "postgres", "pgmq", "core", "redact", "dev-postgres"],
    ].map((name) => page(name, `packages/${name}/README.md`, `packages/${name}`)),
  },
  {
    title: "Background",
    pages: [
      page("Compared with others", "docs/comparison.md"),
      page("Numbers", "docs/numbers.md"),
      page("Differences from Tasker's worker", "docs/differences.md"),
      page("Architecture", "docs/architecture.md"),
      page("Glossary", "docs/glossary.md"),
    ],
  },
];

/** The pages that are files of the repository. */
export const filed = sections.flatMap(({ pages }) => pages).filter(({ file }) => file !== null);
