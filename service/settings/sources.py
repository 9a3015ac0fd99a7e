"""Gathers settings from the environment and a file, and says everything that is wrong with them at once.

Knows names, origins and faults, and nothing of what the settings mean.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv.parser import parse_stream
from pydantic import ValidationError

from service.core.errors import SettingsError

PREFIX = "DEPESCHE_"
ENV_FILE = f"{PREFIX}ENV_FILE"
DEFAULT_FILE = "depesche.env"
MASK = "********"

_SECRET = re.compile(r"(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|KEY)$", re.IGNORECASE)
_USERINFO = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_FROM_KUBERNETES = re.compile(rf"{PREFIX}(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP))|{PREFIX}PORT=(tcp|udp)://")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value as it was written, and where: "environment" or "file"."""

    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `value` is None where there is none to show."""

    name: str
    value: str | None
    reason: str

    def __str__(self) -> str:
        shown = "" if self.value is None else f"={mask(self.name, self.value)!r}"
        return f"{self.name}{shown}: {self.reason}"


def gather(
    fields: Iterable[str], environ: Mapping[str, str], directory: Path
) -> tuple[dict[str, Setting], list[Fault]]:
    """The settings by field name, the environment before the file; and the names that no field has.

    The file is the one that DEPESCHE_ENV_FILE names, or `depesche.env` in `directory` if it is there.
    """
    known = {f"{PREFIX}{field.upper()}": field for field in fields}
    settings: dict[str, Setting] = {}
    faults: list[Fault] = []
    in_file, file_faults = _read_file(environ, directory)
    faults += file_faults
    mine = {name: value for name, value in environ.items() if name.upper().startswith(PREFIX) and name != ENV_FILE}
    for origin, values in (("file", in_file), ("environment", mine)):
        for name, value in values.items():
            if name in known:
                settings[known[name]] = Setting(value, origin)
            else:
                faults.append(Fault(name, value, _unknown(name, value, known, origin)))
    return settings, faults


def faults_of(error: ValidationError, settings: Mapping[str, Setting]) -> list[Fault]:
    """What pydantic found wrong with `settings`."""
    faults = []
    for entry in error.errors(include_url=False):
        field = str(entry["loc"][0]) if entry["loc"] else ""
        name = f"{PREFIX}{field.upper()}"
        given = settings.get(field)
        reason = str(entry["msg"]).removeprefix("Value error, ")
        if given is not None and _FROM_KUBERNETES.match(f"{name}={given.value}"):
            reason += _KUBERNETES_HINT
        faults.append(Fault(name, given.value if given else None, reason))
    return faults


def refuse(faults: Iterable[Fault]) -> SettingsError:
    """One error for all `faults`."""
    lines = [str(fault) for fault in faults]
    headline = "a setting can't be used:" if len(lines) == 1 else f"{len(lines)} settings can't be used:"
    return SettingsError("\n  ".join([headline, *lines]))


def mask(name: str, value: str) -> str:
    """`value` without what is secret in it, judging by the name and by the form of URLs."""
    if _SECRET.search(name):
        return MASK
    return _USERINFO.sub(MASK, value)


_KUBERNETES_HINT = "; Kubernetes sets this for a service named depesche: set enableServiceLinks: false in the pod"


def _read_file(environ: Mapping[str, str], directory: Path) -> tuple[dict[str, str], list[Fault]]:
    named = environ.get(ENV_FILE)
    path = directory / (named or DEFAULT_FILE)
    values: dict[str, str] = {}
    faults = []
    try:
        with path.open(encoding="utf-8") as file:
            for binding in parse_stream(file):
                where = f"{path.name}, line {binding.original.line}"
                if binding.error:
                    faults.append(Fault(where, None, "can't be read; lines have the form NAME=value"))
                elif binding.key is not None and binding.value is None:
                    faults.append(Fault(binding.key, None, f"has no value ({where})"))
                elif binding.key is not None and binding.value is not None:
                    values[binding.key] = binding.value
    except FileNotFoundError:
        if named:
            faults.append(Fault(ENV_FILE, named, "there is no such file"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8"
        faults.append(Fault(ENV_FILE, str(path), f"can't be read: {reason}"))
    return values, faults


def _unknown(name: str, value: str, known: Iterable[str], origin: str) -> str:
    reason = f"unknown name in the {origin}"
    if _FROM_KUBERNETES.match(f"{name}={value}"):
        return reason + _KUBERNETES_HINT
    bare = name.upper()
    close = difflib.get_close_matches(bare, known, n=1, cutoff=0.75) or difflib.get_close_matches(
        bare if bare.startswith(PREFIX) else PREFIX + bare, known, n=1, cutoff=0.75
    )
    return f"{reason}; did you mean {close[0]}?" if close else reason
