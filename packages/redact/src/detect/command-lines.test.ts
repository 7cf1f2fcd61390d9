import { describe, expect, it } from "vitest";
import { maskFindings } from "./finding.js";
import { findCommandLines, findInWords } from "./command-lines.js";

const mask = (text: string): string =>
  maskFindings(text, findCommandLines(text)).replaceAll("***REDACTED***", "*");

describe("findCommandLines", () => {
  it.each([
    "--password S3cr3t",
    "deploy --api-key S3cr3t --region eu",
    "deploy --db-password 'S3cr3t' --region eu",
    'deploy --token "S3cr3t"',
    "keytool -keystore k -storepass S3cr3t",
    "mysql -uroot -pS3cr3t orders",
    "mysql -u root -p'S3cr3t' orders",
    "/usr/bin/mysqldump -h db -pS3cr3t --all-databases",
    "Command failed: mysqladmin -u root -pS3cr3t status",
    'bash -c "mysql -u root -pS3cr3t orders"',
    "Command '['mysql', '-u', 'root', '-pS3cr3t']' returned 1",
    "curl -u app:S3cr3t https://h",
    "curl -sS -uapp:S3cr3t https://h",
    "curl -sSLu app:S3cr3t https://h",
    "curl --user app:S3cr3t https://h",
    "curl --user 'app:S3cr3t' https://h",
    'curl -U "app:S3cr3t" -x proxy https://h',
    "http -a app:S3cr3t GET h/x",
    "redis-cli -h cache -a S3cr3t ping",
    "redis-cli -aS3cr3t ping",
    "redis-cli AUTH S3cr3t",
    "redis-cli config set requirepass S3cr3t",
    "sshpass -p S3cr3t ssh app@h",
    "sshpass -pS3cr3t ssh app@h",
    "docker login -u app -p S3cr3t registry.example.com",
    "helm registry login -u app -p S3cr3t r.example.com",
    "az login --service-principal -u x -p S3cr3t",
    "mongosh -u app -p S3cr3t db",
    "sqlcmd -S db -U sa -P S3cr3t -Q x",
    "sqlcmd -S db -U sa -PS3cr3t -Q x",
    "ldapsearch -x -D cn=app -w S3cr3t -b dc=x",
    "sqlplus app/S3cr3t@orders",
    "expdp app/S3cr3t schemas=x",
    "smbclient //h/share -U app%S3cr3t",
    "mosquitto_pub -u app -P S3cr3t -t x",
    "unzip -P S3cr3t x.zip",
    "7z x -pS3cr3t x.7z",
    "openssl enc -aes-256-cbc -k S3cr3t",
    "openssl enc -aes-256-cbc -K S3cr3t",
    "ipmitool -H h -U app -P S3cr3t power status",
    "plink -pw S3cr3t app@h",
    "xfreerdp /u:app /p:S3cr3t /v:h",
    "lftp -u app,S3cr3t h",
    "rabbitmqctl add_user app S3cr3t",
    "htpasswd -b /etc/htpasswd app S3cr3t",
    "vault operator unseal S3cr3t",
    "vault login S3cr3t",
    "mc alias set s3 https://h $ACCESS S3cr3t",
    "aws configure set aws_secret_access_key S3cr3t",
    "wget --http-password S3cr3t https://h",
    "gh secret set TOKEN --body S3cr3t",
    "gh secret set TOKEN -b'S3cr3t' --repo a/b",
    "kubectl create secret generic db --from-literal=foo=S3cr3t",
    "kubectl -n orders create secret generic db --from-literal foo=S3cr3t",
    "oc create secret generic db --from-literal='foo=S3cr3t'",
    "oc login -u app -p S3cr3t",
    "flyctl secrets set FOO=S3cr3t --app orders",
    "fly secrets set FOO=S3cr3t",
    "supabase secrets set FOO=S3cr3t",
    "twine upload -u app -p S3cr3t dist/*",
    "wpa_passphrase home S3cr3t",
    "exp system/S3cr3t file=x",
    "imp system/S3cr3t@orders file=x",
    "x && mysql -pS3cr3t; y",
  ])("masks the secret in %s, and that alone", (line) => {
    expect(line).toContain("S3cr3t");
    expect(mask(line)).toBe(line.replace("S3cr3t", "*"));
  });

  it.each([
    "--password-file /run/secrets/db",
    "--password $PGPASSWORD",
    '--password "${DB_PASSWORD}"',
    "--password <password>",
    "--password --verbose",
    "--password | cat",
    "--no-password orders",
    "docker login --password-stdin r.example.com",
    "--token-ttl 3600",
    "--max-tokens 4096",
    "use --password to set it, or --token for a token",
    "the flag --password is required",
    "psql --password orders",
    "pg_dump -W -p 5432 orders",
    "ssh -p 2222 app@h",
    "docker run -p 8080:80 nginx",
    "docker compose -p orders up",
    "mkdir -p /srv/a/b",
    "cp -a /srv/a /srv/b",
    "mysql -u root -p -P 3306 orders",
    "mysql -p | tee x; ps -pid",
    "curl -u app https://h",
    'curl -u "$USER:$PASS" https://h',
    "openssl rsa -passin env:KEY_PASS",
    "nc -u host 53",
    "redis-cli -p 6379 ping",
    "kubectl get secret -n orders -o yaml",
    "git commit -a -m fix",
    "npm set progress=false",
    "set password policy",
    "sqlplus /nolog",
    "tar -czf a.tgz ./b/c@2x",
    "vault status",
    "kubectl create configmap c --from-literal=foo=b9x8y7",
    "gh secret list --repo a/b9x8",
    "gh pr create --body fixes-9x8",
    "fly secrets list",
    "fly scale count app=2 --yes",
    "the card, exp 12/27, is refused",
    "twine upload dist/orders-9x8.whl",
    "the secrets of --a",
    "a - b -- c --- d",
    "it's -5 degrees, don't ask",
  ])("leaves %s alone", (line) => {
    expect(findCommandLines(line)).toEqual([]);
  });

  it("finds secrets in a list of arguments", () => {
    const indices = (...words: string[]) => findInWords(words).map(({ index }) => index);
    expect(indices("--password", "a b c", "--verbose")).toEqual([1]);
    expect(indices("mysql", "-u", "root", "-px")).toEqual([3]);
    expect(indices("curl", "-u", "app:x", "https://h")).toEqual([2]);
    expect(indices("node", "x.js", "--port", "8080")).toEqual([]);
  });
});
