import { describe, expect, it } from "vitest";
import { isSensitiveKey, judgeKey } from "./sensitive-key.js";

const sensitive = [
  "password", "PASSWORD", "Password", "pass_word", "pass-word", "passWord", "PassWord", "passwords", "pwd", "PWD", "passwd", "passphrase", "pass_phrase",
  "dsn", "DSN", "sentryDsn", "connectionString", "connection_string", "CONNECTION-STRING", "authorization", "Authorization", "proxy-authorization",
  "cookie", "cookies", "set-cookie", "Set-Cookie", "privateKey", "private_key", "private-keys", "clientSecret", "client_secret", "secrets",
  "sessionId", "session_id", "session-ids", "x-api-key", "X-API-Key", "apiKey", "apikey", "APIKey", "API_KEY", "apiKeys", "api_keys", "api key",
  "token", "tokens", "accessToken", "access_token", "refresh-token", "authToken", "id_token", "card_token", "csrfToken", "JWTToken",
  "credential", "credentials", "dbCredentials", "awsSecretAccessKey", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "accessKey", "signing_key",
  "encryptionKey", "masterKey", "storage_account_key", "db_pass", "smtpPass", "PGPASSWORD", "MYSQL_PWD", "otp", "cvv", "pw", "root_pw", "jwt", "bearer", "sig", "pepper", "mnemonic", "kubeconfig", "htpasswd",
  "db.password", "spring.datasource.password", "db:password", "password1", "password_2", "tokenV2", "password_old", "dbPasswordProd", "secret_value",
  "password_hash", "token_base64", "credentials_json", "shared_access_signature", "AccountKey", "jwt_private_key", "web.auth.api_key",
  // Full-width, invisible, accented, Cyrillic and Greek.
  "ｐａｓｓｗｏｒｄ", "ａｐｉ＿ｋｅｙ", "pass\u200dword", "pass\u00adword", "\ufefftoken", "pássword", "pаsswоrd", "tоken", "ѕecret", "αpi_kεy", "сookie",
];

const plain = [
  "", "_", "123", "keyboardLayout", "keyboard_layout", "monkey", "hockey", "turkey", "key", "keys", "public_key", "publicKey", "primary_key", "foreign_key",
  "partitionKey", "routing_key", "keyPrefix", "key_prefix", "keyspace", "tokenExpiryHours", "token_expiry_hours", "jwt_token_expiry_hours", "tokenizer",
  "token_ttl_ms", "token_ttl_seconds", "tokenCount", "token_limit", "token_type", "token_url", "callbackUrl", "callback_url", "api_key_header",
  "apiKeyName", "api_key_prefix", "secretName", "secret_names", "secrets_enabled", "secretary", "jwt_issuer", "jwt_audience", "kubeconfig_path", "bearer_format", "jwt_enabled", "jwt_public_key",
  "passenger", "compass", "bypass", "password_min_length", "password_policy", "passwordFile", "private_key_path", "connection_timeout_seconds",
  "connection", "string", "cookie_name", "cookie_domain", "session", "session_timeout", "author", "authority", "auth", "auth_type", "authentication_method",
  "authorize_payment", "authorized", "protected_routes", "deduplication_cache_size", "statement_timeout", "descriptor", "dispatch_buffer_size", "passed", "assets",
];

describe("isSensitiveKey", () => {
  it.each(sensitive)("says yes to %j", (key) => {
    expect(isSensitiveKey(key, "value")).toBe(true);
  });

  it.each(plain)("says no to %j", (key) => {
    expect(isSensitiveKey(key, "value")).toBe(false);
  });

  it.each(["maxTokens", "max_tokens", "min_tokens", "maximum_tokens"])("takes a number under %s for a bound, and a text for a secret", (key) => {
    expect(isSensitiveKey(key, 4096)).toBe(false);
    expect(isSensitiveKey(key, "4096")).toBe(false);
    expect(isSensitiveKey(key, "hunter2")).toBe(true);
    expect(judgeKey(key)).toBe("sensitive_unless_number");
  });

  it("judges a key of a million letters, and goes on judging", () => {
    expect(isSensitiveKey("a".repeat(1_000_000))).toBe(false);
    expect(isSensitiveKey(`${"a_".repeat(500_000)}password`)).toBe(true);
  });

  it("keeps its judgement after more keys than it remembers", () => {
    for (let index = 0; index < 10_000; index++) judgeKey(`innocent_${index.toString(36)}`);
    expect(judgeKey("password")).toBe("sensitive");
    expect(judgeKey("monkey")).toBe("plain");
  });
});
