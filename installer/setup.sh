#!/bin/sh
# Brings a clone to the point where everything runs. May be run at any time: it does what is missing.
set -eu

# A command that must exist, and the package that has it. dpkg-source unpacks the sources of libbpf.
tools="clang:clang bpftool:bpftool make:make g++:g++ dpkg-source:dpkg-dev flock:util-linux
python3:python3"

# Source packages of Debian 12, and the SHA-256 of their .dsc. A .dsc has the checksums of its
# archives, and dpkg-source compares them. Sources are the same for every architecture.
sources="
libbpf 1.1.2-0+deb12u1 96f81dad2d5f1505ac8c3630249c77f7fcb9ab2f429c4386b2eee2149b7a8c4b
elfutils 0.188-2.1 2e73c5bfe9d0ddbf837742d638c43b049590ae1de8f6e3d9c2740c28e2550760
zlib 1:1.2.13.dfsg-1 3fa1e6b2fc525062aa88207dda52fed8e045373c809d362fe8a2bfbf7cf515a8
"

did_something=no
scratch=

main() {
  cd "$(dirname "$0")/.."
  root=$(pwd)
  PATH=$PATH:/usr/sbin:/sbin # bpftool, for a user who is not root
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 1' HUP INT TERM

  check_platform
  scratch=$(mktemp -d)
  install_packages
  one_at_a_time
  install_modules
  build_libbpf
  build "the BPF object" bpf
  build "the addon" native
  check_btf

  if [ "$did_something" = no ]; then
    echo "set-up: everything is in place"
    return
  fi
  say "done"
}

check_platform() {
  found="$(uname -s) $(uname -m)"
  case $found in
    "Linux x86_64" | "Linux aarch64") ;;
    *) refuse "this machine is $found; expected Linux on x86_64 or aarch64" \
      "run it on such a machine" ;;
  esac
  command -v npm >/dev/null || refuse "found no npm; expected npm 10 or later" \
    "install Node 20 or later, which has npm"
}

install_packages() {
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || refuse "found no apt-get, and these are missing: $missing" \
    "install them with this system's package manager, then run set-up again"
  [ "$(id -u)" = 0 ] || refuse "running as $(id -un), and these packages are missing: $missing" \
    "as root, run: apt-get install $missing"

  say "installing packages: $missing"
  quietly apt-get update
  # shellcheck disable=SC2086 # a list of words
  quietly env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
}

missing_packages() {
  missing=
  for tool in $tools; do
    command -v "${tool%%:*}" >/dev/null || missing="$missing ${tool#*:}"
  done
  echo "${missing# }"
}

# Locks the folder itself: that needs no lock file and no right to write. The lock ends with us.
one_at_a_time() {
  exec 9<"$root"
  flock -n 9 && return
  echo "set-up: waiting for another set-up of this clone"
  flock 9
}

# `npm ci` starts from nothing each time, so it runs when the lock file has changed and only then.
install_modules() {
  stamp=node_modules/.jobwarden-lock
  wanted=$(sha256sum <package-lock.json)
  if [ -x node_modules/.bin/node ] && [ "$(contents "$stamp")" = "$wanted" ]; then return; fi

  say "installing npm packages, Node 24 among them"
  quietly npm_ci
  found=$(node_modules/.bin/node --version 2>&1) || true
  case $found in
    v24.*) ;;
    *) refuse "node_modules/.bin/node says '$found'; expected v24" \
      "allow the install script of the npm package 'node', then run set-up again" ;;
  esac
  # npx finds a command here; a project's own it would otherwise install into its cache first.
  ln -sf ../../installer/jobwarden node_modules/.bin/jobwarden
  echo "$wanted" >"$stamp"
}

# npm must not run on the Node that it is about to delete, which `npm run` puts first on the path.
# The level is named because `npm --silent run` hands its silence down.
npm_ci() {
  PATH=$(echo "$PATH" | tr : '\n' | grep -v '/node_modules/\.bin$' | paste -s -d :) \
    npm ci --loglevel=warn 9<&-
}

