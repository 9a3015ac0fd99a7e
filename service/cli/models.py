"""`depesche models`: installs, checks and removes models."""

from __future__ import annotations

from pathlib import Path

import click

from service import bootstrap


@click.group()
def models() -> None:
    """Installed models and those that can be installed.

    Models are named by their id, or by a pair of languages: fr-en is the production model from French into English.
    """


def _catalogue() -> bootstrap.ModelCatalogue:
    return bootstrap.open_catalogue(bootstrap.load_settings())


@models.command(name="list")
@click.argument("names", nargs=-1, metavar="[PROFILE|ID|PAIR]...")
def list_models(names: tuple[str, ...]) -> None:
    """List the known models, which of them are installed, and the profiles; with names only what these stand for."""
    catalogue = _catalogue()
    rows = [("ID", "LANGUAGES", "TASK", "TIER", "LICENCE", "INSTALLED"), *catalogue.table(names)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if names:
        return
    click.echo()
    for profile in catalogue.specs.profiles.values():
        click.echo(f"profile {profile.name}: {', '.join(profile.model_ids)} - {profile.description}")


@models.command()
@click.argument("name", default="newsroom", metavar="[PROFILE|ID|PAIR]")
@click.option("--force", is_flag=True, help="Download again what is installed already.")
@click.option("--update", is_flag=True, help="Look for newer revisions of models that follow a branch of the hub.")
def pull(name: str, force: bool, update: bool) -> None:
    """Download a profile's models, or one model, from the hub and install them (default: newsroom)."""
    _catalogue().pull(name, force=force, update=update)


@models.command(name="import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "name", metavar="ID|PAIR", help="Which model this is; needed where the path doesn't name it.")
def import_model(path: Path, name: str | None) -> None:
    """Install a model from a local snapshot folder or archive; needs no network."""
    _catalogue().import_path(path, name)


@models.command()
@click.argument("names", nargs=-1, metavar="[ID|PAIR]...")
def verify(names: tuple[str, ...]) -> None:
    """Compare every file of the installed models with the digests that were recorded (default: all models)."""
    catalogue = _catalogue()
    for name in names or catalogue.installed():
        model = catalogue.verify(name)
        click.echo(f"{model.id}: {len(model.manifest.files)} files as recorded, digest {model.digest}")


@models.command()
@click.argument("names", nargs=-1, required=True, metavar="ID|PAIR...")
def remove(names: tuple[str, ...]) -> None:
    """Delete installed models."""
    catalogue = _catalogue()
    for name in names:
        click.echo(f"removed {catalogue.remove(name)}")


@models.command()
def ensure() -> None:
    """Make sure that a profile can serve: pull newsroom if the hub is there, else fall back and say so."""
    settings = bootstrap.load_settings()
    click.echo(bootstrap.open_catalogue(settings).ensure(settings.profile))


@models.command()
@click.argument("name", metavar="ID|PAIR")
@click.option(
    "--text",
    "texts",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Plain text in the source language to harvest from; may be given several times.",
)
@click.option("--off", is_flag=True, help="Use the whole vocabulary again.")
def shortlist(name: str, texts: tuple[Path, ...], off: bool) -> None:
    """Make a Marian model faster: score only target pieces that can be expected, and measure what that changes.

    News of your own makes the better list; ten thousand sentences are a good measure, and take some minutes. Switched
    on only where the outputs stay like those of the whole vocabulary; the service uses it from its next start on.
    """
    settings = bootstrap.load_settings()
    if off:
        click.echo(bootstrap.switch_shortlist_off(settings, name))
        return
    click.echo(bootstrap.make_shortlist(settings, name, [path.read_text(encoding="utf-8") for path in texts]))
