"""The record of a run: everything an exchange has answered, day by day.

What agents decide follows from the seed and from these answers alone.  So a run that was cut off
goes on by deciding its past again against the record, and any single decision can be told again
without an exchange.  The files of a day appear whole or not at all.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from exchange.errors import Unreadable
from exchange.simulation.depth import Closing, Depth, Ending, Offering, Outcome, Placed, Wish
from ledger.durable import Placing

FOLDER: Final = "record"
_TEXTS: Final = ("ending", "trade", "rule")
_NUMBERS: Final = (
    *("number", "offered", "amount", "fee", "to_supplier", "to_contributors"),
    *("first_entry", "last_entry"),
)


class Recorder:
    """Stands between the kernel and a depth: it notes each answer, or gives the one on record."""

    def __init__(self, folder: Path, depth: Depth | None, past: int = 0) -> None:
        self._folder = folder / FOLDER
        self._folder.mkdir(parents=True, exist_ok=True)
        self._depth = depth
        self._past = past  # the first day that is not on record
        self._answers: list[Any] = []  # what is left of the day's answers, or noted of it
        self._outcomes: list[Outcome] = []
        self._day = -1

    @property
    def depth(self) -> Depth:
        """The exchange behind, or `Unreadable` where there is none and the record has ended."""
        if self._depth is None:
            raise Unreadable(f"{self._folder}: the record ends before day {self._day}")
        return self._depth

    def begin(self, day: int) -> None:
        """Begin a day."""
        self._day, self._answers, self._outcomes = day, [], []
        if day < self._past:
            self._answers, self._outcomes = _read(self._folder / _name(day))

    def _again(self) -> bool:
        return self._day < self._past

    def admit(self, day: int, agents: Sequence[tuple[int, str, str, int]]) -> Sequence[str]:
        """Admit merchants and return their ids."""
        if self._again():
            told: list[str] = self._answers.pop(0)
            return told
        ids = list(self.depth.admit(day, agents))
        self._answers.append(ids)
        return ids

    def place(self, offerings: Sequence[Offering]) -> Sequence[Placed]:
        """Register products."""
        return self._placed(lambda: self.depth.place(offerings))

    def list_due(self, day: int) -> Sequence[Placed]:
        """List what is due."""
        return self._placed(lambda: self.depth.list_due(day))

    def _placed(self, ask: Any) -> Sequence[Placed]:  # noqa: ANN401 - a call
        if self._again():
            return [Placed(n, product, tuple(by)) for n, product, by in self._answers.pop(0)]
        placed = list(ask())
        self._answers.append(
            [[each.number, each.product, list(each.refused_by)] for each in placed]
        )
        return placed

    def carry_out(self, wishes: Sequence[Wish]) -> Sequence[Outcome]:
        """Carry out wishes."""
        if self._again():
            count = len(wishes)
            told, self._outcomes = self._outcomes[:count], self._outcomes[count:]
            return told
        outcomes = list(self.depth.carry_out(wishes))
        self._outcomes += outcomes
        return outcomes

    def strike(self, day: int, blow: str, target: Sequence[int], amount: int) -> None:
        """Carry out a shock."""
        if not self._again():
            self.depth.strike(day, blow, target, amount)

    def end_day(self) -> None:
        """End the day and write it down."""
        if self._again():
            return
        self.depth.end_day(self._day)
        columns: dict[str, Any] = {
            name: np.array([getattr(each, name) for each in self._outcomes], np.int64)
            for name in _NUMBERS
        }
        for name in _TEXTS:
            columns[name] = np.array([str(getattr(each, name)) for each in self._outcomes], np.str_)
        columns["answers"] = np.array(json.dumps(self._answers))
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **columns)
        Placing(self._folder).place(_name(self._day), buffer.getvalue())

    def close(self) -> Closing:
        """Close the exchange."""
        return self.depth.close()


def _name(day: int) -> str:
    return f"day-{day:05d}.npz"


def _read(path: Path) -> tuple[list[Any], list[Outcome]]:
    try:
        with np.load(path, allow_pickle=False) as held:
            columns = {name: held[name].tolist() for name in held.files}
    except (OSError, ValueError, KeyError) as error:
        raise Unreadable(f"{path}: not the record of a day: {error}") from error
    rows = zip(*(columns[name] for name in (*_NUMBERS, *_TEXTS)), strict=True)
    outcomes = []
    for row in rows:
        told = dict(zip((*_NUMBERS, *_TEXTS), row, strict=True))
        outcomes.append(Outcome(**told | {"ending": Ending(told["ending"])}))
    return json.loads(columns["answers"]), outcomes


def recorded_days(folder: Path) -> int:
    """Return how many days from the first on are on record."""
    days = 0
    while (folder / FOLDER / _name(days)).is_file():
        days += 1
    return days
