"""An observer that fails costs no answer."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from service.observability.guarded import GuardedObserver
from tests.core.fakes import RecordingObserver


class Failing(RecordingObserver):
    def __getattribute__(self, name: str) -> Any:
        raise ValueError("no disk, no memory, no luck")


CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "request": (("/", "GET", 200, 0.1), {}),
    "batch": (
        ("toy",),
        {"segments": 1, "tokens": 1, "padded_tokens": 1, "engine_seconds": 0.1, "failed": False},
    ),
    "queue_wait": (("toy", 0.1), {}),
    "dropped": (("toy", "expired"), {}),
    "rejected": (("toy", "queue_full"), {}),
    "flagged": (("toy", "split"), {}),
    "retried": (("toy",), {}),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_an_observer_raises_goes_no_further(name: str, caplog: pytest.LogCaptureFixture) -> None:
    arguments, named = CALLS[name]
    with caplog.at_level(logging.WARNING):
        getattr(GuardedObserver(Failing()), name)(*arguments, **named)
    assert "ValueError" in caplog.text
    assert "luck" not in caplog.text


def test_what_happens_is_passed_on() -> None:
    inner = RecordingObserver()
    observer = GuardedObserver(inner)
    observer.flagged("toy", "split")
    observer.retried("toy")
    observer.rejected("toy", "queue_full")
    assert (inner.flags, inner.retries, inner.rejections) == (["split"], 1, ["queue_full"])
