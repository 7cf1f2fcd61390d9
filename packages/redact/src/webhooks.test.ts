import { describe, expect, it } from "vitest";
import { createRedactor } from "./redactor.js";

const { redact } = createRedactor();
const token = "aZ3kq9TtB7wYxL2mN8vR4dPe";
const uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
const urls = [
  `https://hooks.slack.com/services/T024BE7LD/B0123456789/${token}`,
  `https://hooks.slack.com/triggers/T024BE7LD/1234567890/${token}`,
  `https://discord.com/api/webhooks/123456789012345678/${token}${token}`,
  `https://x.webhook.office.com/webhookb2/${uuid}@${uuid}/IncomingWebhook/${token}/${uuid}`,
  `https://prod-12.westeurope.logic.azure.com/workflows/a/triggers/manual/paths/invoke?sp=%2F&sig=${token}`,
  `https://mattermost.example/hooks/${token}`,
  `https://open.feishu.example/open-apis/bot/v2/hook/${uuid}`,
  `https://qyapi.weixin.example/cgi-bin/webhook/send?key=${uuid}`,
  `https://h.example/${token}`,
  `https://h.example/in/${uuid}#a`,
];
const shapes: Readonly<Record<string, (url: string) => unknown>> = {
  "{ webhook }": (url) => ({ webhook: url }),
  "{ webhook: { url } }": (url) => ({ webhook: { url } }),
  "{ webhook: { endpoint } }": (url) => ({ webhook: { endpoint: url } }),
  "{ webhook_url }": (url) => ({ webhook_url: url }),
  "{ webhook_urls }": (url) => ({ webhook_urls: ["https://h.example/paid", url] }),
  "{ incomingWebhook: { target } }": (url) => ({ incomingWebhook: { target: { href: url } } }),
  "{ SLACK_WEBHOOK }": (url) => ({ SLACK_WEBHOOK: url }),
  "{ teams_webhook: { uri } }": (url) => ({ teams_webhook: { uri: url } }),
  "{ webhooks: [] }": (url) => ({ webhooks: [url] }),
  "{ webhooks: [{ url }] }": (url) => ({ webhooks: [{ name: "paid", url }] }),
  "{ webhooks: { orders } }": (url) => ({ webhooks: { orders: url } }),
  "{ webhooks: { orders: [] } }": (url) => ({ webhooks: { orders: [url] } }),
  "{ webhook: { headers, request: { url } } }": (url) => ({
    webhook: { headers: {}, request: { url } },
  }),
};

describe("the URL of a webhook, which is its password", () => {
  it.each(Object.entries(shapes))("is masked as %s", (_shape, of) => {
    for (const url of urls) {
      const text = JSON.stringify(redact(of(url)).value);
      for (const secret of [token, uuid]) expect(text).not.toContain(secret);
    }
  });

  it("is masked wherever else the document repeats it", () => {
    const url = urls[8]!;
    const { value } = redact({ webhook: { url }, note: `posted to ${url}` });
    expect(JSON.stringify(value)).not.toContain(token);
  });
});
