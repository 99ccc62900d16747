"""What changed between two runs: the market's fields, and every figure side by side.

Nothing is judged.  A run that is said to repeat another has the same market, seed, days and depth,
and then its root must be the other's.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.simulation.market.reading import record_of
from exchange.simulation.measures import Measures, measure
from exchange.simulation.report.headline import (
    FIGURES,
    KIND_FIGURES,
    Amount,
    Unit,
    label,
    shown,
    told,
)
from exchange.simulation.report.page import (
    Cell,
    grid,
    note,
    page,
    pairs,
    section,
    table,
    title,
    words,
)
from exchange.simulation.report.words import LANGUAGES, Language, said
from exchange.simulation.run_folder import Played, repeating


class Verdict(enum.StrEnum):
    """What two runs have in common."""

    SAME = "same"  # everything, the root too
    BROKEN = "broken"  # everything but the root
    LENGTH = "length"  # market and seed
    SEEDS = "seeds"  # the market
    MARKETS = "markets"  # the seed
    BOTH = "both"  # neither


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the market that differs, as JSON writes it; None where it is not there."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure of both runs; `kind` is empty for the whole market."""

    key: str
    kind: str
    unit: Unit
    before: Amount
    after: Amount
    words: tuple[str, ...]

    @property
    def difference(self) -> Amount:
        """The second less the first, None where one of them is not known."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs beside each other; `changes` is None where the markets are not at hand."""

    before: Played
    after: Played
    verdict: Verdict
    changes: tuple[Change, ...] | None
    figures: tuple[Beside, ...]

    def to_record(self) -> dict[str, Any]:
        """Return everything as JSON's own types; amounts are minor units, shares of one."""
        return {
            "verdict": str(self.verdict),
            "runs": [
                {name: getattr(run.trace, name) for name in ("market", "digest", "seed", "root")}
                for run in (self.before, self.after)
            ],
            "changes": None
            if self.changes is None
            else [
                {"field": each.field, "before": each.before, "after": each.after}
                for each in self.changes
            ],
            "figures": [
                {
                    "measure": each.key,
                    "kind": each.kind or None,
                    "unit": str(each.unit),
                    "before": each.before,
                    "after": each.after,
                    "difference": each.difference,
                }
                for each in self.figures
            ],
        }


def compare(before: Played, after: Played) -> Comparison:
    """Set two runs beside each other."""
    changes: tuple[Change, ...] | None = None
    if before.trace.digest == after.trace.digest:
        changes = ()
    elif before.market and after.market:
        found = _flat(record_of(before.market)), _flat(record_of(after.market))
        changes = tuple(_changes(*found))
    figures = tuple(_beside(measure(before.trace), measure(after.trace)))
    return Comparison(before, after, _verdict(before, after), changes, figures)


def _verdict(before: Played, after: Played) -> Verdict:
    one, other = before.trace, after.trace
    markets, seeds = one.digest == other.digest, one.seed == other.seed
    if not markets:
        return Verdict.MARKETS if seeds else Verdict.BOTH
    if not seeds:
        return Verdict.SEEDS
    # Both depths play the same market to the same root.
    if one.days != other.days:
        return Verdict.LENGTH
    return Verdict.SAME if one.root == other.root else Verdict.BROKEN


