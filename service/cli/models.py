"""`depesche models`: installs, checks and removes models."""

from __future__ import annotations

from pathlib import Path

import click

from service import bootstrap


@click.group()
def models() -> None:
    """Installed models and those that can be installed."""


def _shelf() -> bootstrap.ModelShelf:
    return bootstrap.ModelShelf.of(bootstrap.load_settings())


@models.command(name="list")
def list_models() -> None:
    """List the known models, which of them are installed, and the profiles."""
    rows = [("ID", "TASK", "TIER", "LICENCE", "INSTALLED"), *_shelf().table()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo()
    for profile in _shelf().specs.profiles.values():
        click.echo(f"profile {profile.name}: {', '.join(profile.model_ids)} - {profile.description}")


@models.command()
@click.argument("name", default="newsroom", metavar="[PROFILE|ID]")
@click.option("--force", is_flag=True, help="Download again what is installed already.")
def pull(name: str, force: bool) -> None:
    """Download a profile's models, or one model, from the hub and install them (default: newsroom)."""
    settings = bootstrap.load_settings()
    bootstrap.ModelShelf.of(settings).pull(name, settings, force=force)


@models.command(name="import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "model_id", metavar="ID", help="Which model this is; needed only where it can't be told.")
def import_model(path: Path, model_id: str | None) -> None:
    """Install a model from a local snapshot folder or archive; needs no network."""
    _shelf().import_path(path, model_id)


@models.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
def verify(names: tuple[str, ...]) -> None:
    """Compare every file of the installed models with the digests that were recorded (default: all models)."""
    shelf = _shelf()
    for model_id in names or shelf.installed_ids():
        model = shelf.store.verify(model_id)
        click.echo(f"{model_id}: {len(model.manifest.files)} files as recorded, digest {model.digest}")


@models.command()
@click.argument("names", nargs=-1, required=True, metavar="ID...")
def remove(names: tuple[str, ...]) -> None:
    """Delete installed models."""
    shelf = _shelf()
    for model_id in names:
        shelf.store.remove(model_id)
        click.echo(f"removed {model_id}")


@models.command()
def ensure() -> None:
    """Make sure that a profile can serve: pull newsroom if the hub is there, else fall back and say so."""
    settings = bootstrap.load_settings()
    click.echo(bootstrap.ModelShelf.of(settings).ensure(settings))
