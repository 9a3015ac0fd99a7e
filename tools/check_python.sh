#!/usr/bin/env bash
# Says what is missing, and how to get it, before a virtual environment is made with the interpreter $1.
set -u
python=$1
if ! command -v "$python" >/dev/null; then
  echo "Depesche needs Python 3.11 or newer; on Debian and Ubuntu: apt install python3 python3-venv" >&2
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Depesche needs Python 3.11 or newer; $python is $("$python" --version). Another one: make PYTHON=python3.12 ..." >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  echo "$python can't make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2
  exit 1
fi
