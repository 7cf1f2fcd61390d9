/**
 * Which keys hold secrets, in words: folded to singular, in lower case.
 * `sensitive-key.test.ts` fixes the outcome for each spelling that matters.
 */

/** A key is sensitive when this is its last word. */
export const sensitiveWords: ReadonlySet<string> = new Set(
  (
    "password passwd passwort pwd pass passphrase passcode passkey secret token credential cred creds dsn " +
    "authorization cookie otp totp cvv cvc pw jwt bearer sig pepper mnemonic kubeconfig htpasswd " +
    // Written as one word.
    "apikey apitoken apisecret accesskey accesstoken authtoken authkey bearertoken refreshtoken sessiontoken csrftoken " +
    "privatekey secretkey clientsecret signingkey encryptionkey masterkey sshkey sessionid connectionstring connstr " +
    "dbpassword dbpass dbpwd userpassword userpass pgpassword pgpass mysqlpassword mysqlpwd redispassword sslpassword " +
    "keypassword keypass storepass databaseurlpassword setcookie"
  ).split(" "),
);

/** A key is sensitive when it holds one of these runs of words anywhere. */
export const sensitivePhrases: readonly (readonly string[])[] = (
  "api key|access key|private key|secret key|signing key|signature key|encryption key|decryption key|master key|account key|" +
  "auth key|authentication key|service key|ssh key|ssl key|tls key|hmac key|jwt key|session key|shared key|deploy key|" +
  "license key|storage key|webhook key|client key|key material|session id|connection string|conn str|conn string|" +
  "pass word|pass phrase|pass code|pass key|seed phrase|recovery code|recovery phrase|backup code|pin code|" +
  "shared access signature|secret id"
)
  .split("|")
  .map((phrase) => phrase.split(" "));

/** A key is cleared when this is its last word: it says something about a secret and is none. */
export const clearingWords: ReadonlySet<string> = new Set(
  (
    "millisecond ms us ns second sec s minute min m hour h day d week month year ttl expiry expiration expire lifetime age timeout interval " +
    "at date time timestamp header prefix suffix name issuer audience count limit size length total max min bit byte kb mb " +
    "type kind url uri host port endpoint route path file filename dir directory folder enabled disabled required optional " +
    "allowed supported algorithm alg format policy rule version scope claim field column table class provider source store " +
    "strategy mode status state rotation schema pattern regex index label description title message doc env var variable ref reference"
  ).split(" "),
);

/** Words at the end that only say which one of several it is: `password_old`, `dbPasswordProd`, `token_base64`. */
export const qualifyingWords: ReadonlySet<string> = new Set(
  (
    "value text string data raw plain plaintext clear cleartext old new current previous next primary secondary main backup " +
    "prod production dev development test staging local hash hashed digest base b64 b hex encoded encrypted v json yaml"
  ).split(" "),
);

/** With one of these words a number is a bound, not a secret: `max_tokens = 4096`. */
export const boundingWords: ReadonlySet<string> = new Set(["max", "min", "maximum", "minimum"]);
