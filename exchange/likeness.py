"""How one file is like another, told from their fingerprints.

Whole rows that are found again say most.  Where there are none, rows around an anchor that both
files have are laid side by side: columns that agree in them correspond, and so do columns of
numbers that are each other's in other units.  Strangers of the same station share times, places
and row numbers, and are not alike for it: more than `COLUMNS_SHARE` of the columns must correspond,
or of those that hold more than one value, and beside times and counted rows there must be some in
which strangers seldom agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from exchange.conversion import Conversion, conversion_of
from exchange.fingerprint import PPM, Anchor, Fingerprint, Overlap, overlap

SHARED_LEAST: Final = 5  # hashes; fewer may be shared by chance
NOTABLE_PPM: Final = 200_000  # of either file; less in common is not worth a word
COLUMNS_LEAST: Final = 3  # columns that must agree where whole rows do not, and more than
COLUMNS_SHARE: Final = 0.75  # of the narrower file's: places and times alone are everybody's
AGREEING: Final = 0.5  # of the rows around shared anchors, for two columns to correspond
ROW_AGREES: Final = 0.75  # of the columns that correspond, for a row to be the same row
CHANCE_MOST: Final = 0.05  # that strangers' cells agree in all columns but the anchor's
# A file of two columns has no third one to agree in, so they must agree in nearly all rows.
NARROW_LEAST: Final = 2
NARROW_ROWS: Final = 0.9


@dataclass(frozen=True, slots=True)
class Likeness:
    """How one file is like another: shares of rows in ppm, and the columns that correspond.

    `by_rows` says that whole rows were found again; else rows agree in the columns named, of
    which `converted` are told in other units: each with its map from the other file's numbers to
    this one's.  The shares are estimates from `compared` rows: of n rows, give or take about 1/√n.
    """

    this_ppm: int
    other_ppm: int
    compared: int
    by_rows: bool
    columns: tuple[tuple[str, str], ...]
    converted: tuple[tuple[str, Conversion], ...] = ()

    @property
    def how(self) -> str:
        """In one word: `rows`, `columns`, or `converted` where some are in other units."""
        if self.by_rows:
            return "rows"
        return "converted" if self.converted else "columns"

    @property
    def renamed(self) -> int:
        """How many of the columns that correspond are called otherwise."""
        return sum(1 for ours, theirs in self.columns if ours != theirs)


def likeness(this: Fingerprint, other: Fingerprint) -> Likeness | None:
    """Return how one file is like another, or None where it is not to a notable extent."""
    matches = _corresponding(this, other)
    rows = overlap(this.rows, other.rows)
    least = min(SHARED_LEAST, rows.of_this, rows.of_other)
    chance = _chance(this, other, matches, beside=1)
    if rows.shared and rows.shared >= least and rows.most_ppm >= _notable(chance):
        compared = max(rows.of_this, rows.of_other)
        return _found(rows, compared, matches, this, other, by_rows=True)
    return _by_anchors(this, other)


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
    converted: Mapping[tuple[int, int], Conversion] = MappingProxyType({}),
) -> Likeness:
    names = tuple((this.columns[i].name, other.columns[j].name) for i, j in matches)
    maps = tuple((this.columns[i].name, converted[i, j]) for i, j in matches if (i, j) in converted)
    return Likeness(rows.this_ppm, rows.other_ppm, compared, by_rows, names, maps)


def _corresponding(this: Fingerprint, other: Fingerprint) -> list[tuple[int, int]]:
    """Pair columns by their values, the most alike first; of equals those of one name or place."""
    rated = []
    for i, ours in enumerate(this.columns):
        for j, theirs in enumerate(other.columns):
            found = overlap(ours.values, theirs.values)
            if found.shared and found.most_ppm >= PPM * AGREEING:
                alike = found.shared / (found.of_this + found.of_other - found.shared)
                rated.append((-alike, ours.name != theirs.name, abs(i - j), i, j))
    return _one_to_one((i, j) for *_, i, j in sorted(rated))


def _one_to_one(ranked: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    ours: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in ranked:
        if i not in ours and j not in taken:
            ours[i] = j
            taken.add(j)
    return sorted(ours.items())


def _chance(
    this: Fingerprint, other: Fingerprint, matches: Sequence[tuple[int, int]], *, beside: int
) -> float:
    """Return how likely strangers' rows agree in these columns, but for the `beside` rarest."""
    repeats = sorted(
        max(this.columns[i].repeats_ppm, other.columns[j].repeats_ppm) / PPM for i, j in matches
    )
    chance = 1.0
    for each in repeats[beside:]:
        chance *= each
    return chance


def _by_anchors(this: Fingerprint, other: Fingerprint) -> Likeness | None:
    found = [
        likeness
        for ours in this.anchors
        for theirs in other.anchors
        if len(ours.columns) == len(theirs.columns)
        for likeness in _around(ours, theirs, this, other)
    ]
    # Where an anchor's values repeat, copies keep another of its rows: the best one is nearest.
    return max(
        found, key=lambda each: (len(each.columns), each.this_ppm + each.other_ppm), default=None
    )


