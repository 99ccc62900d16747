"""The sample of a spec sheet, laid out: as many columns beside one another as a page is wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from exchange.dossier import Sampled
from exchange.formats.spec_sheet.blocks import Block, Cell, Table, Words
from exchange.quality.sampling import Sample

PAGE: Final = 112  # half-width characters beside one another in a table on A4
PLACE: Final = 9  # of them for the place of a row
SAMPLED_MAX: Final = 40  # columns laid out; JSON has all of them
SHOWN_MAX: Final = 24  # characters of a measured minimum or maximum, or of a sampled cell


def sample_blocks(sampled: Sampled | None, say: Callable[[str], str]) -> Iterator[Block]:
    """Yield the tables and remarks of a sample; `say` gives a label in the sheet's language."""
    if sampled is None:
        yield Words(say("no_sample"), "stop")
        return
    if sampled.drawn is None:
        yield Words(say("sample_later"), "quiet")
        return
    shown = sampled.drawn.sample
    title = f"{say('sample')} ({len(shown.rows)})"
    widths = {
        at: _width([shown.columns[at], *(row[at] or "" for row in shown.rows)])
        for at in range(min(len(shown.columns), SAMPLED_MAX))
    }
    for together in _side_by_side(widths):
        yield Table(
            title,
            (say("row"), *(shortened(shown.columns[at]) for at in together)),
            (PLACE, *(widths[at] for at in together)),
            tuple(_row(shown, at, together, say("none")) for at in range(len(shown.rows))),
        )
        title = say("sample_goes_on")
    yield Words(say("sample_note"), "quiet")
    if len(shown.columns) > SAMPLED_MAX:
        yield Words(say("sample_cut").format(len(shown.columns) - SAMPLED_MAX), "quiet")


def _row(shown: Sample, at: int, columns: Sequence[int], none: str) -> tuple[Cell, ...]:
    cells = [Cell(f"{shown.places[at] + 1:,}", "quiet")]
    for column in columns:
        said = shown.rows[at][column]
        quiet = said is None or shown.columns[column] in shown.masked
        cells.append(Cell(none if said is None else shortened(said), "quiet" if quiet else "plain"))
    return tuple(cells)


def _width(texts: Sequence[str]) -> int:
    """Return how wide a column has to be, in half-width characters with its margins."""
    long = max(
        sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in shortened(text))
        for text in texts
    )
    return max(long, 4) + 3


def _side_by_side(widths: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield columns that fit beside one another on a page, all of them in their order."""
    together: list[int] = []
    for at, width in widths.items():
        if together and PLACE + sum(widths[each] for each in together) + width > PAGE:
            yield together
            together = []
        together.append(at)
    if together:
        yield together


def shortened(text: str) -> str:
    """Return a text as a narrow column shows it, cut where it is too long."""
    return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 1]}…"
