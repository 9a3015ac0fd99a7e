"""Makes the core's RequestContext from the current HTTP request."""

from __future__ import annotations

from flask import request

from service.api.disconnect import hang_up_check
from service.api.exchange import current
from service.api.options import ApiOptions
from service.api.turns import Aside
from service.core.enums import Quality
from service.core.types import Priority, RequestContext


def cache_directives(header: str) -> frozenset[str]:
    """The names of the directives in a Cache-Control header, in lower case."""
    return frozenset(part.partition("=")[0].strip().lower() for part in header.split(","))


def request_context(
    priority: Priority, options: ApiOptions, aside: Aside, quality: Quality = Quality.BEST
) -> RequestContext:
    """Deadline (counted from when the request came in), priority, cache permissions, hang-up check, turn."""
    exchange = current()
    seconds = options.deadline_seconds(priority)
    directives = cache_directives(request.headers.get("Cache-Control", ""))
    exchange.context = RequestContext(
        deadline=exchange.started + seconds,
        allowed_seconds=seconds,
        priority=priority,
        quality=quality,
        read_cache="no-cache" not in directives,
        write_cache="no-store" not in directives,
        abandoned=hang_up_check(request.environ),
        timings=exchange.timings,
        aside=aside,
    )
    return exchange.context
