"""The application over fakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.app import ApiOptions, create_app
from tests.api.fakes import FakeObserver, FakeRuntime

Connect = Callable[..., FlaskClient]


@pytest.fixture
def runtime() -> FakeRuntime:
    return FakeRuntime()


@pytest.fixture
def observer() -> FakeObserver:
    return FakeObserver()


@pytest.fixture
def connect(runtime: FakeRuntime, observer: FakeObserver) -> Connect:
    """Makes a client for an application with the given options."""

    def make(**options: Any) -> FlaskClient:
        return create_app(runtime, ApiOptions(**options), observer).test_client()

    return make


@pytest.fixture
def client(connect: Connect) -> FlaskClient:
    return connect()
