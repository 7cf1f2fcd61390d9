import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { hashOf, type Route } from "./data/route.js";
import { useConnection, useRoute } from "./page-context.js";
import { KeyForm } from "./parts/key-form.js";
import { WorkerHeader } from "./parts/worker-header.js";
import { ChecksView } from "./views/checks-view.js";
import { ConfigurationView } from "./views/configuration-view.js";
import { DeadLettersView } from "./views/dead-letters-view.js";
import { EventsView } from "./views/events-view.js";
import { FleetView } from "./views/fleet-view.js";
import { OverviewView } from "./views/overview-view.js";
import { QueuesView } from "./views/queues-view.js";
import { StepsView } from "./views/steps-view.js";
import { TemplateView } from "./views/template-view.js";
import { TemplatesView } from "./views/templates-view.js";

/** What every view is given. */
export interface ViewProps {
  readonly route: Route;
}

const views: readonly (readonly [
  name: string,
  title: string,
  View: (props: ViewProps) => JSX.Element,
])[] = [
  ["", "Overview", OverviewView],
  ["checks", "Checks", ChecksView],
  ["queues", "Queues", QueuesView],
  ["steps", "Steps", StepsView],
  ["dead-letters", "Dead letters", DeadLettersView],
  ["templates", "Templates", TemplatesView],
  ["configuration", "Configuration", ConfigurationView],
  ["events", "Events", EventsView],
  ["fleet", "Fleet", FleetView],
];

export function App() {
  const route = useRoute();
  const { key } = useConnection();
  const [name = ""] = route.segments;
  const heading = useHeadingFocus(route.segments.join("/"));
  const [, title, View] = views.find(([each]) => each === name) ?? ["", "No such view", NoView];
  const Shown = route.segments.length === 4 && name === "templates" ? TemplateView : View;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => skipTo(event, heading.current)}>
        Skip to the view
      </a>
      <WorkerHeader />
      <div class="body">
        <Navigation current={name} />
        <main id="main">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {key === "asked" || key === "refused" ? (
            <KeyForm isRefused={key === "refused"} />
          ) : (
            <Shown key={route.segments.join("/")} route={route} />
          )}
        </main>
      </div>
    </>
  );
}

function Navigation({ current }: { readonly current: string }) {
  const list = useRef<HTMLElement>(null);
  // On a narrow screen the list is wider than the window.
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <nav class="views" aria-label="Views" ref={list}>
      <ul>
        {views.map(([name, title]) => (
          <li key={name}>
            <a
              href={hashOf(name === "" ? [] : [name])}
              aria-current={name === current ? "page" : undefined}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function NoView() {
  return (
    <p class="empty">
      This page has no such view. <a href="#/">Go to the overview.</a>
    </p>
  );
}

/** Has a screen reader say where a link led, as a new page would. */
function useHeadingFocus(place: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else heading.current?.focus();
  }, [place]);
  return heading;
}

/** The part of the URL after `#` is the view's, so the link does not lead there by itself. */
function skipTo(event: Event, heading: HTMLElement | null): void {
  event.preventDefault();
  heading?.focus();
}
