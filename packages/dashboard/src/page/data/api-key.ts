const storageName = "tasker-observability.api-key";

/** The key, until the tab is closed. Where the browser keeps nothing, until the page is left. */
let memory: string | null = null;

export function readKey(): string | null {
  try {
    return sessionStorage.getItem(storageName);
  } catch {
    return memory;
  }
}

/** @param key - null forgets it. */
export function keepKey(key: string | null): void {
  memory = key;
  try {
    if (key === null) sessionStorage.removeItem(storageName);
    else sessionStorage.setItem(storageName, key);
  } catch {
    // The browser keeps nothing for this page.
  }
}
