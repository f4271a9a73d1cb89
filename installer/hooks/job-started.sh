#!/bin/sh
# The hook of ACTIONS_RUNNER_HOOK_JOB_STARTED. It becomes the hook program, so that what
# asks the agent is the runner's own child. A file `required` beside it: no answer fails the job.
set -eu

main() {
  here=${0%/*}
  hook=$here/../../native/build/hook
  required=
  [ ! -e "$here/required" ] || required=--required
  # shellcheck disable=SC2086 # no argument when it is empty
  [ ! -x "$hook" ] || exec "$hook" started $required
  echo "::warning title=jobwarden::$hook is missing; expected what set-up builds."
  [ -z "$required" ]
}

main
