/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export interface HttpRequest {
  readonly url: URL;
  /** @default GET */
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Characters. */
  readonly longestAnswer: number;
}

/** Sends a request. @returns the answer, or in words why there is none. */
export async function sendHttp({
  url,
  method,
  headers,
  timeoutMs,
  longestAnswer,
}: HttpRequest): Promise<HttpAnswer | string> {
  const { request: open } =
    url.protocol === "https:" ? await import("node:https") : await import("node:http");
  return new Promise((resolve) => {
    const request = open(url, { agent: false, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > longestAnswer) settle("the answer did not come from a worker");
      });
      response.on("end", () => settle({ status: response.statusCode ?? 0, text }));
    });
    const timer = setTimeout(() => settle(`no answer within ${timeoutMs / 1_000} s`), timeoutMs);
    const settle = (result: HttpAnswer | string): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(result);
    };
    request.on("error", ({ code }: NodeJS.ErrnoException) =>
      settle(code ?? "the connection failed"),
    );
    request.end();
  });
}
