/**
 * Where commands take secrets under short names, or without a name:
 *
 * - `-p`: the next word · `-p*`: the rest of the word · `-p?`: either
 * - `-u:`: what follows the colon, in the next word or in the rest of this one; `-U%`, `-u,`, `--x=`: what follows that sign, and with `=` alone in each word
 * - `secret:-b?`: only behind the word `secret`
 * - `add_user 2`: the second word after it · `1/`: the first word, what follows the slash
 */
const table = `
mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlbinlog mysqlsh mariadb mariadb-dump mariadb-admin mycli = -p*
redis-cli valkey-cli keydb-cli redis-benchmark = -a? auth+1 AUTH+1 requirepass+1 masterauth+1
curl = -u: -U: --user: --proxy-user:
http https xh xhs = -a: --auth:
sshpass = -p?
docker podman nerdctl buildah skopeo helm oras az ibmcloud = login:-p?
oc = login:-p? secret:--from-literal=
kubectl = secret:--from-literal=
gh glab = secret:-b? secret:--body?
fly flyctl supabase doppler = secrets:=
twine = -p? --password?
wpa_passphrase = wpa_passphrase+2
cf = login:-p? auth+2
mongo mongosh mongodump mongorestore mongoexport mongoimport = -p?
sqlcmd bcp osql isql tsql = -P?
cqlsh = -p?
nodetool = -pw+1
ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldapcompare = -w?
ldappasswd = -w? -s? -a?
sqlplus sql sqlldr expdp impdp exp imp rman = /
smbclient rpcclient smbget smbmap net = -U%
mosquitto_pub mosquitto_sub mosquitto_rr = -P?
zip unzip = -P?
7z 7za 7zz rar unrar = -p*
openssl = -k+1 -K+1 -passin+1 -passout+1 -pass+1
snmpget snmpwalk snmpset = -A? -X?
ipmitool = -P?
plink pscp psftp = -pw+1
psexec rdesktop ncftp = -p?
xfreerdp = /p:
lftp = -u,
rabbitmqctl = add_user+2 change_password+2 authenticate_user+2
htpasswd = -b+3 -bc+3 -cb+3 -bB+3 -Bb+3 -nb+2 -bn+2 -nbB+2 -nbm+2 -nbs+2 -Bbn+2 -bnB+2
vault bao = login+1 unseal+1
mc mcli = set+3 set+4 add+3 add+4
influx = -p? -t+1
`;

/** Where one command takes a secret. */
export interface SecretArgument {
  /** The word that precedes it, or begins with it. */
  readonly flag: string;
  /** The next word, the rest of this one, either, or in either what follows a sign. */
  readonly place: "next" | "rest" | "either" | "behind";
  /** For `next`: how many words later. */
  readonly distance: number;
  /** For `behind`. */
  readonly sign: string;
  /** Only after this word: `docker run -p 8080:80` publishes a port. */
  readonly after: string | null;
}

/** By command. */
export const secretArguments: ReadonlyMap<string, readonly SecretArgument[]> = new Map(
  table
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [commands = "", places = ""] = line.split(" = ");
      const parsed = places.split(" ").map(parseArgument);
      return commands.split(" ").map((command) => [command, parsed] as const);
    }),
);

function parseArgument(text: string): SecretArgument {
  const [, after = null, flag = "", sign = "", distance = "1"] =
    /^(?:(\w+):(?=[-=]))?(.*?)([*?:%,/=]|\+(\d))?$/.exec(text) ?? [];
  return {
    flag,
    place:
      sign === "*" ? "rest" : sign === "?" ? "either" : /^[:%,/=]$/.test(sign) ? "behind" : "next",
    distance: Number(distance),
    sign: sign.slice(0, 1),
    after,
  };
}
