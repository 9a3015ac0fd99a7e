#!/usr/bin/env bash
# Trains the demo models and installs them under model_cache/, where they are committed. $1 is a folder of executables;
# further arguments are ids of models, without which all of them are made.
set -euo pipefail
bin=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/python" -m tools.demo_models.make "$work" "${@/#/--model=}"
for snapshot in "$work"/*; do
  DEPESCHE_OFFLINE=1 DEPESCHE_MODEL_CACHE=model_cache "$bin/depesche" models import "$snapshot"
done
