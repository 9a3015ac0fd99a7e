"""How long operations tell what they do: to nobody, or to a terminal through tqdm. Decides nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Never, Protocol

if TYPE_CHECKING:
    from tqdm import tqdm


class Progress(Protocol):
    """Told what a long operation does. Messages are one line, without a full stop."""

    def step(self, message: str) -> None:
        """A new step begins."""
        ...

    def transferred(self, name: str, done: int, total: int | None) -> None:
        """Of the file `name`, `done` of `total` bytes are here; `total` is None when the hub doesn't say."""
        ...

    def counted(self, name: str, done: int, total: int) -> None:
        """Of what `name` says, `done` of `total` are done."""
        ...


class Silent:
    """Tells nobody."""

    def step(self, message: str) -> None:
        """Nothing."""

    def transferred(self, name: str, done: int, total: int | None) -> None:
        """Nothing."""

    def counted(self, name: str, done: int, total: int) -> None:
        """Nothing."""


class Console:
    """Lines and a progress bar per file on standard error."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None
        self._name = ""

    def step(self, message: str) -> None:
        """Print the line."""
        self._close()
        sys.stderr.write(message + "\n")

    def transferred(self, name: str, done: int, total: int | None) -> None:
        """Move the bar of `name`, which starts where an earlier run stopped."""
        self._move(name, done, total, unit="B", unit_scale=True)

    def counted(self, name: str, done: int, total: int) -> None:
        """Move the bar of `name`, which starts where an earlier run stopped."""
        self._move(name, done, total, unit="")

    def _move(self, name: str, done: int, total: int | None, **unit: Any) -> None:
        if self._bar is None or name != self._name:
            self._close()
            self._name = name
            from tqdm import tqdm  # noqa: PLC0415  (serving doesn't need it)

            self._bar = tqdm(desc=name, total=total, initial=done, file=sys.stderr, **unit)
        self._bar.update(done - self._bar.n)
        if done == total:
            self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
