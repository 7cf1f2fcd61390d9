# Fetches the tools that some tests need, and exports where they are. Sourced by .ci/run.

tools=${CI_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/tasker-observability-tools}
missing=()

# fetch <package> <path inside it> <variable>: unpacks a Debian package without installing it.
fetch() {
  local package=$1 inside=$2 variable=$3 found
  found=$tools/$package$inside
  if [ ! -x "$found" ]; then
    local work
    work=$(mktemp -d)
    (cd "$work" && apt-get download "$package" >/dev/null 2>&1 && mkdir -p "$tools/$package" && dpkg -x ./*.deb "$tools/$package") || true
    rm -rf "$work"
  fi
  if [ -x "$found" ] && runs "$found"; then
    export "$variable=$found"
    echo "$package: $found"
  else
    missing+=("$variable:$package")
  fi
}

# A program whose libraries are not here is as good as none.
runs() { ! ldd "$1" 2>/dev/null | grep -q 'not found'; }

fetch_tools() {
  command -v apt-get >/dev/null && { apt-get update -qq >/dev/null 2>&1 || true; }
  fetch prometheus /usr/bin/promtool PROMTOOL
  fetch prometheus /usr/bin/prometheus PROMETHEUS
  fetch prometheus-pushgateway /usr/bin/prometheus-pushgateway PUSHGATEWAY
  fetch pgbouncer /usr/sbin/pgbouncer PGBOUNCER
}

# Says how many tests each missing tool kept from running, and fails where that is not allowed.
name_what_did_not_run() {
  local entry variable count
  for entry in ${missing[@]+"${missing[@]}"}; do
    variable=${entry%%:*}
    count=$(grep -rlw "$variable" packages tests --include='*.test.ts' | xargs -r grep -lw 'process.env' | xargs -r grep -hcE '^\s*(it|test)(\.\w+)?\(' | awk '{n += $1} END {print n + 0}')
    echo "NOT RUN: ${entry#*:} ($count tests)"
  done
  if [ "${CI_STRICT:-0}" = 1 ] && [ ${#missing[@]} -gt 0 ]; then return 1; fi
}
