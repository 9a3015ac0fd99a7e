from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.server import Server
from tools.demo_models.corpus import read_pairs


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One service for the tests that only ask it things."""
    with Server(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(scope="session")
def pairs() -> list[tuple[str, str]]:
    """The demo corpus, which the demo model knows by heart."""
    return [(pair.source, pair.target) for pair in read_pairs()]