def _around(
    ours: Anchor, theirs: Anchor, this: Fingerprint, other: Fingerprint
) -> Iterator[Likeness]:
    """Yield the likeness of the rows around two anchors, if there is any."""
    seen = overlap(ours.values, theirs.values)
    if seen.shared < SHARED_LEAST or seen.most_ppm < NOTABLE_PPM:
        return
    there = {key: place for place, key in enumerate(theirs.values.keys)}
    shared = [(place, there[key]) for place, key in enumerate(ours.values.keys) if key in there]
    rows = [(ours.cells[a], theirs.cells[b]) for a, b in shared]
    exact = _agreeing(rows, len(this.columns), len(other.columns))
    lines = _Lines(this, ours, other, theirs, shared)
    converted = lines.beside(exact)
    matches = sorted([*exact, *converted])
    narrow = _narrow(matches, len(this.columns), len(other.columns))
    if not narrow and not _most(matches, len(this.columns), len(other.columns)):
        # A column of one value, such as the place of a gauge, is typed over in a moment.
        ours_vary, theirs_vary = _varying(this), _varying(other)
        varying = [(i, j) for i, j in matches if i in ours_vary and j in theirs_vary]
        narrow = _narrow(varying, len(ours_vary), len(theirs_vary))
        if not narrow and not _most(varying, len(ours_vary), len(theirs_vary)):
            return
    beyond = [
        pair
        for pair in matches
        if pair[0] not in ours.columns and lines.telling(*pair, as_it_is=pair not in converted)
    ]
    if not beyond or _chance(this, other, beyond, beside=0) > CHANCE_MOST:
        return
    wanted = ROW_AGREES * len(matches)
    same = 0
    for (a, b), (ours_there, theirs_there) in zip(shared, rows, strict=True):
        agree = sum(ours_there[i] == theirs_there[j] for i, j in exact)
        agree += sum(lines.fits(map_, i, a, j, b) for (i, j), map_ in converted.items())
        same += agree >= wanted
    if narrow and same < NARROW_ROWS * len(rows):
        return
    kept = Overlap(same, seen.of_this, seen.of_other)
    if kept.shared >= SHARED_LEAST and kept.most_ppm >= NOTABLE_PPM:
        compared = max(seen.of_this, seen.of_other)
        yield _found(kept, compared, matches, this, other, by_rows=False, converted=converted)


def _narrow(matches: Sequence[tuple[int, int]], ours: int, theirs: int) -> bool:
    """Whether files of two columns correspond in both."""
    return min(ours, theirs) == len(matches) == NARROW_LEAST


def _most(matches: Sequence[tuple[int, int]], ours: int, theirs: int) -> bool:
    """Whether so many columns correspond that files of so many are alike."""
    return len(matches) >= COLUMNS_LEAST and len(matches) > COLUMNS_SHARE * min(ours, theirs)


def _varying(file: Fingerprint) -> frozenset[int]:
    """Return the columns that hold more than one value."""
    return frozenset(i for i, each in enumerate(file.columns) if len(each.values.keys) > 1)


class _Lines:
    """The numbers of two files in the rows around anchors that they share."""

    def __init__(
        self,
        this: Fingerprint,
        ours: Anchor,
        other: Fingerprint,
        theirs: Anchor,
        shared: Sequence[tuple[int, int]],
    ) -> None:
        self._sides = ((this, ours), (other, theirs))
        self._left = _numbers(this, ours)
        self._right = _numbers(other, theirs)
        self._shared = shared

    def beside(self, exact: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Conversion]:
        """Return the columns that are others in other units, but for those that agree."""
        left, right = {i for i, _ in exact}, {j for _, j in exact}
        found: dict[tuple[int, int], Conversion] = {}
        for i in self._left.keys() - left:
            for j in self._right.keys() - right:
                pairs = [(self._right[j][b], self._left[i][a]) for a, b in self._shared]
                if map_ := conversion_of(pairs):
                    found[i, j] = map_
        ranked = sorted((abs(i - j), i, j) for i, j in found)
        return {pair: found[pair] for pair in _one_to_one((i, j) for _, i, j in ranked)}

    def fits(self, map_: Conversion, i: int, a: int, j: int, b: int) -> bool:
        """Whether a cell of the one file is the other's in other units."""
        return map_.fits(self._right[j][b], self._left[i][a])

    def telling(self, i: int, j: int, *, as_it_is: bool) -> bool:
        """Whether columns say more of a row than when it was and how many came before it.

        Times as they are are everybody's, and a column that goes in step with them or with the
        anchor, such as one that counts rows, is the same in files of strangers.
        """
        return all(
            not (as_it_is and file.columns[column].instant)
            and not _in_step(numbers, column, file, anchor)
            for (file, anchor), numbers, column in zip(
                self._sides, (self._left, self._right), (i, j), strict=True
            )
        )


def _numbers(file: Fingerprint, anchor: Anchor) -> dict[int, tuple[float, ...]]:
    every = ((i, file.numbers_of(anchor, i)) for i in range(len(file.columns)))
    return {i: numbers for i, numbers in every if numbers is not None}


def _in_step(
    numbers: Mapping[int, tuple[float, ...]], column: int, file: Fingerprint, anchor: Anchor
) -> bool:
    if column not in numbers:
        return False
    leading = [
        i for i in numbers if i != column and (i in anchor.columns or file.columns[i].instant)
    ]
    return any(conversion_of(list(zip(numbers[i], numbers[column], strict=True))) for i in leading)


def _agreeing(
    rows: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], ours: int, theirs: int
) -> list[tuple[int, int]]:
    """Pair the columns whose cells agree in most of the rows, the best first."""
    left = list(zip(*(a for a, _ in rows), strict=True))
    right = list(zip(*(b for _, b in rows), strict=True))
    rated = []
    for i in range(ours):
        for j in range(theirs):
            agree = sum(map(int.__eq__, left[i], right[j]))
            if agree >= AGREEING * len(rows) and any(left[i]):
                rated.append((-agree, abs(i - j), i, j))
    return _one_to_one((i, j) for *_, i, j in sorted(rated))
