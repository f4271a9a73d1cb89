#!/bin/sh
# Installs what tests run: dockerd with its client and programs for an image, and the tools of the
# attacks and honest jobs in test/attacks and test/benign. May be run at any time: it does what is
# missing. Nothing that a package brings is started.
set -eu

# A command that must exist, and the package that has it.
needed="/usr/sbin/dockerd:docker.io /usr/bin/docker:docker.io /bin/busybox:busybox-static
/usr/bin/podman:podman /usr/sbin/runc:runc /usr/bin/python3:python3
/usr/bin/cmake:cmake /usr/bin/curl:curl /usr/bin/fakeroot:fakeroot /usr/bin/fuser:psmisc
/usr/bin/gdb:gdb /usr/bin/git:git /usr/bin/lsof:lsof /usr/bin/openssl:openssl /usr/bin/ps:procps
/usr/bin/ssh-keygen:openssh-client /usr/bin/ss:iproute2 /usr/bin/strace:strace /usr/bin/wget:wget
/usr/bin/xxd:xxd /usr/bin/zip:zip /sbin/losetup:mount /sbin/mkfs.ext4:e2fsprogs"

# What Debian's packages ask before they start a service (invoke-rc.d, policy-rc.d).
policy=/usr/sbin/policy-rc.d
kept=

main() {
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  [ "$(id -u)" = 0 ] || refuse "running as $(id -un), and these packages are missing: $missing"
  command -v apt-get >/dev/null || refuse "found no apt-get, and these packages are missing: $missing"
  # Two at once would take each other's prohibition for the host's own.
  exec 9>/run/lock/jobwarden-test-packages
  flock 9
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  echo "tests: installing $missing"
  trap restore_policy EXIT
  trap 'exit 1' HUP INT TERM
  forbid_services
  install || refuse "apt-get could not install these packages: $missing"
}

missing_packages() {
  for pair in $needed; do
    [ -x "${pair%%:*}" ] || echo "${pair#*:}"
  done | sort -u | tr '\n' ' '
}

forbid_services() {
  if [ -e "$policy" ]; then
    kept=$(mktemp)
    cp -p "$policy" "$kept"
  else
    kept=none
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

restore_policy() {
  case $kept in
    "") ;;
    none) rm -f "$policy" ;;
    *)
      cp -p "$kept" "$policy"
      rm -f "$kept"
      ;;
  esac
}

install() {
  log=$(mktemp)
  # The list of packages may be missing, or older than the packages.
  # shellcheck disable=SC2086 # a list
  if apt_get install $missing || { apt_get update && apt_get install $missing; }; then
    rm -f "$log"
    return
  fi
  cat "$log" >&2
  rm -f "$log"
  return 1
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null
}

# The tests run all the same: those that need them fail, and say what is missing.
refuse() {
  echo "tests: $1; tests that need them will fail" >&2
  exit 1
}

main "$@"
