"""gunicorn's configuration: one worker with many threads, so that one process owns model, queue and cache.

Throughput comes from the engine's replicas inside that process; more workers would hold the model several times and
share neither batches nor cache.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from service import bootstrap

_settings = bootstrap.load_settings()
bootstrap.configure_logs(_settings)  # here rather than in a hook: gunicorn's first lines come before any

bind = _settings.bind
workers = 1
worker_class = "service.server.gunicorn_worker.Worker"
threads = _settings.threads
preload_app = False
timeout = 120  # seconds without a heartbeat of the worker's main thread, which requests don't occupy
graceful_timeout = int(_settings.drain_seconds)
keepalive = 75  # seconds; longer than common balancers keep idle connections, so that they close first
loglevel = "info" if _settings.log_level == "debug" else _settings.log_level  # its debug lines quote paths
accesslog = None  # the application logs requests itself, with their ids and without their text
control_socket_disable = True  # it would put a file into the working directory
if Path("/dev/shm").is_dir():  # noqa: S108 - heartbeat files belong in memory: a slow disk must not kill the worker
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def on_starting(server: Any) -> None:
    """Check in the parent, before a worker is forked, that everything that is asked for is there."""
    try:
        bootstrap.preflight(_settings)
    except bootstrap.USER_ERRORS as error:
        print(f"depesche: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


def when_ready(server: Any) -> None:
    """Tell the workers, which read the settings again, the port that the system chose where DEPESCHE_PORT is 0."""
    if _settings.port == 0:
        os.environ["DEPESCHE_PORT"] = str(server.LISTENERS[0].getsockname()[1])


def worker_exit(server: Any, worker: Any) -> None:
    """Requests are answered by now: finish what they left in the queue, write the cache, free the models."""
    wsgi = sys.modules.get("service.server.wsgi")
    if wsgi is not None:
        wsgi.application.service.close(drain_seconds=2.0)
