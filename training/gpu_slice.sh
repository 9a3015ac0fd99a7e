#!/usr/bin/env bash
# One slice of training on a machine that is lent for short stretches. The same command starts and resumes.
#
#   training/gpu_slice.sh INPUTS WORK OUT [OPTIONS OF training.train]
#
# INPUTS  what `training.prepare pack` wrote. It is kept under WORK, so later calls may name a folder that isn't there.
# WORK    a folder of the machine. While it lasts, training resumes from its complete state, as if never interrupted.
# OUT     what must leave the machine: the compact state (or, at the end, the weights), log.json, curve.svg. Seven files
#         of at most 16 MiB, 60 MiB together.
# Without options it only keeps INPUTS: for machines that take no more than inputs or state at once.
# After WORK was lost: add `--carried FOLDER` with the OUT of the slice before.
set -euo pipefail

if [ $# -lt 3 ]; then
    sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
inputs=$1 work=$2 out=$3
shift 3
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "$work" "$out"

if [ -f "$inputs/train.shard.xz" ] && [ ! "$inputs" -ef "$work/inputs" ]; then
    rm -rf "$work/inputs.new"
    cp -r "$inputs" "$work/inputs.new"
    rm -rf "$work/inputs"
    mv "$work/inputs.new" "$work/inputs"
fi
if [ ! -f "$work/inputs/train.shard.xz" ]; then
    echo "neither $inputs nor $work/inputs holds train.shard.xz" >&2
    exit 2
fi
if [ $# -eq 0 ]; then
    echo "kept the inputs in $work/inputs"
    exit 0
fi

# The training takes the place of this shell, so that it gets the signals that are meant to stop it.
export PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}" PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1
exec "${PYTHON:-python3}" -m training.train --inputs "$work/inputs" --work "$work" --out "$out" "$@"
