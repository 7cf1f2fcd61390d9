import { render } from "preact";
import { App } from "./app.js";
import { Recorder } from "./data/recorder.js";
import { WorkerConnection } from "./data/worker-connection.js";
import { PageContext } from "./page-context.js";

const root = document.getElementById("page");
if (root === null) throw new Error("The page has lost its root.");
const connection = new WorkerConnection();
const page = { connection, recorder: new Recorder(connection) };
render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  root,
);
