import { describe, expect, it } from "vitest";
import { isSensitiveKey, classifyKey } from "./sensitive-key.js";

const opaque = "zq7f3a91c05be2d8417a";

const sensitive = [
  "psk",
  "wifi_psk",
  "preSharedKey",
  "PresharedKey",
  "fernet",
  "FERNET_KEY",
  "unseal_key",
  "vault_unseal_keys",
  "subscription_key",
  "Ocp-Apim-Subscription-Key",
  "function_key",
  "x-functions-key",
  "functionsKey",
  "hmac_key",
  "hmacSecret",
  "session_id",
  "sessionId",
  "PHPSESSID",
  "JSESSIONID",
  "connect.sid",
  "totp_seed",
  "mfa_secret",
  "sas_token",
  "personal_access_token",
  "identitytoken",
  "refreshtoken",
  "appsecret",
  "adminpassword",
  "rootPassword",
  "recovery_key",
  "card_pin",
  "card_number",
  "cardNumber",
  "pin",
  "priv_key",
  "privkey",
  "privKey",
  "pswd",
  "sas_key",
  "symmetric_key",
  "tsig_key",
  "security_answer",
  "activation_key",
  "vapid_private",
  "code_verifier",
  "snmp_community",
  "cryptKey",
  "sitzungsschluessel",
  "Sitzungsschlüssel",
  "privesleutel",
  "tajny_klic",
  "tajný_klíč",
  "gizli_anahtar",
  "mật_khẩu",
  "kata_sandi",
  "tunnussana",
  "geslo",
  "zaporka",
  "парола",
  "κωδικός",
  "סיסמה",
  "كلمة_المرور",
  "รหัสผ่าน",
  // German.
  "passwort",
  "Kennwort",
  "datenbankpasswort",
  "geheimnis",
  "zugangsdaten",
  "anmeldedaten",
  "zugriffstoken",
  "api_schlüssel",
  "privater-schlüssel",
  "privater_schluessel",
  "Zugangsschlüssel",
  "geheimschluessel",
  "kennwort_db",
  // French.
  "mot_de_passe",
  "motDePasse",
  "motdepasse",
  "mdp",
  "jeton",
  "jeton_d_accès",
  "clé_api",
  "cle_api",
  "clé-privée",
  "cléSecrète",
  "clef_api",
  "mdp_bdd",
  // Spanish.
  "contraseña",
  "contrasena",
  "secreto",
  "credenciales",
  "clave_privada",
  "clave-api",
  "clave_de_acceso",
  "token_de_acceso",
  "llave_privada",
  // Portuguese.
  "senha",
  "segredo",
  "credenciais",
  "palavra_passe",
  "chave_privada",
  "chave_de_api",
  // Italian.
  "segreto",
  "credenziali",
  "chiave_privata",
  "chiave_api",
  "parola_d_ordine",
  "parola_segreta",
  "password_utente",
  // Dutch, Swedish, Danish, Norwegian, Finnish, Polish, Czech, Turkish.
  "wachtwoord",
  "inloggegevens",
  "lösenord",
  "adgangskode",
  "passord",
  "salasana",
  "hasło",
  "klucz_prywatny",
  "heslo",
  "şifre",
  // Russian, Chinese, Japanese, Korean.
  "пароль",
  "ПАРОЛЬ",
  "секретный_ключ",
  "密码",
  "数据库密码",
  "密鑰",
  "私钥",
  "パスワード",
  "DBパスワード",
  "秘密鍵",
  "비밀번호",
];

const ambiguous = [
  "auth",
  "basic_auth",
  "basicAuth",
  "_auth",
  "proxy-auth",
  "sas",
  "hmac",
  "signature",
  "X-Amz-Signature",
  "X-Goog-Signature",
  "mfa",
  "pat",
  "github_pat",
  "AZURE_DEVOPS_PAT",
  "session",
  "salt",
  "csrf",
  "unseal",
  "tls_key",
  "TLS_KEY",
  "tlsKey",
  "cert_key",
  "server_key",
  "app_key",
  "DD_APP_KEY",
  "primaryKey",
  "gpg_key",
  "write_key",
  "authorization_code",
  "mfa_code",
  "identifiants",
  "clave",
  "sid",
  "skey",
  "s_key",
  "schluessel",
  "schlüssel",
  "sleutel",
  "parola_chiave",
  "hash_key",
  "cookie_key",
  "dkim_key",
  "keytab",
  "jwk",
  "pem",
  "tsig",
  "unterschrift",
  "id_rsa",
];

describe("the words of keys", () => {
  it.each(sensitive)("name a secret in %s, whatever it is", (key) => {
    expect(isSensitiveKey(key, "x")).toBe(true);
    expect(isSensitiveKey(key)).toBe(true);
  });

  it.each(ambiguous)("name a secret in %s if the value looks like one", (key) => {
    expect(classifyKey(key)).toBe("sensitive_unless_ordinary");
    expect(isSensitiveKey(key, opaque)).toBe(true);
    expect(isSensitiveKey(key, ["none", opaque])).toBe(true);
    for (const value of [
      "none",
      "/etc/tls/a.key",
      5,
      true,
      null,
      { a: opaque },
      ["none"],
      undefined,
    ])
      expect(isSensitiveKey(key, value)).toBe(false);
  });

  it.each(["webhook_url", "slack_webhook", "sasUrl", "magic_link", "reset-link", "presignedUrl"])(
    "name a secret in %s if its URL carries a token",
    (key) => {
      expect(classifyKey(key)).toBe("sensitive_if_token");
      expect(isSensitiveKey(key, opaque)).toBe(true);
      expect(isSensitiveKey(key, `https://h.example/hooks/${opaque}`)).toBe(true);
      expect(isSensitiveKey(key, ["none", `https://h.example/?t=${opaque}`])).toBe(true);
      expect(isSensitiveKey(key, `https://h.example/#${opaque}`)).toBe(true);
      for (const value of [
        "https://h.example",
        "https://h-9x8y7z6w5v4u3t.example/hooks/orders/paid",
        "https://h.example/orders/42?page=2",
        "https://h.example/hooks/${HOOK_TOKEN}",
        "/hooks/orders",
        "none",
        "${SLACK_WEBHOOK}",
        5,
        null,
      ])
        expect(isSensitiveKey(key, value)).toBe(false);
    },
  );

  it("take a number under a key of tokens for a count", () => {
    expect(isSensitiveKey("prompt_tokens", 33)).toBe(false);
    expect(isSensitiveKey("tokens", "512")).toBe(false);
    expect(isSensitiveKey("tokens", opaque)).toBe(true);
    expect(isSensitiveKey("token", 512)).toBe(true);
  });
});
