"""gunicorn's configuration: one worker with many threads, so that one process owns model, queue and cache.

Throughput comes from the engine's replicas inside that process; more workers would hold the model several times and
share neither batches nor cache.
"""

from __future__ import annotations

import gc
import math
import os
import resource
import sys
from pathlib import Path
from typing import Any

from service import bootstrap

_SWITCH_SECONDS = 0.001
"""How long a thread keeps the interpreter lock while another wants it. A new connection and each of its reads wait for
it: beside 60 large requests `/livez` took 1.6 s with Python's own 5 ms, and takes 0.3 s. A sentence costs 2 % more."""

_settings = bootstrap.load_settings()
bootstrap.configure_logs(_settings)  # here rather than in a hook: gunicorn's first lines come before any

bind = _settings.bind
workers = 1
worker_class = "service.server.gunicorn_worker.Worker"
threads = _settings.threads
preload_app = False
timeout = 120  # seconds without a heartbeat of the worker's loop, which requests don't occupy
# Once a worker's requests have had drain_seconds they are told that the service stops, and then the cache is written:
# only after that may the arbiter kill.
graceful_timeout = math.ceil(_settings.drain_seconds) + 10
keepalive = 75  # seconds; longer than common balancers keep idle connections, so that they close first
forwarder_headers = ""  # nobody in front of us may move a request to another path by a header, as SCRIPT_NAME would
sendfile = False  # the worker's loop sends
loglevel = "info" if _settings.log_level == "debug" else _settings.log_level  # its debug lines quote paths
accesslog = None  # the application logs requests itself, with their ids and without their text
control_socket_disable = True  # it would put a file into the working directory

# Waiting callers cost a file descriptor each, and no thread. The rest of the process needs some, too.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
_wanted = threads + 2000 + 500
if _soft != resource.RLIM_INFINITY and _soft < _wanted:
    _soft = _wanted if _hard == resource.RLIM_INFINITY else min(_wanted, _hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_soft, _hard))
worker_connections = threads + 2000 if _soft == resource.RLIM_INFINITY else max(threads + 1, min(_soft, _wanted) - 500)

if Path("/dev/shm").is_dir():  # noqa: S108 - heartbeat files belong in memory: a slow disk must not kill the worker
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def on_starting(server: Any) -> None:
    """Check in the parent, before a worker is forked, that everything that is asked for is there."""
    try:
        bootstrap.preflight(_settings, listening="GUNICORN_FD" in os.environ)  # set where SIGUSR2 has started this one
    except bootstrap.USER_ERRORS as error:
        print(f"depesche: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


def when_ready(server: Any) -> None:
    """Tell the workers, which read the settings again, the port that the system chose where DEPESCHE_PORT is 0."""
    if _settings.port == 0:
        port = server.LISTENERS[0].getsockname()[1]
        os.environ["DEPESCHE_PORT"] = str(port)
        server.cfg.set("bind", _settings.model_copy(update={"port": port}).bind)  # a reload compares with this


def pre_fork(server: Any, worker: Any) -> None:
    """A worker that is started while another serves waits at the door until it is ready (`service.server.arbiter`)."""
    worker.patient = getattr(server, "somebody_serves", False)
    worker.drain_seconds = _settings.drain_seconds
    worker.most_body = _settings.max_body_bytes


def post_worker_init(worker: Any) -> None:
    """The application is imported: tell the worker how to see how far it is, and how to drop what it can't finish."""
    if (wsgi := sys.modules.get("service.server.wsgi")) is not None:
        worker.serving = wsgi.serving
        worker.give_up = lambda: wsgi.application.service.close(drain_seconds=0.0)
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.freeze()  # what is imported stays: each full collection would look through it, with every thread waiting


def worker_exit(server: Any, worker: Any) -> None:
    """Requests are answered by now: finish what they left in the queue, write the cache, free the models."""
    wsgi = sys.modules.get("service.server.wsgi")
    if wsgi is not None:
        worker.wait_given_up()
        wsgi.application.service.close(drain_seconds=2.0)
