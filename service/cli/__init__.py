"""The command `depesche`. Each file of this package holds one family of commands; all they use comes from bootstrap."""

from service.cli.main import main

__all__ = ["main"]
