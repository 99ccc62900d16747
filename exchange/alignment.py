"""The rows of two files laid side by side around anchors that both have: what agrees in them.

Columns correspond whose cells agree in most of these rows, or whose numbers are each other's in
other units (`exchange.conversion`) or told less exactly (`exchange.closeness`).  That they do so
says little where strangers would have them in common as well (`exchange.coincidence`): times,
places, and what follows from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from exchange.closeness import Closeness, closeness_of
from exchange.coincidence import counted, crowded, everybodys, facts_of, following, of_their_own
from exchange.conversion import Conversion, conversion_of
from exchange.fingerprint import PPM, Anchor, Fingerprint, Overlap

Pair = tuple[int, int]  # a column, or a row around an anchor, of either file

SHARED_LEAST: Final = 5  # hashes; fewer may be shared by chance
DOUBTFUL_MOST: Final = 0.05  # of an anchor's values, that may stand in several rows
AGREEING: Final = 0.5  # of the rows around shared anchors, for two columns to correspond
ROW_AGREES: Final = 0.75  # of the columns that correspond, for a row to be the same row
CHANCE_MOST: Final = 0.05  # that strangers' cells agree in all columns but the anchor's
NEARLY_ALL: Final = 0.9  # of the rows
# Where few columns correspond, facts must: two, and so many of those that a file has.
FACTS_LEAST: Final = 2
FACTS_SHARE: Final = 0.66
FACTS_OF_TIMES: Final = 0.75
FACTS_INEXACT: Final = 3  # where some are told less exactly, these among them


class Alignment:
    """Two files, an anchor of each, and the rows around the values that both anchors have."""

    def __init__(self, this: Fingerprint, ours: Anchor, other: Fingerprint, theirs: Anchor) -> None:
        self._sides = ((this, ours), (other, theirs))
        self.seen, self._shared = _seen(ours, theirs)

    @cached_property
    def _rows(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        (_, ours), (_, theirs) = self._sides
        return [(ours.cells[a], theirs.cells[b]) for a, b in self._shared]

    @cached_property
    def _numbers(self) -> tuple[dict[int, tuple[float, ...]], dict[int, tuple[float, ...]]]:
        left, right = (_numbers(file, anchor) for file, anchor in self._sides)
        return left, right

    @cached_property
    def _facts(self) -> tuple[frozenset[int], frozenset[int]]:
        (this, _), (other, _) = self._sides
        return facts_of(this), facts_of(other)

    @cached_property
    def exact(self) -> frozenset[Pair]:
        """The columns whose cells agree in most of the rows."""
        left, right = (list(zip(*side, strict=True)) for side in zip(*self._rows, strict=True))
        rated = []
        for i, ours in enumerate(left):
            for j, theirs in enumerate(right):
                agree = sum(map(int.__eq__, ours, theirs))
                if agree >= AGREEING * len(self._rows) and any(ours):
                    rated.append((-agree, abs(i - j), i, j))
        return frozenset(one_to_one((i, j) for *_, i, j in sorted(rated)))

    @cached_property
    def maps(self) -> dict[Pair, Conversion | Closeness]:
        """The columns that are others in other units or told less exactly, and how.

        One or two that are told less exactly are what good instruments beside would tell.
        """
        converted = {
            pair: map_
            for pair, pairs in self._of_numbers(self.exact)
            if (map_ := conversion_of(pairs))
        }
        nearest = sorted(converted, key=lambda pair: (abs(pair[0] - pair[1]), pair))
        maps: dict[Pair, Conversion | Closeness] = {
            pair: converted[pair] for pair in one_to_one(nearest)
        }
        taken = [*self.exact, *maps]
        near = {
            pair: each
            for pair, pairs in self._of_numbers(taken)
            if not self._instant(pair) and (each := closeness_of(pairs))
        }
        inexact = one_to_one(sorted(near, key=lambda pair: (near[pair].within, pair)))
        if len(self._facts_among([*taken, *inexact])) >= FACTS_INEXACT:
            maps |= {pair: near[pair] for pair in inexact}
        return maps

    @cached_property
    def matches(self) -> list[Pair]:
        """The columns that correspond, in one way or another."""
        return sorted([*self.exact, *self.maps])

    def _of_numbers(
        self, taken: Iterable[Pair]
    ) -> Iterator[tuple[Pair, list[tuple[float, float]]]]:
        """Yield what two columns of numbers have in the shared rows, but for those `taken`."""
        left, right = self._numbers
        ours, theirs = {i for i, _ in taken}, {j for _, j in taken}
        for i in left.keys() - ours:
            for j in right.keys() - theirs:
                yield (i, j), [(right[j][b], left[i][a]) for a, b in self._shared]

    def _instant(self, pair: Pair) -> bool:
        """Whether one of two columns tells times; strangers' clocks may be near."""
        return any(file.columns[i].instant for (file, _), i in zip(self._sides, pair, strict=True))

    def agreeing(self) -> int:
        """Return in how many of the rows most of the columns that correspond agree."""
        left, right = self._numbers
        same = 0
        for (a, b), (ours, theirs) in zip(self._shared, self._rows, strict=True):
            agree = sum(ours[i] == theirs[j] for i, j in self.exact)
            agree += sum(map_.fits(right[j][b], left[i][a]) for (i, j), map_ in self.maps.items())
            same += agree >= ROW_AGREES * len(self.matches)
        return same

    def unlike_strangers(self) -> bool:
        """Whether columns agree, beside those that everybody has, in which strangers seldom do."""
        (this, ours), (other, _) = self._sides
        beyond = [
            pair
            for pair in self.matches
            if pair[0] not in ours.columns
            and self._telling(pair)
            and self._more_often_than_chance(pair)
        ]
        beyond = self._not_following(beyond)
        chance = chance_of(this, other, beyond, beside=0)
        return bool(beyond) and chance <= CHANCE_MOST

    @cached_property
    def facts(self) -> tuple[Pair, ...]:
        """The facts that are the same, row by row, for no other reason than a copy.

        None where they are fewer than tell anything.
        """
        facts = self._facts_among(self.matches)
        if len(facts) < FACTS_LEAST:
            return ()
        (_, ours), (_, theirs) = self._sides
        anchored = [(i, j) for i, j in facts if i in ours.columns or j in theirs.columns]
        beside = self._not_following([pair for pair in facts if pair not in anchored])
        proven = [pair for pair in beside if self._telling(pair) and self._nearly_always(pair)]
        if anchored and self._anchor_tells():
            proven += anchored
        own = of_their_own([self._numbers[0].get(i) for i, _ in proven])
        return tuple(proven[i] for i in own) if len(own) >= FACTS_LEAST else ()

    def facts_tell(self) -> bool:
        """Whether these facts are enough of those that the file with fewer of them has."""
        (this, _), (other, _) = self._sides
        # Who has the same days may have weather or prices of them that are everybody's.
        timed = any(this.columns[i].instant and other.columns[j].instant for i, j in self.matches)
        share = FACTS_OF_TIMES if timed else FACTS_SHARE
        return len(self.facts) >= max(FACTS_LEAST, share * min(map(len, self._facts)))

    def _facts_among(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Return which columns that correspond are facts: of one file at least.

        What was rounded repeats more often than what it came from.
        """
        (this, _), (other, _) = self._sides
        left, right = self._facts
        return [
            (i, j)
            for i, j in pairs
            if (i in left or j in right)
            and not everybodys(this.columns[i])
            and not everybodys(other.columns[j])
        ]

    def _more_often_than_chance(self, pair: Pair) -> bool:
        """Whether cells agree far more often than two of the same column do, as flags are."""
        if pair in self.maps:
            return True
        (this, _), (other, _) = self._sides
        chance = chance_of(this, other, [pair], beside=0)
        return 2 * self._share(pair) >= 1 + chance

    def _share(self, pair: Pair) -> float:
        i, j = pair
        return sum(a[i] == b[j] for a, b in self._rows) / len(self._rows)

    def _nearly_always(self, pair: Pair) -> bool:
        # What is mapped fits in as many rows.
        return pair in self.maps or self._share(pair) >= NEARLY_ALL

    def _not_following(self, asked: Sequence[Pair]) -> list[Pair]:
        """Return those that follow in neither file from when it was or from what else agrees."""
        follow = [
            following(
                file, anchor, [pair[side] for pair in asked], [pair[side] for pair in self.matches]
            )
            for side, (file, anchor) in enumerate(self._sides)
        ]
        return [(i, j) for i, j in asked if i not in follow[0] and j not in follow[1]]

    def _telling(self, pair: Pair) -> bool:
        """Whether columns say more of a row than when it was and how many came before it.

        Times as they are are everybody's, and a column that goes in step with them or with the
        anchor, such as one that counts rows, is the same in files of strangers.
        """
        return not any(
            (pair in self.exact and file.columns[column].instant)
            or _in_step(numbers, column, file, anchor)
            for (file, anchor), numbers, column in zip(
                self._sides, self._numbers, pair, strict=True
            )
        )

    def _anchor_tells(self) -> bool:
        """Whether the values of the anchors are such as strangers do not have."""
        if self.seen.most_ppm < PPM * NEARLY_ALL:
            return False
        return not any(
            2 * sum(anchor.alone) < len(anchor.alone)
            or (counted if len(anchor.columns) == 1 else crowded)(file, anchor)
            for file, anchor in self._sides
        )


def one_to_one(ranked: Iterable[Pair]) -> list[Pair]:
    """Return of ranked pairs those whose members stand in none before."""
    ours: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in ranked:
        if i not in ours and j not in taken:
            ours[i] = j
            taken.add(j)
    return sorted(ours.items())


def chance_of(
    this: Fingerprint, other: Fingerprint, matches: Sequence[Pair], *, beside: int
) -> float:
    """Return how likely strangers' rows agree in these columns, but for the `beside` rarest."""
    repeats = sorted(
        max(this.columns[i].repeats_ppm, other.columns[j].repeats_ppm) / PPM for i, j in matches
    )
    chance = 1.0
    for each in repeats[beside:]:
        chance *= each
    return chance


def _seen(ours: Anchor, theirs: Anchor) -> tuple[Overlap, list[Pair]]:
    """Return what two anchors have in common, and the places of the rows around it.

    A value that stands in different rows of a file is passed over, since a copy may have kept
    another one of them; but not where they are few, nor where that leaves too little.
    """
    bound = min(ours.values.bound, theirs.values.bound)
    left, right = (
        {key: place for place, key in enumerate(each.values.keys) if key <= bound}
        for each in (ours, theirs)
    )
    doubtful = {
        key
        for places, each in ((left, ours), (right, theirs))
        for key, place in places.items()
        if each.alone and not each.alone[place]
    }
    both = left.keys() & right.keys()
    few = len(doubtful) <= DOUBTFUL_MOST * len(left.keys() | right.keys())
    if few or len(both - doubtful) < SHARED_LEAST:
        doubtful = set()
    shared = [(left[key], right[key]) for key in sorted(both - doubtful)]
    seen = Overlap(len(shared), len(left.keys() - doubtful), len(right.keys() - doubtful))
    return seen, shared


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
