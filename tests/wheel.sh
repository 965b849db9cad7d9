#!/usr/bin/env bash
# Install the wheel in an empty environment and run the main job from it, in a folder from which `src/` cannot be reached.
# usage: tests/wheel.sh [PYTHON]
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
wheel=$(ls "$repository"/dist/rift_corpus-*.whl)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${1:-python3}" -m venv "$folder/environment"
bin="$folder/environment/bin"
# The same pins as everywhere, less the package itself; hashes are checked.
"$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement "$repository/requirements.lock"
"$bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index "$wheel"
cd "$folder"
unset RIFT_SOURCES PYTHONPATH
where=$("$bin/python" -c 'import rift, rift.paths; print(rift.__file__, rift.paths.data_root())')
case "$where" in
  *"$repository"*) echo "the wheel test reaches the repository: $where"; exit 1 ;;
esac
"$bin/rift" --version
"$bin/rift" corpus check
"$bin/rift" annotations check
"$bin/rift" reproduce
test -s build/report/index.html
"$bin/rift" score briefs/dev build/predictions/rules/briefs-dev.jsonl
echo "the wheel works on its own"
