"""The WSGI entrance for gunicorn. Importing it opens the service, so it is imported in the worker, never before a fork.

A model made before a fork hangs in the child, so gunicorn must not preload this module
(`service.server.gunicorn_conf` sees to that).
"""

from __future__ import annotations

import threading

from service import bootstrap
from service.server.greeting import greeting
from service.server.gunicorn_worker import Serving

settings = bootstrap.load_settings()
application = bootstrap.open_application(settings)
app = application.wsgi()
_LATER_SECONDS = 1.0  # after the first requests that waited for the start, before anybody has read a translation
_outcome = [Serving.LOADING]


def serving() -> Serving:
    """How far the service is; it never comes back from READY or FAILED."""
    return _outcome[-1]


def _ready() -> None:
    print(greeting(application), flush=True)  # noqa: T201
    _outcome.append(Serving.READY)
    later = threading.Timer(_LATER_SECONDS, bootstrap.import_ranker)
    later.daemon = True
    later.start()


def _failed(reason: str) -> None:  # the service has logged the reason
    _outcome.append(Serving.FAILED)


application.service.start(when_ready=_ready, when_failed=_failed)
