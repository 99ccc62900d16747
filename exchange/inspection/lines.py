"""The lines of a text, with their numbers, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.inspection.intake import Intake


def numbered(intake: Intake, limit: int) -> Iterator[tuple[int, bytes]]:
    """Yield every line without its line feed, counted from 1.

    Raises `Unreadable` (F-06) at a line of more than `limit` bytes, when that many and no more
    than a piece have been read of it.
    """
    if intake.compression:
        # A bomb goes off at the speed of zlib here, not at that of whoever parses the lines.
        for _ in intake.pieces():
            continue
    number = 0
    held: list[bytes] = []
    size = 0
    for piece in intake.pieces():
        first, *rest = piece.split(b"\n")
        held.append(first)
        size += len(first)
        if size > limit:
            raise _too_long(intake, number + 1, limit)
        if not rest:
            continue
        number += 1
        yield number, b"".join(held)
        for line in rest[:-1]:
            number += 1
            if len(line) > limit:
                raise _too_long(intake, number, limit)
            yield number, line
        held, size = [rest[-1]], len(rest[-1])
    if size > limit:
        raise _too_long(intake, number + 1, limit)
    if size:
        yield number + 1, b"".join(held)


def _too_long(intake: Intake, number: int, limit: int) -> Exception:
    return intake.refusal(f"line {number}: a line of more than {limit} bytes", "F-06")
