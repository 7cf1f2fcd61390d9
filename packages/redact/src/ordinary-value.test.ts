import { describe, expect, it } from "vitest";
import { isOrdinary, isPlaceholder } from "./ordinary-value.js";

describe("isOrdinary", () => {
  it.each([
    "none",
    "required",
    "oauth2",
    "client_secret_basic",
    "scram-sha-256",
    "SCRAM-SHA-512",
    "hmac-sha256",
    "HMACSHA256",
    "HS256",
    "RSASSA-PKCS1-v1_5",
    "ed25519",
    "ecdsa-with-SHA384",
    "AES-256-GCM",
    "TLSv1.3",
    "order_id",
    "getUserById",
    "Bob Smith, 42",
    "2026-01-31",
    "12.5.0",
    "eu-west-1",
    "app@example.com",
    "https://login.example.com/oauth2/v2.0?a=9x8y7z6w5",
    "/etc/ssl/9x8y7z/tls.key",
    "certs\\server.pem",
    "./keys/a.jwk",
    "${AUTH_TOKEN}",
    "$AUTH",
    "{{ .Values.auth }}",
    "<token>",
    "",
  ])("says yes to %j", (text) => {
    expect(isOrdinary(text)).toBe(true);
  });

  it.each([
    "zq7f3a91c05be2d8417a",
    "hunter2hunter2",
    "k-2f9a1c",
    "550e8400-e29b-41d4-a716-446655440000",
    "dXNlcjpwYXNz",
    "dXNlcjpzM2NyZXQ=",
    "QzXkVbNmLpWq",
    "deadbeefdeadbeefdeadbeefdeadbeef",
    "correct horse 9x8y7z6w battery",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  ])("says no to %j", (text) => {
    expect(isOrdinary(text)).toBe(false);
  });
});

describe("isPlaceholder", () => {
  it.each([
    "$PASS",
    "${PASS}",
    "$(cat x)",
    "<password>",
    "%PASS%",
    "***",
    "?",
    "%s",
    ":password",
    "null",
    "{}",
  ])("says yes to %j", (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each(["x", "hunter2", "$ecret!", "postgres://a:b@h", "p%s"])("says no to %j", (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});
