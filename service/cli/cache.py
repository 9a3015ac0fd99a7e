"""`depesche cache`: looks into the cache on disk, and empties it."""

from __future__ import annotations

import re

import click

from service import bootstrap

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


class Age(click.ParamType[float]):
    """A length of time such as 90s, 15m, 12h, 30d or 2w, in seconds."""

    name = "age"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """See click.ParamType."""
        match = re.fullmatch(r"(\d+)([smhdw])", str(value).strip())
        if match is None:
            self.fail(f"{value!r} is no length of time; write 90s, 15m, 12h, 30d or 2w", param, ctx)
        return float(int(match[1]) * _UNITS[match[2]])


@click.group()
def cache() -> None:
    """The cache of finished sentences on disk."""


@cache.command()
def stats() -> None:
    """Print how much the cache holds."""
    with bootstrap.disk_cache(bootstrap.load_settings()) as tier:
        for each in tier.stats():
            share = 100 * each.bytes / each.limit_bytes if each.limit_bytes else 0
            click.echo(
                f"{each.tier}: {each.entries} entries, {each.bytes:,} of {each.limit_bytes:,} bytes ({share:.1f} %)"
            )


@cache.command()
@click.option("--older-than", type=Age(), help="Only what was stored longer ago: 90s, 15m, 12h, 30d, 2w.")
def purge(older_than: float | None) -> None:
    """Remove entries from the cache on disk. A running service keeps what it has in memory until it restarts."""
    with bootstrap.disk_cache(bootstrap.load_settings()) as tier:
        click.echo(f"removed {tier.purge(older_than_seconds=older_than)} entries")
