"""The command group, and how its errors reach the user: one line and exit code 1, never a traceback."""

from __future__ import annotations

import io
import sys

import click

from service import __version__, bootstrap
from service.cli.cache import cache
from service.cli.check import check
from service.cli.models import models
from service.cli.serve import hash_key, health, serve, settings
from service.cli.text import summarize, translate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="depesche")
def cli() -> None:
    """Translate German news text into English, and summarize articles."""


for command in (serve, translate, summarize, check, models, cache, settings, health, hash_key):
    cli.add_command(command)


def main() -> None:
    """Run the command line. Output is UTF-8 in every locale, as input is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        cli()
    except bootstrap.USER_ERRORS as error:
        click.echo(f"depesche: {error}", err=True)
        sys.exit(1)
    except OSError as error:  # a full disk, a file that can't be read; what the service itself meets it handles
        click.echo(f"depesche: {error.filename or 'input or output'}: {error.strerror or error}", err=True)
        sys.exit(1)
