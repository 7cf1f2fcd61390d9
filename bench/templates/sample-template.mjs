/** A template of ordinary size, identified by its number. */
export function sampleTemplate(number) {
  const step = (name, before) => `
  - name: ${name}
    description: Does its part of the refund
    handler:
      callable: Refunds::StepHandler::${name}
      initialization:
        gateway_url: "\${GATEWAY_URL}"
        api_key: key-${number}-0123456789
        threshold: 0.8
    dependencies: [${before}]
    retry:
      retryable: true
      limit: 3
      backoff: exponential
      backoff_base_ms: 1000
      max_backoff_ms: 30000
    timeout_seconds: 30
    publishes_events: []`;
  return `name: refund_${number}
namespace_name: payments_${number % 20}
version: 1.0.${number % 7}
description: Gives a payment back
metadata:
  author: payments team
  tags: [payments, refunds]
input_schema:
  type: object
  required: [order_id, amount]
  properties:
    order_id: { type: integer, minimum: 1 }
    amount: { type: number, minimum: 0.01 }
    card_token: { type: string, minLength: 10 }
steps:${["check", "refund", "notify"].map((name, index, all) => step(name, all[index - 1] ?? "")).join("")}
environments:
  production:
    steps:
      - name: ALL
        timeout_seconds: 60
      - name: refund
        handler:
          initialization:
            threshold: 0.9
`;
}
