import { useState } from "preact/hooks";
import { usePage } from "../page-context.js";

/** Asks for the key of a worker that wants one. */
export function KeyForm({ isRefused }: { readonly isRefused: boolean }) {
  const { connection } = usePage();
  const [key, setKey] = useState("");
  const submit = (event: Event): void => {
    event.preventDefault();
    if (key.trim() !== "") connection.useKey(key.trim());
  };
  return (
    <form class="key-form" onSubmit={submit}>
      <p id="key-help">
        This worker answers callers that have an API key. The key stays in this tab until you close
        it, and is sent to this worker only.
      </p>
      <label for="api-key">API key</label>
      <div class="row">
        <input
          id="api-key"
          type="password"
          autocomplete="off"
          value={key}
          required
          aria-describedby={isRefused ? "key-refused key-help" : "key-help"}
          aria-invalid={isRefused}
          onInput={({ currentTarget }) => setKey(currentTarget.value)}
        />
        <button type="submit" class="primary">
          Use this key
        </button>
      </div>
      {isRefused && (
        <p id="key-refused" role="alert" class="problem">
          The worker refused this key.
        </p>
      )}
    </form>
  );
}
