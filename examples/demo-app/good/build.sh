#!/bin/sh
# The step of the job: checks the sources, runs the app, checks its result.
set -eu

main() {
  mkdir -p build
  echo "checking the sources"
  PYTHONPYCACHEPREFIX=build/cache python3 -m py_compile ./*.py
  echo "running the app"
  python3 app.py words.txt build/counts.json
  test -s build/counts.json
  echo "done"
}

main "$@"