def _flat(value: Any, within: str = "") -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the leaves of a record by their dotted names; items of lists by theirs, if any."""
    if isinstance(value, Mapping) and value:
        parts = {str(name): held for name, held in value.items()}
    elif isinstance(value, list) and value:
        parts = {_item_name(each, nth): each for nth, each in enumerate(value)}
    else:
        return {within: value}
    leaves: dict[str, Any] = {}
    for name, held in parts.items():
        leaves |= _flat(held, f"{within}.{name}" if within else name)
    return leaves


def _item_name(item: Any, nth: int) -> str:  # noqa: ANN401 - JSON
    named = isinstance(item, Mapping) and isinstance(item.get("name"), str)
    return item["name"] if named else f"{nth}"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for field in [*before, *(each for each in after if each not in before)]:
        if before.get(field) != after.get(field):
            yield Change(field, before.get(field), after.get(field))


def _beside(before: Measures, after: Measures) -> Iterator[Beside]:
    figures = {each.key: each for run in (before, after) for each, _ in told(run)}
    for figure in figures.values():
        one, other = figure.of(before), figure.of(after)
        if figure in FIGURES or one or other:  # of what neither has, nothing is said
            yield Beside(figure.key, "", figure.unit, one, other, figure.words or (figure.key,))
    for kind in sorted({*before.kinds, *after.kinds}):
        mine, theirs = before.kinds.get(kind), after.kinds.get(kind)
        for of_kind in KIND_FIGURES:
            yield Beside(
                of_kind.key,
                kind,
                of_kind.unit,
                of_kind.of(mine) if mine else None,
                of_kind.of(theirs) if theirs else None,
                (of_kind.key,),
            )


def field_text(value: Any, language: Language) -> str:  # noqa: ANN401 - JSON
    """Write the value of a field as a market file would."""
    if value is None:
        return said("missing", language)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:,}" if isinstance(value, int) else f"{value}"


def kind_text(found: Comparison, kind: str, language: Language) -> str:
    """Name a kind as its market does, where that is at hand; without a kind, the whole market."""
    for run in (found.before, found.after):
        for each in run.market.kinds if run.market else ():
            if each.name == kind:
                return each.title[language]
    return kind or said("whole", language)


def figure_texts(each: Beside, language: Language) -> tuple[str, str, str]:
    """Write both figures and their difference with its sign, each with its unit."""
    if each.difference is None:
        difference = shown(None, each.unit, language)
    elif not each.difference:
        difference = said("no_difference", language)
    else:
        difference = shown(each.difference, each.unit, language, signed=True)
        if not set(difference) & set("123456789"):
            difference = said("hardly", language)
    before, after = (shown(value, each.unit, language) for value in (each.before, each.after))
    return before, after, difference


def write_comparison(
    found: Comparison, names: tuple[str, str], languages: Sequence[Language] = LANGUAGES
) -> bytes:
    """Return the comparison as one HTML file; `names` are the folders of the runs."""
    return page(
        {language: said("compare", language) for language in languages},
        {language: _told(found, names, language) for language in languages},
    )


def _told(found: Comparison, names: tuple[str, str], language: Language) -> Iterator[str]:
    def say(key: str) -> str:
        return said(key, language)

    tone = "stop" if found.verdict is Verdict.BROKEN else ""
    yield title(say("compare"))
    yield note(say("verdict"), say(f"verdict.{found.verdict}"), tone)
    runs = [
        section(
            f"{letter} · {name}",
            pairs(
                [
                    (say("market"), run.market.title[language] if run.market else run.trace.market),
                    (say("seed"), f"{run.trace.seed}"),
                    (say("days"), f"{run.trace.days:,}"),
                    (say("digest"), (run.trace.digest, "mono")),
                    (say("size"), f"{run.trace.size:,}"),
                    (say("root"), (run.trace.root, "mono")),
                    (say("again"), _again(run, name, language)),
                ]
            ),
        )
        for letter, name, run in zip("AB", names, (found.before, found.after), strict=True)
    ]
    yield grid(*runs, _fields(found, language), _figures(found, language))


def _again(run: Played, name: str, language: Language) -> Cell:
    if run.market is None:
        return said("again.unknown", language)
    return repeating(run.trace, Path(name)), "mono"


def _fields(found: Comparison, language: Language) -> str:
    name = said("fields", language)
    if not found.changes:
        key = "fields.unknown" if found.changes is None else "fields.same"
        return section(name, words(said(key, language), "quiet"), full=True)
    rows = [
        ((each.field, "mono"), field_text(each.before, language), field_text(each.after, language))
        for each in found.changes
    ]
    return section(name, table([said("field", language), ">A", ">B"], rows, label=name), full=True)


def _figures(found: Comparison, language: Language) -> str:
    columns = [said("measure", language), ">A", ">B", f">{said('difference', language)}"]
    parts = []
    for kind in dict.fromkeys(each.kind for each in found.figures):
        name = kind_text(found, kind, language)
        rows = [
            (label(each.words, language), *figure_texts(each, language))
            for each in found.figures
            if each.kind == kind
        ]
        parts.append(f"{title(name, 3)}{table(columns, rows, label=name, even=True)}")
    return section(said("measures", language), *parts, full=True)
