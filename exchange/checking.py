"""Checking the money while the floor trades: what must be true of it, asked again and again.

A round reads all journals and the whole log in transactions that only read, so that no writer
waits for it.  What it found last is kept for whoever asks; what is broken goes to the log.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from exchange.ports import Floor
from exchange.recurring import Recurring, in_words
from exchange.services.check_money import Check, checks_of
from exchange.services.compare_books import Comparison, compare_books
from ledger.acts import format_time

_log = logging.getLogger(__name__)


class Soundness(enum.StrEnum):
    """What the last round has found."""

    UNCHECKED = "unchecked"  # no round has ended yet
    SOUND = "sound"
    BROKEN = "broken"
    FAILED = "failed"  # the round itself was broken off, so that nothing is known


@dataclass(frozen=True, slots=True)
class Checked:
    """What a round has found: when it ended, what was compared, or in words why nothing was."""

    time: str = ""
    books: Comparison | None = None
    failed: str = ""

    @property
    def checks(self) -> Sequence[Check]:
        """Every check, none where no round has made them."""
        return checks_of(self.books) if self.books else ()

    @property
    def soundness(self) -> Soundness:
        """What that comes to."""
        if self.failed:
            return Soundness.FAILED
        if not self.checks:
            return Soundness.UNCHECKED
        broken = any(check.faults for check in self.checks)
        return Soundness.BROKEN if broken else Soundness.SOUND


class Checking(Recurring):
    """The job, done every so many seconds between `start` and `stop`; `last` is what it found."""

    def __init__(self, floor: Callable[[], Floor], *, seconds: float) -> None:
        super().__init__("checking", seconds=seconds)
        self._floor = floor
        self.last = Checked()

    def round(self) -> None:
        """Do the job once."""
        self.run()

    def run(self) -> Checked:
        """Run the job once; every fault is logged as an error, with the rule that it breaks.

        A check that cannot be made is logged too and kept as the last one: the one before it
        says nothing of the books as they are.
        """
        floor = self._floor()
        try:
            found = Checked(books=compare_books(floor=floor))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round is another
            found = Checked(failed=in_words(error))
            _log.error("the money could not be checked: %s", found.failed)
        for check in found.checks:
            for fault in check.faults:
                _log.error("the money: %s: BROKEN: %s", check.rule, fault)
        self.last = replace(found, time=format_time(floor.clock()))
        return self.last
