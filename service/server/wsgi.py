"""The WSGI entrance for gunicorn. Importing it opens the service, so it is imported in the worker, never before a fork.

A model made before a fork hangs in the child, so gunicorn must not preload this module
(`service.server.gunicorn_conf` sees to that).
"""

from __future__ import annotations

from service import bootstrap
from service.server.greeting import greeting

settings = bootstrap.load_settings()
application = bootstrap.open_application(settings)
app = application.wsgi()
application.service.start(when_ready=lambda: print(greeting(application), flush=True))  # noqa: T201
