#!/bin/sh
# npm test [-- options and files]: set-up, then the tests named; without a name, all of them.
set -eu

longest_test_ms=480000

main() {
  cd "$(dirname "$0")/.."
  sh installer/setup.sh
  sh installer/test_packages.sh || : # it has said what is missing; the tests that need it fail
  names_a_file "$@" || set -- "$@" "test/**/*.test.ts"
  # A test that waits for what never comes fails, with its name, instead of holding up CI.
  exec node_modules/.bin/node --test --test-timeout="$longest_test_ms" "$@"
}

names_a_file() {
  for argument; do
    case $argument in -*) ;; *) return 0 ;; esac
  done
  return 1
}

main "$@"
