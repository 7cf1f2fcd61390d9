// npm run release: gives all packages their next version, builds, checks, and publishes them. Needs Node and npm, and the
// right to publish. After a failure, run it again: what is done is not done twice.
import { fileURLToPath } from "node:url";
import { releaseSteps } from "./release/steps.mjs";

const steps = releaseSteps(fileURLToPath(new URL("..", import.meta.url)));
await steps.bump();
await steps.build();
await steps.check();
await steps.publish("--access", "public", ...process.argv.slice(2));
console.log(`Published ${steps.version()}. Next: git push --follow-tags`);
