#!/usr/bin/env bash
# Prints the first interpreter on the PATH that is Python 3.11 or newer; prints python3 when there is none.
for candidate in python3.11 python3.12 python3.13 python3 python3.14; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$candidate"
    exit 0
  fi
done
echo python3
