#!/usr/bin/env bash
# Trains the demo models and installs them under model_cache/, where they are committed. $1 is a folder of executables.
set -euo pipefail
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/python" -m tools.demo_models.make "$work"
for model in demo-de-en demo-summarizer-en; do
  DEPESCHE_OFFLINE=1 DEPESCHE_MODEL_CACHE=model_cache "$bin/depesche" models import "$work/$model"
done
