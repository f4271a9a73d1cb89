#!/bin/sh
# npm test [-- options and files]: set-up, then the tests named; without a name, all of them.
set -eu

main() {
  cd "$(dirname "$0")/.."
  sh installer/setup.sh
  names_a_file "$@" || set -- "$@" "test/**/*.test.ts"
  exec node_modules/.bin/node --test "$@"
}

names_a_file() {
  for argument; do
    case $argument in -*) ;; *) return 0 ;; esac
  done
  return 1
}

main "$@"
