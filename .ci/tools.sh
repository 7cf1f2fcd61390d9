# Fetches the tools that some tests need from Debian, without installing them, and exports where they are. Sourced by .ci/run.

# PgBouncer runs as nobody, which cannot look into root's home.
if [ -w /var/cache ]; then cache=/var/cache; else cache=${XDG_CACHE_HOME:-$HOME/.cache}; fi
tools=${CI_TOOLS_DIR:-$cache/tasker-observability-tools}
missing=()

# fetch <variable> <program> <package …>: unpacks the packages, with all that they need and that is not
# installed, into a folder (ROOT in the program); the variable gets a command that runs the program from there.
fetch() {
  local variable=$1 program=$2 command
  shift 2
  command=$tools/${variable,,}.sh
  if [ ! -x "$command" ]; then unpack "$tools/$1" "$@" && write_command "$command" "$tools/$1" "$program" || true; fi
  if [ -x "$command" ] && "$command" --version >/dev/null 2>&1; then
    export "$variable=$command"
    echo "$variable: $command"
  else
    rm -f "$command"
    missing+=("$variable:$1")
  fi
}

unpack() {
  local root=$1 work package packages
  shift
  packages=$(apt-get install -s --no-install-recommends "$@" 2>/dev/null | awk '/^Inst/ {print $2}')
  # What is installed needs no fetching, but the packages themselves do: their programs are looked for in the folder.
  packages=$(printf '%s\n' "$@" $packages | sort -u)
  work=$(mktemp -d)
  (cd "$work" && apt-get download $packages >/dev/null 2>&1 && mkdir -p "$root" && for package in ./*.deb; do dpkg -x "$package" "$root" || exit 1; done)
  local outcome=$?
  rm -rf "$work"
  return $outcome
}

write_command() {
  local command=$1 root=$2 program=$3 libraries
  libraries=$root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
  printf '%s\n' '#!/bin/sh' \
    "export LD_LIBRARY_PATH='$libraries:$libraries/pulseaudio'\"\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}\"" \
    "export RUBYLIB='$root/usr/lib/ruby/vendor_ruby:$root/usr/lib/ruby/3.1.0:$libraries/ruby/3.1.0:$libraries/ruby/vendor_ruby/3.1.0'" \
    "export GEM_PATH='$root/usr/share/rubygems-integration/all'" \
    "export PYTHONPATH='$root/usr/lib/python3/dist-packages'" \
    "exec ${program//ROOT/$root} \"\$@\"" >"$command"
  chmod 755 "$command"
}

# find_on_path <variable> <program> <package>: for what is a part of the system; the variable may name another one.
find_on_path() {
  if command -v "${!1:-$2}" >/dev/null; then echo "$1: $(command -v "${!1:-$2}")"; else missing+=("$1:$3"); fi
}

fetch_tools() {
  find_on_path PYTHON python3 python3
  find_on_path SYSTEMD_NOTIFY systemd-notify systemd
  command -v apt-get >/dev/null && { apt-get update -qq >/dev/null 2>&1 || true; }
  fetch PROMTOOL ROOT/usr/bin/promtool prometheus
  fetch PROMETHEUS ROOT/usr/bin/prometheus prometheus
  fetch PUSHGATEWAY ROOT/usr/bin/prometheus-pushgateway prometheus-pushgateway
  fetch PGBOUNCER ROOT/usr/sbin/pgbouncer pgbouncer
  fetch RUBY_PG ROOT/usr/bin/ruby3.1 ruby-pg ruby
  fetch PYTHON_PSYCOPG python3 python3-psycopg
  fetch CHROMIUM ROOT/usr/lib/chromium/chromium-headless-shell chromium-headless-shell fonts-dejavu-core
  fetch RSPEC "ROOT/usr/bin/ruby3.1 ROOT/usr/bin/rspec" ruby-rspec ruby-dry-types ruby
}

# Says how many tests each missing tool kept from running, and fails where that is not allowed.
name_what_did_not_run() {
  local entry variable count
  for entry in ${missing[@]+"${missing[@]}"}; do
    variable=${entry%%:*}
    count=$(grep -rlw "$variable" packages tests --include='*.test.ts' | xargs -r grep -lw 'process.env' | xargs -r grep -hcE '^\s*(it|test)(\.\w+)*\(' | awk '{n += $1} END {print n + 0}')
    echo "NOT RUN: ${entry#*:} ($count tests)"
  done
  if [ "${CI_STRICT:-0}" = 1 ] && [ ${#missing[@]} -gt 0 ]; then return 1; fi
}
