"""What happens around the start of a process: checks before it, logs, and the words that greet the user after it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection

from service.bootstrap.application import Application, load_keys, open_disk_tier
from service.bootstrap.cautions import cautions
from service.bootstrap.models import ModelShelf
from service.cache.sqlite import SqliteCache
from service.core.errors import DepescheError
from service.observability.logs import configure_logging
from service.settings import Settings, SettingsError

USER_ERRORS = (DepescheError,)
"""Errors whose message is meant for the user, and tells the whole story."""

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound
"""Where a service that listens on all addresses is found from its own machine."""

_EXAMPLE = "Der Ministerpräsident trat zurück."


def configure_logs(settings: Settings) -> None:
    """Route all logging of this process as the settings say."""
    configure_logging(settings.log_level, settings.resolved_log_format)


def preflight(settings: Settings, *, listening: bool = False) -> None:
    """Raise one of USER_ERRORS where the service couldn't start: no models, bad key file, address in use.

    `listening` says that this process has the address already, so that it isn't asked for.
    """
    shelf = ModelShelf.of(settings)
    shelf.serving(shelf.choose(settings.profile))
    load_keys(settings)
    if listening:
        return
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"can't listen on {host_in_url(settings.host)}:{settings.port}: {error.strerror}; "
                "DEPESCHE_PORT chooses another port, DEPESCHE_HOST another address"
            ) from error


def host_in_url(host: str) -> str:
    """`host` as it stands before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def greeting(application: Application) -> str:
    """What to tell the user once the models are warm: where the service is, what serves, and what to try."""
    settings = application.settings
    address = f"http://{host_in_url(_EVERYWHERE.get(settings.host, settings.host))}:{settings.port}"
    models = ", ".join(f"{model.info.id} ({model.info.tier})" for model in application.service.models())
    lines = [
        "",
        f"Depesche is ready on {address} with {application.reason}",
        f"  models  {models}",
        f"  docs    {address}/docs",
        "  try     " + f"curl -s {address}/v1/translate -H 'Content-Type: application/json' \\",
        f'            -d \'{{"text": "{_EXAMPLE}"}}\'',
    ]
    lines += [f"  note    {text}" for text in cautions(model.info.tier for model in application.service.models())]
    return "\n".join((*lines, ""))


@contextmanager
def disk_cache(settings: Settings) -> Iterator[SqliteCache]:
    """The cache on disk, without the rest of the service. Raises SettingsError where there is none, or none to use."""
    tier = open_disk_tier(settings)
    if tier is None:
        raise SettingsError("there is no cache on disk: DEPESCHE_CACHE_DIR is empty")
    try:
        # To a request a cache that can't be read is a miss; to somebody who asks for the cache itself it is an error.
        if any(stats.failures for stats in tier.stats()):
            raise SettingsError(f"the cache in {settings.cache_dir} can't be used: the log line above says why")
        yield tier
    finally:
        tier.close()


def ask_readiness(settings: Settings) -> str:
    """ "ready", or why not, from the service that runs with these settings on this machine."""
    host = _EVERYWHERE.get(settings.host, settings.host)
    connection = HTTPConnection(host, settings.port, timeout=2.5)
    try:
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
    except OSError as error:
        return f"no answer on {host_in_url(host)}:{settings.port}: {error.strerror or error}"
    finally:
        connection.close()
    return "ready" if status == HTTPStatus.OK else f"not ready (HTTP {status})"
