"""`depesche serve`, `depesche settings` and `depesche hash-key`."""

from __future__ import annotations

import sys
from http import HTTPStatus
from http.client import HTTPConnection

import click

from service import bootstrap


@click.command()
def serve() -> None:
    """Start the HTTP service (gunicorn) as the settings say."""
    from service.server.arbiter import run  # noqa: PLC0415 - the other commands don't need gunicorn

    bootstrap.preflight(bootstrap.load_settings())
    run()  # in this process, so that signals reach it, and so that what is imported needn't be imported once more


@click.command()
def settings() -> None:
    """Print the settings in force and where each comes from (secrets are masked), and what calibration has found."""
    found = bootstrap.load_settings()
    for name, value, origin in bootstrap.effective(found):
        click.echo(f"{name}={value}" + ("" if origin == "default" else f"  # from the {origin}"))
    for line in bootstrap.stored_calibrations(found.calibration_folders):
        click.echo(f"# calibrated {line}")


@click.command(name="hash-key")
def hash_key() -> None:
    """Read an API key from standard input and print its line for the file of keys."""
    key = sys.stdin.readline().strip()
    if not key:
        raise click.UsageError("give the key on standard input: openssl rand -hex 32 | tee key.txt | depesche hash-key")
    click.echo(f"{bootstrap.hash_key(key)}  name-of-the-caller")


@click.command()
def health() -> None:
    """Ask the service on this machine whether it is ready; exit code 1 if it isn't (for container health checks)."""
    answer = _ask_readiness(bootstrap.load_settings())
    click.echo(answer)
    sys.exit(0 if answer == "ready" else 1)


def _ask_readiness(settings: bootstrap.Settings) -> str:
    """ "ready", or why not, from the service that runs with these settings on this machine."""
    connection = HTTPConnection(settings.local_host, settings.port, timeout=2.5)
    try:
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
    except OSError as error:
        return f"no answer on {settings.url.removeprefix('http://')}: {error.strerror or error}"
    finally:
        connection.close()
    return "ready" if status == HTTPStatus.OK else f"not ready (HTTP {status})"
