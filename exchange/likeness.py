"""How one file is like another, told from their fingerprints.

Whole rows that are found again say most.  Where there are none, rows around an anchor that both
files have are laid side by side (`exchange.alignment`).  Strangers of the same station share times,
places and row numbers, and are not alike for it: more than `COLUMNS_SHARE` of the columns must
correspond, or of those that hold more than one value, and beside times, places and counted rows
there must be some in which strangers seldom agree.  Where fewer correspond, since the others were
translated or made anew, those that do must be facts that strangers do not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from types import MappingProxyType
from typing import Final

from exchange.alignment import (
    AGREEING,
    NEARLY_ALL,
    SHARED_LEAST,
    Alignment,
    Pair,
    chance_of,
    one_to_one,
)
from exchange.closeness import Closeness
from exchange.coincidence import REPEATING, facts_of
from exchange.conversion import Conversion
from exchange.fingerprint import PPM, Fingerprint, Overlap, overlap

NOTABLE_PPM: Final = 200_000  # of either file; less in common is not worth a word
COLUMNS_LEAST: Final = 3  # columns that must agree where whole rows do not, and more than
COLUMNS_SHARE: Final = 0.75  # of the narrower file's: places and times alone are everybody's
COLUMNS_HALF: Final = 0.5  # of them, where those that agree tell a copy by themselves
FACTS_LEFT: Final = 0.1  # of a file's facts, that others do not have who make it up together
# A file of two columns has no third one to agree in, so they must agree in nearly all rows.
NARROW_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Likeness:
    """How one file is like another: shares of rows in ppm, and the columns that correspond.

    `by_rows` says that whole rows were found again; else rows agree in the columns named, of
    which `converted` are told in other units: each with its map from the other file's numbers to
    this one's, and some less exactly: `near` the other's.  `others` are columns of this file to
    which none corresponds.  The shares are estimates from `compared` rows: of n rows, give or
    take about 1/√n.

    Two files are alike `in_part` only where columns of this one, the `facts`, are the other's, and
    too few of either to say so of the files.
    """

    this_ppm: int
    other_ppm: int
    compared: int
    by_rows: bool
    columns: tuple[tuple[str, str], ...]
    converted: tuple[tuple[str, Conversion], ...] = ()
    near: tuple[tuple[str, Closeness], ...] = ()
    others: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    in_part: bool = False

    @property
    def how(self) -> str:
        """In one word: `rows`, `columns`, or `converted` where some are told otherwise."""
        if self.by_rows:
            return "rows"
        return "converted" if self.converted or self.near else "columns"

    @property
    def renamed(self) -> int:
        """How many of the columns that correspond are called otherwise."""
        return sum(1 for ours, theirs in self.columns if ours != theirs)


def likeness(this: Fingerprint, other: Fingerprint) -> Likeness | None:
    """Return how one file is like another, or None where it is not to a notable extent."""
    found = likeness_or_part(this, other)
    return None if found is None or found.in_part else found


def likeness_or_part(this: Fingerprint, other: Fingerprint) -> Likeness | None:
    """Return how one file is like another, if in part alone, or None where it is not at all.

    Where they are not as they stand, either may be the other in another layout.
    """
    plain = _as_laid_out(this, other)
    if plain and not plain.in_part:
        return plain
    pairs = islice(product((this, *this.layouts), (other, *other.layouts)), 1, None)
    others = [
        found
        for ours, theirs in pairs
        if (found := _as_laid_out(ours, theirs)) and not found.in_part
    ]
    return max(others, key=lambda each: each.this_ppm + each.other_ppm, default=plain)


def together(parts: Sequence[Likeness], this: Fingerprint) -> list[int]:
    """Return the places of those files that make up this one together, of which it is a part each.

    Nearly all its facts must be facts of theirs: what each alone has of it may be everybody's, such
    as the weather of its days, but what is its own is in none.
    """
    every = {this.columns[i].name for i in facts_of(this)}
    left, chosen = set(every), list[int]()
    for place in sorted(range(len(parts)), key=lambda i: (-len(parts[i].facts), i)):
        if left & set(parts[place].facts):
            left -= set(parts[place].facts)
            chosen.append(place)
    whole = len(left) <= FACTS_LEFT * len(every)
    return sorted(chosen) if whole and len(chosen) > 1 else []


def _as_laid_out(this: Fingerprint, other: Fingerprint) -> Likeness | None:
    matches = _corresponding(this, other)
    rows = overlap(this.rows, other.rows)
    least = min(SHARED_LEAST, rows.of_this, rows.of_other)
    chance = _chance_of_rows(this, other, matches)
    if rows.shared and rows.shared >= least and rows.most_ppm >= _notable(chance):
        compared = max(rows.of_this, rows.of_other)
        return _found(rows, compared, matches, this, other, by_rows=True)
    return _by_anchors(this, other)


def _chance_of_rows(this: Fingerprint, other: Fingerprint, matches: Sequence[Pair]) -> float:
    """Return how likely rows of strangers are the same, who have in common what they list.

    That is the column whose values are the rarest, and where texts repeat, all of these: each kind
    of number is told of each thing.  Only numbers may then differ.
    """
    chance = chance_of(this, other, matches, beside=1)
    sides = [(this.columns[i], other.columns[j]) for i, j in matches]
    repeats = [max(each.repeats_ppm for each in pair) for pair in sides]
    numbers = [
        pair
        for pair, (ours, theirs), often in zip(matches, sides, repeats, strict=True)
        if ours.base is not None
        and not ours.instant
        and not theirs.instant
        and often > min(repeats)
    ]
    of_words = any(
        ours.base is None and often < REPEATING
        for (ours, _), often in zip(sides, repeats, strict=True)
    )
    if not numbers or of_words:
        return chance
    return max(chance, chance_of(this, other, numbers, beside=0))


def _notable(chance: float) -> int:
    """Return from which share on rows are not in both files by chance."""
    return max(NOTABLE_PPM, min(int(2 * chance * PPM), int((1 + chance) / 2 * PPM)))


def _found(
    rows: Overlap,
    compared: int,
    matches: Sequence[tuple[int, int]],
    this: Fingerprint,
    other: Fingerprint,
    *,
    by_rows: bool,
    maps: Mapping[tuple[int, int], Conversion | Closeness] = MappingProxyType({}),
) -> Likeness:
    names = tuple((this.columns[i].name, other.columns[j].name) for i, j in matches)
    told = [(this.columns[i].name, maps[i, j]) for i, j in matches if (i, j) in maps]
    converted = tuple((name, map_) for name, map_ in told if isinstance(map_, Conversion))
    near = tuple((name, map_) for name, map_ in told if isinstance(map_, Closeness))
    matched = {i for i, _ in matches}
    others = tuple(each.name for i, each in enumerate(this.columns) if i not in matched)
    shares = (rows.this_ppm, rows.other_ppm, compared)
    return Likeness(*shares, by_rows, names, converted, near, others)


def _corresponding(this: Fingerprint, other: Fingerprint) -> list[tuple[int, int]]:
    """Pair columns by their values, the most alike first; of equals those of one name or place."""
    rated = []
    for i, ours in enumerate(this.columns):
        for j, theirs in enumerate(other.columns):
            found = overlap(ours.values, theirs.values)
            if found.shared and found.most_ppm >= PPM * AGREEING:
                alike = found.shared / (found.of_this + found.of_other - found.shared)
                rated.append((-alike, ours.name != theirs.name, abs(i - j), i, j))
    return one_to_one((i, j) for *_, i, j in sorted(rated))


def _by_anchors(this: Fingerprint, other: Fingerprint) -> Likeness | None:
    around = (
        _around(Alignment(this, ours, other, theirs), this, other)
        for ours in this.anchors
        for theirs in other.anchors
        if len(ours.columns) == len(theirs.columns)
    )
    found = [each for each in around if each]
    # Where an anchor's values repeat, copies keep another of its rows, which older forms do not
    # tell: the best one is nearest, and of those that are as good the one with the most rows.
    return max(
        found,
        key=lambda each: (
            not each.in_part,
            len(each.columns),
            (each.this_ppm + each.other_ppm) // NOTABLE_PPM,
            each.compared,
            each.this_ppm + each.other_ppm,
        ),
        default=None,
    )


def _around(rows: Alignment, this: Fingerprint, other: Fingerprint) -> Likeness | None:
    """Return the likeness of the rows around two anchors, if there is any."""
    seen = rows.seen
    if seen.shared < SHARED_LEAST or seen.most_ppm < NOTABLE_PPM:
        return None
    # A column of one value, such as the place of a gauge, is typed over in a moment.
    ours, theirs = _varying(this), _varying(other)
    varying = [(i, j) for i, j in rows.matches if i in ours and j in theirs]
    counts = (
        (len(rows.matches), min(len(this.columns), len(other.columns))),
        (len(varying), min(len(ours), len(theirs))),
    )
    narrow = any(count == least == NARROW_LEAST for count, least in counts)
    wide = any(count >= COLUMNS_LEAST and count > COLUMNS_SHARE * least for count, least in counts)
    some = len(varying) >= COLUMNS_HALF * min(len(ours), len(theirs))
    alike = (narrow or wide) and rows.unlike_strangers()
    in_part = not alike and not (some and rows.facts_tell())
    if in_part and not rows.facts:
        return None
    same = rows.agreeing()
    if (narrow or not alike) and same < NEARLY_ALL * seen.shared:
        return None
    kept = Overlap(same, seen.of_this, seen.of_other)
    if kept.shared < SHARED_LEAST or kept.most_ppm < NOTABLE_PPM:
        return None
    compared = max(seen.of_this, seen.of_other)
    found = _found(kept, compared, rows.matches, this, other, by_rows=False, maps=rows.maps)
    if not in_part:
        return found
    return replace(found, in_part=True, facts=tuple(this.columns[i].name for i, _ in rows.facts))


def _varying(file: Fingerprint) -> frozenset[int]:
    """Return the columns that hold more than one value."""
    return frozenset(i for i, each in enumerate(file.columns) if len(each.values.keys) > 1)