build_libbpf() {
  stamp=native/deps/libbpf/made-from
  wanted=$(echo "$sources" && uname -m && sha256sum <native/deps.mk)
  [ "$(contents "$stamp")" != "$wanted" ] || return 0

  say "obtaining the sources of libbpf, libelf and zlib"
  rm -rf native/deps/src native/deps/build native/deps/unfinished
  mkdir -p native/deps/src
  private_apt
  echo "$sources" | while read -r name version sha256; do
    [ -z "$name" ] || unpack_source "$name" "$version" "$sha256"
  done

  say "building libbpf, libelf and zlib"
  # Built aside and renamed, so that a set-up that was interrupted leaves nothing half done.
  quietly make -C native -f deps.mk -j "$(nproc)" OUT=deps/unfinished
  echo "$wanted" >native/deps/unfinished/made-from
  rm -rf native/deps/libbpf
  mv native/deps/unfinished native/deps/libbpf
  rm -rf native/deps/src native/deps/build
}

# The machine's own mirrors, asked for sources: its apt configuration stays as it is.
private_apt() {
  mkdir -p "$scratch/lists/partial" "$scratch/archives/partial"
  source_list >"$scratch/sources.list"
  if [ ! -s "$scratch/sources.list" ] && [ "$(id -u)" = 0 ]; then
    quietly apt-get update
    source_list >"$scratch/sources.list"
  fi
  [ -s "$scratch/sources.list" ] || refuse "apt knows no Debian archive; expected Debian 12" \
    "configure one, and as root run: apt-get update"

  cat >"$scratch/apt.conf" <<EOF
Dir::Etc::sourcelist "$scratch/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$scratch/lists";
Dir::Cache "$scratch";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "root";
APT::Get::AllowUnauthenticated "false";
APT::Update::Error-Mode "any";
EOF
  quietly env APT_CONFIG="$scratch/apt.conf" apt-get update
}

# The release itself before its updates: apt takes the first of equal versions, and a source that
# came into the release with an update is not in every mirror of the updates.
source_list() {
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  options=
  [ ! -e "$keyring" ] || options="[signed-by=$keyring] "
  apt-get indextargets \
    --format "\$(RELEASE) deb-src $options\$(REPO_URI) \$(RELEASE) \$(COMPONENT)" \
    "Created-By: Packages" "Origin: Debian" | LC_ALL=C sort -u | cut -d ' ' -f 2-
}

unpack_source() {
  export APT_CONFIG="$scratch/apt.conf"
  offered=$(apt-cache showsrc --only-source "$1" 2>/dev/null | sed -n 's/^Version: //p' | sort -u)
  echo "$offered" | grep -qxF -- "$2" || refuse \
    "the mirror has $1 $(echo ${offered:-in no version}); expected $2" \
    "check the newer version, then change version and checksum in installer/setup.sh"

  (cd "$scratch" && quietly apt-get source --download-only "$1=$2")
  dsc=$(echo "$scratch/$1"_*.dsc)
  found=$(sha256sum <"$dsc" | cut -d ' ' -f 1)
  [ "$found" = "$3" ] || refuse "the source of $1 $2 has SHA-256 $found; expected $3" \
    "do not use this mirror; find out who changed the file"
  quietly dpkg-source --no-copy -x "$dsc" "native/deps/src/$1"
}

# make decides whether there is work; asked first, so that nothing is said when there is none.
build() {
  if make -s -q -C "$2" >/dev/null 2>&1; then return; fi
  say "building $1"
  quietly make -C "$2" -j "$(nproc)"
}

check_btf() {
  [ -e /sys/kernel/btf/vmlinux ] || echo "set-up: warning: /sys/kernel/btf/vmlinux is missing;" \
    "everything is built, but tracing on this kernel needs CONFIG_DEBUG_INFO_BTF=y" >&2
}

# Runs a command and shows what it printed only when it fails.
quietly() {
  log=$scratch/log
  if "$@" >"$log" 2>&1 </dev/null; then
    rm -f "$log"
    return
  fi
  cat "$log" >&2
  rm -f "$log"
  refuse "'$*' failed; expected it to succeed" "read its messages above, then run set-up again"
}

contents() {
  cat "$1" 2>/dev/null || true
}

say() {
  did_something=yes
  echo "set-up: $1"
}

# What was found and expected, then what to do.
refuse() {
  echo "set-up: $1." >&2
  echo "set-up: What to do: $2." >&2
  exit 1
}

main "$@"
