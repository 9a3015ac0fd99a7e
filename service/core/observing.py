"""Telling an observer what happens, so that nothing it raises costs an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec

_log = logging.getLogger("depesche.observer")
_P = ParamSpec("_P")


def tell(event: Callable[_P, None], *args: _P.args, **kwargs: _P.kwargs) -> None:
    """Call an observer's method; a failure is logged by its kind and goes no further."""
    try:
        event(*args, **kwargs)
    except Exception as error:
        _log.warning("the observer failed: %s", type(error).__name__)
