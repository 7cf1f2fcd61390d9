/**
 * The shell that owns the server, from the first file to the last: called with `temporary`, `kept` or `adopted` (a temporary one of
 * a server before, whose data are used again), the folder, initdb's
 * choice about the disk, the place of an empty database to copy (or nothing), and the server's command line.
 *
 * It runs as the server's user in its own session and keeps the read end of a pipe open (its standard input)
 * whose write end is in our process alone. When that pipe ends, because we closed it or because we died, by
 * kill -9 too, it stops the server, removes what must not stay and exits with the server's code. The word `keep` before the end
 * leaves the folder to the next server.
 *
 * Standard input: the programs' folder, to see whether it is in reach; the one to use; the password; nothing, or `keep`, until the end.
 * Standard output, a line each: the folder, its scratch folder, `reachable` or `unreachable`, the server's process id.
 * Descriptor 3: only the server has it open, so that it closes when the server ends.
 */
export const supervisorScript = String.raw`
unset SUPERVISOR
kind=$1 folder=$2 sync=$3 template=$4; shift 4
umask 077
# Only the pipe decides. (The server and initdb install their own handlers.)
trap '' HUP INT QUIT TERM PIPE

if [ "$kind" != temporary ]; then
  mkdir -p "$folder" || exit 73
elif ! mkdir "$folder" 2>/dev/null; then
  # The server's user may not enter a temporary folder that is the caller's own.
  folder=/tmp/${"$"}{folder##*/}; mkdir "$folder" || exit 73
fi
scratch=$folder/run.$$ data=$folder/data

leave() {
  if [ "$kind" = kept ]; then rm -rf "$scratch"; else rm -rf "$folder"; fi
  exit "$1"
}

mkdir "$scratch" || leave 73
printf '%s\n' "$folder" "$scratch"
read -r bin || leave 0
if [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ]; then echo reachable; else echo unreachable; fi
read -r bin && read -r password || leave 0

# Makes an empty database, with its password beside its files.
make() {
  printf '%s\n' "$password" >"$scratch/password"
  "$bin/initdb" -D "$1" --username=postgres --auth=scram-sha-256 --pwfile="$scratch/password" \
    --encoding=UTF8 --no-locale --no-instructions "$2" </dev/null >/dev/null 3>&- && mv "$scratch/password" "$1/embedded-password"
}

# Makes the one to copy. It gets its name, which is all that is asked for later, when all of it is on the disk.
make_template() {
  for left in "$template".*; do kill -0 "${"$"}{left##*.}" || rm -rf "$left"; done
  make "$template.$$" --no-sync && "$bin/initdb" --sync-only -D "$template.$$" >/dev/null 3>&- && if [ ! -f "$template/PG_VERSION" ]; then
    rm -rf "$template"; mv "$template.$$" "$template"
  fi
  # Another may have got the name since we looked: then ours went into it.
  rm -rf "$template.$$" "$template/${"$"}{template##*/}.$$"
}

copy() {
  [ -f "$template/PG_VERSION" ] || make_template
  [ -O "$template/PG_VERSION" ] && cp -R "$template" "$1" && return
  rm -rf "$1"
  return 1
}

if [ ! -f "$data/PG_VERSION" ]; then
  # A failed or killed initdb leaves no half a database behind: the folder gets its name at the end.
  [ -n "$template" ] && copy "$scratch/data" 2>/dev/null || make "$scratch/data" "$sync" || leave 70
  [ -e "$data" ] || mv "$scratch/data" "$data" || leave 73
  # Somebody else's may have got its name since we looked: then ours went into it, and is nobody's.
  rm -rf "$data/data"
fi

"$bin/postgres" -D "$data" "$@" </dev/null >>"$folder/log" 2>&1 &
server=$!
echo "$server"
exec >/dev/null 2>&1 3>&-
read -r word
[ "$word" != keep ] || kind=kept

# Fast shutdown, asked for until it is heard (a server that has just started ignores it); immediate after about 5 s;
# then by force. Naps are in the foreground: whoever dies meanwhile is reaped here.
naps=0
while kill -INT "$server"; do
  naps=$((naps + 1))
  case $naps in 250) kill -QUIT "$server" ;; 500) kill -KILL "$server" ;; esac
  sleep 0.02 || sleep 1
done
wait "$server"
leave $?
`;
