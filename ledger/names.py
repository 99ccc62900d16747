"""Numbers under names, in flat memory: where each name of a long log was met, newest first.

A name is 64 bits of whatever hash its user takes, so two may fall together: what is found under
one is compared before it is believed.  The numbers stand in files that have no name either and
are mapped into memory: the system keeps as much of them there as it has room for, and they are
gone when the process is, also where it is killed.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import tempfile
from collections.abc import Iterator
from typing import Final, Literal

from ledger.errors import Unreadable

_BLOCK: Final = bytes(1 << 20)
Code = Literal["I", "Q", "q"]
_BYTES: Final[dict[Code, int]] = {"I": 4, "Q": 8, "q": 8}  # of a number, by the code of its format


class Column:
    """Numbers of one width, all 0 at first; raises `Unreadable` where there is no room for them.

    `numbers` is replaced by `widen`: who holds it holds the old ones.
    """

    def __init__(self, code: Code, count: int) -> None:
        self._code = code
        self.numbers = _mapped(code, count)

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return len(self.numbers)

    def widen(self, count: int) -> None:
        """Make it longer, with 0 in what is added."""
        wider = _mapped(self._code, count)
        wider[: len(self.numbers)] = self.numbers
        self.numbers = wider


class Names:
    """Names in the order in which they were put, counted from 1, and found again by themselves.

    Takes some 30 bytes a name, and a microsecond.  `room` is how many are expected: beyond it
    the table is made again at twice the size.
    """

    def __init__(self, room: int) -> None:
        room = max(room, 1)
        self.count = 0
        self._names = Column("q", room + 1)
        self._before = Column("I", room + 1)  # the number before under the same name, 0 if none
        self._slots = _slots(room)  # the newest number under a name, near where it hashes to
        self._mask = len(self._slots) - 1

    def put(self, name: int) -> int:
        """Put a name once more, and return the number under it before; 0 if there was none."""
        number = self.count + 1
        if number == len(self._names):
            self._widen()
        names, slots, mask = self._names.numbers, self._slots.numbers, self._mask
        slot = name & mask
        while (held := slots[slot]) and names[held] != name:
            slot = (slot + 1) & mask
        self.count = number
        names[number] = name
        self._before.numbers[number] = held
        slots[slot] = number
        return held

    def newest(self, name: int) -> int:
        """Return the newest number under a name; 0 if it was never put."""
        names, slots, mask = self._names.numbers, self._slots.numbers, self._mask
        slot = name & mask
        while (held := slots[slot]) and names[held] != name:
            slot = (slot + 1) & mask
        return held

    def before(self, number: int) -> int:
        """Return the number before this one under the same name; 0 if it is the first."""
        return self._before.numbers[number]

    def _widen(self) -> None:
        room = 2 * (len(self._names) - 1)
        self._names.widen(room + 1)
        self._before.widen(room + 1)
        self._slots = _slots(room)
        self._mask = len(self._slots) - 1
        names, self.count = self._names.numbers, 0
        for number in range(1, room // 2 + 1):
            self.put(names[number])


def _slots(room: int) -> Column:
    """Return slots for so many names: half of them at least stay empty."""
    return Column("I", 1 << (2 * room - 1).bit_length())


def _mapped(code: Code, count: int) -> memoryview[int]:
    length = count * _BYTES[code]
    with own_files(), tempfile.TemporaryFile() as file:
        for start in range(0, length, len(_BLOCK)):  # a hole would be filled when it is too late
            file.write(_BLOCK[: length - start])
        file.flush()
        return memoryview(mmap.mmap(file.fileno(), length)).cast(code)


@contextlib.contextmanager
def own_files() -> Iterator[None]:
    """Raise `Unreadable` where the audit's temporary files cannot be made, written or read."""
    try:
        yield
    except OSError as error:
        words = os.strerror(error.errno or 0)
        raise Unreadable(f"the audit's own temporary file: {words}") from error
