"""What a terminal shows while a long file is measured."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from exchange.gauge import PROGRESS


class Watch:
    """One bar: hashing and reading by their bytes, then measuring, which nobody can count."""

    def __init__(self, bars: Progress, name: str) -> None:
        self._bars = bars
        self._name = name
        self._task = bars.add_task(f"hashing {name}", total=1)

    def told(self, done: int, total: int) -> None:
        """Take in how far the inspection has come; several passes go back to the beginning."""
        if done >= total:
            self._bars.update(self._task, description=f"measuring {self._name}", total=None)
        else:
            word = "hashing" if 2 * done <= total else "reading"
            self._bars.update(
                self._task, description=f"{word} {self._name}", completed=done, total=total
            )


@contextmanager
def watched(name: str, *, console: Console | None = None) -> Iterator[None]:
    """Show how the inspections within come along, on stderr where that is a terminal."""
    shown = console or Console(stderr=True)
    if console is None and not sys.stderr.isatty():
        yield
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=shown, transient=True) as bars:
        token = PROGRESS.set(Watch(bars, name).told)
        try:
            yield
        finally:
            PROGRESS.reset(token)
