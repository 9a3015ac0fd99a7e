"""The models that come along are named wherever something is packed: forgotten in one place, they are missing there."""

import re
from pathlib import Path

import pytest

from service.models.specs import load_specs

ROOT = Path(__file__).parents[2]
BUNDLED = {spec.id for profile in ("starter", "demo") for spec in load_specs().resolve(profile)}
NAMED = {
    ".gitignore": r"^!/model_cache/([\w-]+)/$",
    ".dockerignore": r"^!model_cache/([\w-]+)$",
    "Dockerfile": r"^COPY model_cache/([\w-]+) model_cache/\1$",
    "pyproject.toml": r'^"model_cache/([\w-]+)" = "service/models/bundled/\1"$',  # the wheel
}


@pytest.mark.parametrize("file", NAMED)
def test_every_file_that_packs_names_exactly_the_bundled_models(file: str) -> None:
    assert set(re.findall(NAMED[file], (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)) == BUNDLED


def test_the_source_distribution_leaves_no_bundled_model_out() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert set(re.findall(r'"!/model_cache/([\w-]+)"', text)) == BUNDLED
