"""Quality on a spec sheet: what was counted of each dimension, and what the sheet asks of the data.

A ratio is worth what was counted for it, so none stands without: an easy expectation is seen to
be easy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from exchange.expectations import Aspect
from exchange.formats.spec_sheet.blocks import Block, Cell, Pairs, Table, Words
from exchange.formats.spec_sheet.speaker import Speaker
from exchange.quality import Part, QualityReport
from exchange.quality.measured import Flags

FLAGS: Final = ("passed", "not_evaluated", "suspect", "failed", "missing")
LONG: Final = 90  # characters of what was expected: a pattern may have a thousand


def quality_blocks(
    report: QualityReport, scores: Sequence[Decimal], speaker: Speaker
) -> Iterator[Block]:
    """Yield the dimensions, every count where something was expected, and the scores."""
    t = speaker.t
    yield Table(
        t("quality"),
        tuple(map(t, ("dimension", "ratio", "counted", "how"))),
        (4, 3, 5, 12),
        tuple(_dimension(report, aspect, speaker) for aspect in Aspect),
    )
    if any(part.place is not None for each in report.measured for part in each.parts):
        yield from _parts(report, speaker)
    apart = max((abs(score - report.score) for score in scores), default=None)
    yield Pairs(
        (
            speaker.pair("system", f"{report.score:f}"),
            speaker.pair("expert", ", ".join(f"{score:f}" for score in scores)),
            speaker.pair("apart", None if apart is None else f"{apart:f}"),
        )
    )


def _dimension(report: QualityReport, aspect: Aspect, speaker: Speaker) -> tuple[Cell, ...]:
    label, found = Cell(speaker.t(aspect)), report.of(aspect)
    if found is None:
        unknown = Cell(speaker.t("not_measured"), "quiet")
        return (label, unknown, speaker.cell(None), speaker.cell(None))
    counted = f"{found.numerator:,} / {found.denominator:,}"
    how = _cut(speaker.told(found.how))
    if found.weak:
        how = f"{how} ({speaker.told(found.weak)})"
    return (label, Cell(f"{found.ratio:f}"), Cell(counted), speaker.cell(how))


def _parts(report: QualityReport, speaker: Speaker) -> Iterator[Block]:
    t = speaker.t
    flagged = bool(report.ocean_tests)
    columns = ["dimension", "how", "counted", "ratio", "at_least"]
    widths = [4, 10, 4, 3, 3]
    if flagged:
        columns.append("flags")
        widths.append(8)
    rows = [
        (Cell(t(each.name)), *_part(part, speaker), *(_flags(part, speaker) if flagged else ()))
        for each in report.measured
        for part in each.parts
    ]
    yield Table(t("expected"), tuple(map(t, columns)), tuple(widths), tuple(rows))
    yield Words(t("expected_note"), "quiet")


def _part(part: Part, speaker: Speaker) -> tuple[Cell, ...]:
    how = _cut(speaker.told(part.how))
    if part.fault:
        how = f"{how} ({speaker.told(part.fault)})"
    if part.weak:
        how = f"{how} ({speaker.told(part.weak)})"
    undertaken = None if part.at_least is None else f"{part.at_least.normalize():f}"
    if not part.denominator:
        nothing = Cell(speaker.t("not_measured"), "quiet")
        return (Cell(how), speaker.cell(None), nothing, speaker.cell(undertaken))
    tone = "stop" if part.kept is False else "plain"
    counted = f"{part.numerator:,} / {part.denominator:,}"
    return (Cell(how), Cell(counted), Cell(f"{part.ratio:f}", tone), speaker.cell(undertaken))


def _flags(part: Part, speaker: Speaker) -> tuple[Cell]:
    flags = part.flags or Flags()
    counts = {name: getattr(flags, name) for name in FLAGS}
    # Unbroken from the flag to its count, wherever a line ends.
    told = [
        f"{speaker.t(f'flag.{name}')}: {count:,}".replace(" ", "\u00a0")
        for name, count in counts.items()
        if count
    ]
    return (speaker.cell(speaker.comma.join(told)),)


def _cut(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"
