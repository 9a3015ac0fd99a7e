from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .tiny_models import convert, make_bart, make_marian


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Models this small only lose by sharing the work, and on a busy machine they lose a lot: 5 s become 120."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `snapshot` and `ctranslate2` of a tiny MarianMT."""
    folder = tmp_path_factory.mktemp("marian")
    convert(make_marian(folder / "snapshot"), folder / "ctranslate2")
    return folder


@pytest.fixture(scope="session")
def bart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `snapshot` and `ctranslate2` of a tiny BART."""
    folder = tmp_path_factory.mktemp("bart")
    convert(make_bart(folder / "snapshot"), folder / "ctranslate2")
    return folder
