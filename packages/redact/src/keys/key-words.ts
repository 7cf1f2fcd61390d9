import { splitWords } from "./split-words.js";

/**
 * Which keys name secrets, in words: singular, in lower case, without accents.
 * `sensitive-key.test.ts` fixes the outcome for each spelling that matters.
 */

/** A key is sensitive when this is its last word. */
export const sensitiveWords: ReadonlySet<string> = new Set(
  wordsOf(
    "password passwd pwd pass passphrase passcode passkey secret token credential cred creds dsn " +
      "authorization cookie otp totp hotp cvv cvc pw jwt bearer sig pepper mnemonic kubeconfig htpasswd psk fernet pin pswd psswd",
    // Written as one word.
    "accesskey authkey privatekey secretkey signingkey encryptionkey masterkey sshkey sessionid sessid phpsessid jsessionid " +
      "connectionstring connstr dbpass userpass pgpass keypass storepass requirepass masterauth ftppass rootpass " +
      "mysqlpwd dbpwd setcookie bindpw rootpw adminpw dbpw userpw privkey cryptkey cardnumber ccnumber",
    // German, French, Spanish, Portuguese, Italian, Dutch, Nordic, Slavic and others.
    "geheimnis zugangsdaten anmeldedaten zugangscode",
    "motdepasse mdp jeton",
    "contraseña contrasenia secreto credencial credenciale",
    "senha segredo credenciai",
    "segreto credenziale credenziali gettone",
    "inloggegeven geheim toegangscode",
    "hemlighet kodeord salasana heslo hasło lozinka şifre jelszó",
    "tunnussana geslo zaporka slaptažodis",
    "пароль парола секрет токен κωδικός סיסמה รหัสผ่าน",
  ),
);

/** A key is sensitive when its last word ends like this: `datenbankpasswort`, `dbpassword`, `refreshtoken`, `数据库密码`. */
export const sensitiveEndings: readonly string[] = wordsOf(
  "password passwd passphrase secret token apikey privatekey secretkey accesskey connectionstring",
  "passwort kennwort losungswort geheimnis zugangsdaten schlüsselwort zugangsschlüssel zugriffsschlüssel geheimschlüssel",
  "zugangsschluessel zugriffsschluessel geheimschluessel schluesselwort wachtwoord lösenord passord adgangskode",
  "motdepasse contraseña",
  "sitzungsschlüssel sitzungsschluessel privatschlüssel privatschluessel privésleutel geheimesleutel",
  "密码 密碼 口令 密钥 密鑰 金鑰 私钥 私鑰 令牌 凭证 憑證 秘密",
  "パスワード 秘密鍵 暗証番号 シークレット トークン 認証情報 合言葉",
  "비밀번호 비밀키 암호 토큰",
);

/** A key is sensitive when it contains one of these runs of words anywhere. */
export const sensitivePhrases = phrasesOf(
  "api key|access key|private key|secret key|signing key|signature key|encryption key|decryption key|master key|account key",
  "auth key|authentication key|service key|ssh key|ssl key|hmac key|jwt key|session key|shared key|deploy key",
  "license key|storage key|webhook key|client key|key material|session id|connection string|conn str|conn string",
  "pass word|pass phrase|pass code|pass key|seed phrase|recovery code|recovery phrase|recovery key|backup code|pin code",
  "shared access signature|secret id|preshared key|connect sid|fernet key|unseal key|subscription key|function key|subscriber key|crypto key|cipher key",
  "priv key|sas key|crypt key|symmetric key|tsig key|rndc key|activation key|vapid private|jwks private|card number|cc number",
  "security answer|secret answer|security question answer|code verifier|oauth verifier|one time code|snmp community|community string",
  "wifi key|wpa key|wireguard key|gossip key|totp seed|otp seed|mfa seed|wallet seed|card pin|user pin|sim pin|hsm pin|login pin",
  // German, French, Spanish, Portuguese, Italian, Dutch, Slavic.
  "api schluessel|privater schluessel|geheimer schluessel|clef api|clef privée|clef secrète|llave privada|llave secreta|llave api",
  "llave de acceso|parola segreta|api schlüssel|privater schlüssel|geheimer schlüssel|geheim schlüssel|zugriff schlüssel|zugang schlüssel|schlüssel wort",
  "mot de passe|mot passe|clé api|clé privée|clé secrète|clé d accès|clé accès|phrase secrète|code secret|jeton d accès",
  "clave api|clave privada|clave secreta|clave de acceso|clave acceso|clave de api|palabra de paso|token de acceso|frase secreta",
  "palavra passe|chave api|chave de api|chave privada|chave secreta|chave de acesso|chave acesso|token de acesso",
  "chiave api|chiave privata|chiave segreta|chiave di accesso|chiave accesso|parola d accesso|parola d ordine|codice segreto",
  "api sleutel|geheime sleutel|prive sleutel|private sleutel|klucz api|klucz prywatny|приватный ключ|секретный ключ|закрытый ключ|ключ api",
  "sitzungs id|secret partagé|tajný klíč|soukromý klíč|gizli anahtar|özel anahtar|mật khẩu|kata sandi|كلمة المرور|كلمة السر",
);

