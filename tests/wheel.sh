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
sources=${RIFT_SOURCES:-}
unset RIFT_SOURCES RIFT_TEST_KEY PYTHONPATH
export RIFT_CACHE="$folder/cache"
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
# Three lines give train, dev and test.
"$bin/python" -W error::UserWarning:__main__ - <<'PYTHON'
import rift
data = rift.load("briefs")
print({split: len(rows) for split, rows in data.items()})
PYTHON
# What is free to download comes from a server on loopback, since a test has no network; then its texts are there.
if [ -d "$sources/re3d" ]; then
  "$bin/python" "$repository/tests/serve_sources.py" "$sources" > address &
  server=$!
  trap 'kill $server; rm -rf "$folder"' EXIT
  for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
  "$bin/rift" corpus fetch re3d --mirror "$(cat address)"
  "$bin/python" - <<'PYTHON'
import rift
data = rift.load("re3d")
assert all(row["text"] and row["spans"] for row in data["test"]), "a text is missing"
PYTHON
fi
echo "the wheel works on its own"
