"""What a sheet holds each field to: key, required, standard name, valid range, fill value.

The completeness of a sheet counts these as filled, so that a reader is shown what they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from exchange.formats.spec_sheet.blocks import Block, Cell, Table, Words
from exchange.formats.spec_sheet.rows import shortened
from exchange.formats.spec_sheet.speaker import Speaker
from exchange.profile import ColumnProfile, Profile
from exchange.specsheet import FieldNote

KEYS = ("column", "held_to", "standard_name", "valid_range", "fill_value")


def field_terms(fields: Sequence[FieldNote], profile: Profile, speaker: Speaker) -> Iterator[Block]:
    """Yield a table of the fields of which something is said, or a line that nothing is."""
    every = [_row(note, profile, speaker) for note in fields]
    rows = [row for row in every if any(cell.tone != "quiet" for cell in row[1:])]
    if not rows:
        yield Words(speaker.t("no_terms"), "quiet")
        return
    yield Table(speaker.t("field_terms"), tuple(map(speaker.t, KEYS)), (5, 4, 7, 5, 6), tuple(rows))
    unsaid = len(fields) - len(rows)
    if unsaid:
        yield Words(speaker.t("other_terms").format(unsaid), "quiet")


def _row(note: FieldNote, profile: Profile, speaker: Speaker) -> tuple[Cell, ...]:
    column = profile.column(note.name)
    roles = (("key_field", note.key), ("required", note.required), ("personal", note.personal))
    return (
        Cell(note.name, "mono"),
        speaker.cell(speaker.comma.join(speaker.t(role) for role, said in roles if said)),
        speaker.cell(note.standard_name or (column.standard_name if column else None)),
        speaker.cell(valid_range(note.valid_min, note.valid_max)),
        _filled(note, column, speaker),
    )


def valid_range(low: Decimal | None, high: Decimal | None) -> str:
    """Return a range as a sheet shows it, empty where neither end is said."""
    if low is None and high is None:
        return ""
    if low is None:
        return f"≤ {high:f}"
    return f"≥ {low:f}" if high is None else f"{low:f} … {high:f}"


def _filled(note: FieldNote, column: ColumnProfile | None, speaker: Speaker) -> Cell:
    """Return the fill value, declared or the file's; both where they are not the same."""
    found = column.fill_value if column else None
    said = dict.fromkeys(shortened(each) for each in (note.fill_value, found) if each)
    return speaker.cell(speaker.t("as_measured").format(*said) if len(said) > 1 else "".join(said))
