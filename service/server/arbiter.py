"""gunicorn's arbiter, the parent process, with other habits: a service that can't start ends at once and says why, a
worker that dies is replaced without haste, and a reload stops the old worker only when the new one is ready.

`run` starts the service in this process; so does `python -m service.server`.
"""

from __future__ import annotations

import importlib
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from gunicorn import sock
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter as GunicornArbiter
from gunicorn.errors import HaltServer

from service import bootstrap
from service.server.gunicorn_worker import BOOT_ERROR, is_ready

_log = logging.getLogger("depesche.server")  # in lines of gunicorn's logger all that is quoted is masked

RELOAD_SECONDS = 600.0
"""What a new worker may take to become ready in a reload; then it is stopped, and the old one goes on."""

LONGEST_PAUSE = 30.0
"""Seconds before a worker that keeps dying is replaced; the first pause is 1 s, each further one twice as long."""

_HEALTHY_SECONDS = 60.0
"""A worker that served this long has been well: pauses begin anew."""

_CONFIG = "service.server.gunicorn_conf"
_CGROUP = Path("/sys/fs/cgroup")


def run() -> None:
    """Serve until a signal ends it; exits this process."""
    sys.argv = ["depesche", "--config", f"python:{_CONFIG}", "service.server.wsgi:app"]
    Application(prog="depesche").run()


class Application(WSGIApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's application, whose configuration is read again on a reload."""

    def get_config_from_module_name(self, module_name: str) -> dict[str, Any]:
        """The configuration's names; of a module that was imported before, what it now says."""
        if module_name in sys.modules:
            return vars(importlib.reload(sys.modules[module_name]))
        return vars(importlib.import_module(module_name))

    def run(self) -> None:
        """Run the arbiter."""
        try:
            Arbiter(self).run()
        except RuntimeError as error:  # gunicorn's, for what it can't be configured to
            print(f"depesche: {error}", file=sys.stderr)  # noqa: T201
            sys.exit(1)


class Arbiter(GunicornArbiter):  # type: ignore[misc]  # gunicorn has no types
    """Workers have three marks here: `started` and `ready_since` on `time.monotonic()`, and `dismissed`."""

    LISTENERS: Any

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.START_CTX["args"] = [sys.executable, "-m", "service.server"]  # what SIGUSR2 starts
        self.somebody_serves = False  # while a worker is made; `gunicorn_conf.pre_fork` reads it
        self._once_ready = False
        self._ending = False
        self._pause = 0.0
        self._not_before = 0.0

    # Workers come and go.

    def spawn_worker(self) -> Any:
        """Fork a worker. It accepts nobody until it is ready where another one serves meanwhile."""
        self.somebody_serves = any(not worker.dismissed for worker in self.WORKERS.values())
        pid = super().spawn_worker()
        worker = self.WORKERS[pid]
        worker.started = time.monotonic()
        worker.ready_since = None
        worker.dismissed = False
        return pid

    def manage_workers(self) -> None:
        """Called about once a second: replace workers that have died, dismiss those that newer ones replace."""
        self._note_ready()
        now = time.monotonic()
        staff = sorted((each for each in self.WORKERS.values() if not each.dismissed), key=lambda each: each.age)
        if len(staff) < self.num_workers:
            if now >= self._not_before:
                self.spawn_workers()
            return
        old, new = staff[: -self.num_workers], staff[-self.num_workers :]
        if all(each.ready_since is not None for each in new):
            for worker in old:
                self._dismiss(worker)
        elif old:
            for worker in new:
                if worker.ready_since is None and now > worker.started + RELOAD_SECONDS:
                    _log.error("the new worker isn't ready after %d s: the old one goes on", RELOAD_SECONDS)
                    self._dismiss(worker)

    def _note_ready(self) -> None:
        for worker in self.WORKERS.values():
            if worker.ready_since is None and is_ready(worker):
                worker.ready_since = time.monotonic()
                self._once_ready = True

    def spawn_workers(self) -> None:
        """Start as many workers as are missing; dismissed ones don't count."""
        staff = sum(not worker.dismissed for worker in self.WORKERS.values())
        for _ in range(self.num_workers - staff):
            self.spawn_worker()

    def _dismiss(self, worker: Any) -> None:
        worker.dismissed = True
        self.kill_worker(worker.pid, signal.SIGTERM)

    def reap_workers(self) -> None:
        """Reap workers that have ended. Raises HaltServer where none has ever been ready: trying again won't help."""
        self._note_ready()
        before = dict(self.WORKERS)
        with suppress(HaltServer):  # a worker could not start; what that means is decided below
            super().reap_workers()
        dead = [worker for pid, worker in before.items() if pid not in self.WORKERS]
        for worker in dead:
            if not worker.tmp._tmp.closed:  # left open by HaltServer
                worker.tmp.close()
        if not self._ending:
            self._after_deaths([worker for worker in dead if not worker.dismissed])

    def _after_deaths(self, dead: list[Any]) -> None:
        if not dead:
            return
        if any(not worker.dismissed for worker in self.WORKERS.values()):
            _log.error("the new worker could not start: the old one goes on. The lines above say why")
            return
        if not self._once_ready:
            raise HaltServer("the service could not start; the lines above say why", BOOT_ERROR)
        now = time.monotonic()
        if any(worker.ready_since and now > worker.ready_since + _HEALTHY_SECONDS for worker in dead):
            self._pause = 0.0
        self._pause = min(max(1.0, 2 * self._pause), LONGEST_PAUSE)
        self._not_before = now + self._pause
        _log.error("the worker has died; another one starts in %d s", self._pause)

    def stop(self, graceful: bool = True) -> None:
        """End all workers."""
        self._ending = True
        super().stop(graceful)

    # Reload.

    def handle_hup(self) -> None:
        """Read the settings again and replace the worker; with settings that can't be used, leave all as it is."""
        try:
            settings = bootstrap.load_settings()
            address = self.cfg.address[0]
            bootstrap.preflight(settings, listening=(settings.host, settings.port) == tuple(address[:2]))
        except bootstrap.USER_ERRORS as error:
            _log.error("reload refused, the service goes on as it was: %s", error)
            return
        except Exception as error:
            _log.error("reload refused, the service goes on as it was: %s", type(error).__name__)
            return
        before = self.cfg.address
        self.app.reload()
        self.setup(self.app)
        self.log.reopen_files()
        if before != self.cfg.address:
            for listener in self.LISTENERS:
                listener.close()
            self.LISTENERS = sock.create_sockets(self.cfg, self.log)
        self.cfg.on_reload(self)
        self._not_before, self._pause = 0.0, 0.0
        serving = [worker for worker in self.WORKERS.values() if not worker.dismissed]
        if serving and not room_beside(serving[0].pid):
            _log.warning("not enough memory for two workers: the old one stops before the new one is ready")
            for worker in serving:
                self._dismiss(worker)
        _log.info("reload: a new worker starts")
        self.spawn_worker()


def room_beside(pid: int) -> bool:
    """Whether memory has room for another process as large as `pid`; True where that can't be told (no Linux)."""
    try:
        needed = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, IndexError, StopIteration):
        return True
    try:
        limit = int((_CGROUP / "memory.max").read_text())
        used = int((_CGROUP / "memory.current").read_text())
        # The kernel counts cached files, which it gives up when asked to.
        stat = dict(line.split() for line in (_CGROUP / "memory.stat").read_text().splitlines())
        free = min(free, limit - used + int(stat.get("inactive_file", 0)))
    except (OSError, ValueError):  # no cgroup of its own, or no limit ("max")
        pass
    return free > needed