/** A key with this ending names a secret if its value looks like one: `auth = "none"` does not. */
export const ambiguousWords: ReadonlySet<string> = new Set(
  wordsOf(
    "auth sas hmac signature mfa pat session salt seed csrf xsrf unseal clave parola identifiant dek kek cmk jwk tsig keytab pfx " +
      "rcon authstr unterschrift parole",
  ),
);

/** The same with one of these runs of words anywhere: `tls_key` is as often a path as a key. */
export const ambiguousPhrases = phrasesOf(
  "tls key|cert key|certificate key|server key|host key|ca key|device key|data key|root key|app key|application key",
  "primary key|secondary key|network key|cluster key|gpg key|pgp key|rsa key|dsa key|ecdsa key|ed25519 key|aes key|des key",
  "write key|ingest key|ingestion key|integration key|instrumentation key|stream key|admin key|consumer key|user key",
  "hash key|cookie key|dkim key|join key|noise key|nonce key|lock code|id rsa|service account json|parola chiave",
  "auth code|authorization code|verification code|security code|access code|activation code|auth string|auth data|session data|mfa code|otp code|totp code|sms code",
);

/** The same if one of these is the whole key: `account_sid` and `cache_schlüssel` are names of what they identify. */
export const ambiguousKeys: ReadonlySet<string> = new Set(
  ["sid", "skey", "s key", "pem", "firma", "schlüssel", "schluessel", "sleutel"].map((key) =>
    splitWords(key).join(" "),
  ),
);

/** A key with this ending names a URL, which is a secret if it contains a token. */
export const urlEnding =
  /(?:^| )(?:\w*webhook(?:url|uri)?s?|(?:web ?)?hook (?:url|uri|link|endpoint)s?|(?:magic|login|signin|sign in|reset|invite|invitation|activation|confirmation|verification|sas|signed|presigned) (?:link|url|uri))$/;

/** With this as its last word a number is a count, not a secret: `prompt_tokens = 33`. */
export const countingWords: ReadonlySet<string> = new Set(["tokens"]);

/** A key is harmless when this is its last word: it describes a secret but is not one. */
export const clearingWords: ReadonlySet<string> = new Set(
  (
    "millisecond ms us ns second sec s minute min m hour h day d week month year ttl expiry expiration expire lifetime age timeout interval " +
    "at date time timestamp header prefix suffix name issuer audience count limit size length total max min bit byte kb mb " +
    "type kind url uri host port endpoint route path file filename dir directory folder enabled disabled required optional " +
    "allowed supported algorithm alg format policy rule version scope claim field column table class provider source store " +
    "strategy mode status state rotation schema pattern regex index label description title message doc env var variable ref reference " +
    "method stdin prompt realm domain checking check validation validator handler hint strength complexity generator " +
    "fingerprint thumbprint arn attempt retry"
  ).split(" "),
);

/** Words at the end that only tell several apart: `password_old`, `dbPasswordProd`, `token_base64`. */
export const qualifyingWords: ReadonlySet<string> = new Set(
  (
    "value text string data raw plain plaintext clear cleartext old new current previous next primary secondary main backup " +
    "prod production dev development test staging local hash hashed digest base b64 b hex encoded encrypted v json yaml db bdd bd utente usuario utilisateur benutzer"
  ).split(" "),
);

/** With one of these words, a number is a limit, not a secret: `max_tokens = 4096`. */
export const boundingWords: ReadonlySet<string> = new Set(["max", "min", "maximum", "minimum"]);

/** As {@link splitWords} returns them for a key. */
function wordsOf(...lists: readonly string[]): string[] {
  return lists.flatMap((list) => list.split(" ").map((word) => splitWords(word).join("")));
}

/** By their first word. */
function phrasesOf(...lists: readonly string[]): ReadonlyMap<string, readonly string[][]> {
  const phrases = new Map<string, string[][]>();
  for (const phrase of lists.flatMap((list) => list.split("|"))) {
    const words = splitWords(phrase);
    const [first = ""] = words;
    phrases.set(first, [...(phrases.get(first) ?? []), words]);
  }
  return phrases;
}
