import { createContext } from "preact";
import { useCallback, useContext, useEffect, useReducer, useState } from "preact/hooks";
import { pollMs, type Recorder } from "./data/recorder.js";
import { type Outcome } from "./data/problem.js";
import { parseRoute, type Route } from "./data/route.js";
import type { Snapshot } from "./data/resource.js";
import type { ConnectionState, WorkerConnection } from "./data/worker-connection.js";

/** What all views share. */
export interface Page {
  readonly connection: WorkerConnection;
  readonly recorder: Recorder;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error("There is no PageContext around this.");
  return page;
}

/** The last answer to a path, asked for again while the view is open. */
export function useAnswer<T>(
  path: string,
  everyMs = pollMs,
): Snapshot<T> & { readonly refresh: () => void } {
  const { connection } = usePage();
  const render = useRender();
  const resource = connection.resource<T>(path);
  useEffect(() => resource.watch(render, everyMs), [resource, everyMs]);
  return { ...resource.snapshot, refresh: () => resource.refresh() };
}

export function useConnection(): ConnectionState {
  const { connection } = usePage();
  const render = useRender();
  useEffect(() => connection.watch(render), [connection]);
  return connection.state;
}

/** Now, by this browser's clock; again every second, so that ages grow. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

function useRender(): () => void {
  const [, count] = useReducer((renders: number) => renders + 1, 0);
  // A reducer's dispatch wants an action.
  return useCallback(() => count(undefined as never), []);
}

/** The outcome of the last call of a kind that a person starts. */
export function useCall<T>(): {
  readonly outcome: Outcome<T> | null;
  readonly isCalling: boolean;
  readonly start: (call: () => Promise<Outcome<T>>) => void;
} {
  const [outcome, setOutcome] = useState<Outcome<T> | null>(null);
  const [isCalling, setCalling] = useState(false);
  return {
    outcome,
    isCalling,
    start(call) {
      setCalling(true);
      void call().then((answered) => {
        setOutcome(answered);
        setCalling(false);
      });
    },
  };
}
