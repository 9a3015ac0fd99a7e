"""Puts the HTTP entrance together: one Flask application over a Runtime. Knows nothing of how that is made."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask

from service.api import errors, exchange
from service.api.auth import require_key
from service.api.docs import docs_routes
from service.api.gate import Gate
from service.api.ops import ops_routes
from service.api.options import ApiOptions
from service.api.turns import Turns
from service.api.v1.catalogue import catalogue_routes
from service.api.v1.check import check_routes
from service.api.v1.summarize import summarize_routes
from service.api.v1.translate import translate_routes
from service.core.ports import Observer
from service.core.runtime import Runtime

_TURNS = 2
"""Large requests at work at once: their work is Python's, so that more only share one lock."""

__all__ = ["ApiOptions", "create_app"]


def create_app(
    runtime: Runtime, options: ApiOptions, observer: Observer, on_rest: Callable[[], None] = lambda: None
) -> Flask:
    """The WSGI application. `observer` hears of every answer and of requests turned away at the gate.

    `on_rest` is called when the last of several large requests has been answered.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # a doubled slash is an unknown path, not a redirect
    exchange.install(app, observer)
    errors.install(app)
    turns = Turns(_TURNS, observer, on_rest)
    gate = Gate(options.max_concurrent_requests, turns, options.deadline_interactive_seconds, observer)
    versioned = Blueprint("v1", __name__, url_prefix="/v1")
    if options.api_keys is not None:
        require_key(versioned, options.api_keys)
    versioned.register_blueprint(translate_routes(runtime, options, gate))
    versioned.register_blueprint(summarize_routes(runtime, options, gate))
    versioned.register_blueprint(check_routes(runtime, options, gate))
    versioned.register_blueprint(catalogue_routes(runtime))
    app.register_blueprint(versioned)
    app.register_blueprint(ops_routes(runtime))
    app.register_blueprint(docs_routes(runtime, options.version))
    return app
