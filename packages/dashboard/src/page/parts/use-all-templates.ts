import { useEffect, useState } from "preact/hooks";
import type { TemplateList, TemplateSummary } from "../data/answers.js";
import { get } from "../data/client.js";

/** The first page, and the others as they come: each has a thousand. */
export function useAllTemplates(first: TemplateList | null): readonly TemplateSummary[] {
  const [others, setOthers] = useState<readonly TemplateSummary[]>([]);
  const start = first?.next_offset ?? null;
  useEffect(() => {
    const closing = new AbortController();
    const load = async (): Promise<void> => {
      const loaded: TemplateSummary[] = [];
      for (let offset = start; offset !== null;) {
        const outcome = await get<TemplateList>(`/templates?limit=1000&offset=${offset}`);
        if (!outcome.ok || closing.signal.aborted) return;
        loaded.push(...outcome.result.templates);
        setOthers([...loaded]);
        offset = outcome.result.next_offset;
      }
    };
    void load();
    return () => closing.abort();
  }, [start]);
  return start === null ? (first?.templates ?? []) : [...(first?.templates ?? []), ...others];
}
