"""Commands that measure Depesche: `python -m bench.NAME`."""
