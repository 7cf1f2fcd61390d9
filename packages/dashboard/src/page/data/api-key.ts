const keptKey = keptInTab("tasker-observability.api-key");

export function readKey(): string | null {
  return keptKey.read();
}

/** @param key - null forgets it. */
export function keepKey(key: string | null): void {
  keptKey.write(key);
}

/** A text that is kept until the tab is closed; where the browser keeps nothing, until the page is left. */
export function keptInTab(name: string) {
  let memory: string | null = null;
  return {
    read(): string | null {
      try {
        return sessionStorage.getItem(name);
      } catch {
        return memory;
      }
    },
    write(text: string | null): void {
      memory = text;
      try {
        if (text === null) sessionStorage.removeItem(name);
        else sessionStorage.setItem(name, text);
      } catch {
        // The browser keeps nothing for this page.
      }
    },
  };
}
