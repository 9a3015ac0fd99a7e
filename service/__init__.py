"""Depesche: German news text into English, and article summaries, over HTTP.

The rooms (sub-packages) and what each may import are described in CONTRIBUTING.md and enforced by import-linter.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("depesche")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0+source"
