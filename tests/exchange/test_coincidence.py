"""What strangers have in common: facts by their kind and name, and what follows from times."""

# ruff: noqa: S311 - data is made up from seeds

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from exchange.coincidence import counted, crowded, everybodys, facts_of, following, of_their_own
from exchange.fingerprint import NO_NUMBER, RANGE, Anchor, ColumnSketch, Fingerprint, Sketch

ROWS = 128


def sketch(different: int, seed: int = 1) -> Sketch:
    """Return a sketch of so many values."""
    chance = random.Random(seed)
    keys = sorted(chance.randrange(1, RANGE) for _ in range(different))[:ROWS]
    return Sketch(tuple(keys), whole=different <= ROWS)


def column(name: str, different: int = 9_000, **more: object) -> ColumnSketch:
    facts: dict[str, object] = {"repeats_ppm": 100, "base": 0.0, **more}
    return ColumnSketch(name, sketch(different), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        *[("lon", True), ("start_lat", True), ("纬度", True), ("HS code", True), ("id", True)],
        *[("编号", True), ("level", False), ("latency", False), ("吨数", False), ("width", False)],
    ],
)
def test_places_and_numbers_of_lists_are_everybody_s_by_their_names(
    name: str, *, shared: bool
) -> None:
    assert everybodys(column(name)) is shared


def test_facts_are_numbers_that_seldom_repeat() -> None:
    file = Fingerprint(
        sketch(9_000),
        (
            column("weight"),
            column("time", instant=True, repeats_ppm=20_000),
            column("port", base=None),
            column("parcels", repeats_ppm=20_000),
            column("lat"),
        ),
    )
    assert facts_of(file) == {0}
    # Where every row has its time, what somebody wrote is a fact as well.
    timed = Fingerprint(
        file.rows, (column("t", instant=True, repeats_ppm=0), column("b", base=None))
    )
    assert facts_of(timed) == {1}
    daily = replace(timed.columns[0], repeats_ppm=20_000)
    assert facts_of(Fingerprint(file.rows, (daily, timed.columns[1]))) == set()


def laid(*columns: list[int], instants: tuple[float, ...] = ()) -> tuple[Fingerprint, Anchor]:
    """Return a file with these cells around an anchor, and times if any beside them."""
    times = (column("time", instant=True),) if instants else ()
    sketches = tuple(column(f"c{i}", base=None) for i in range(len(columns)))
    cells = tuple(zip(*columns, *((range(1, ROWS + 1),) if instants else ()), strict=True))
    numbers = tuple((each,) for each in instants)
    return Fingerprint(sketch(9_000), (*sketches, *times)), Anchor(
        (0,), sketch(ROWS), cells, numbers
    )


def test_what_is_the_same_wherever_another_is_follows_from_it() -> None:
    chance = random.Random(2)
    station = [chance.randrange(1, 40) for _ in range(ROWS)]
    depth = [each * 7 + 1 for each in station]
    level = [chance.randrange(1, 500) for _ in range(ROWS)]
    file, anchor = laid(station, depth, level)
    assert following(file, anchor, [1, 2], [0, 1, 2]) == {1}
    assert following(file, anchor, [1, 2], [1, 2]) == set()  # nothing follows from itself
    different = list(range(1, ROWS + 1))
    assert following(*laid(different, depth), [1], [0]) == set()  # as no row can tell
    assert following(*laid([1] * ROWS, [1] * ROWS), [1], [0]) == set()


def test_what_calendars_say_follows_from_times() -> None:
    chance = random.Random(3)
    # Single precision, in which times of many years are kept, is some seconds out.
    hours = [chance.randrange(24 * 900) for _ in range(ROWS)]
    times = tuple(1_767_225_600.0 + 3_600 * each + chance.choice([-4, 0, 4]) for each in hours)
    weekday = [each // 24 % 7 + 1 for each in hours]
    hour = [each % 24 + 1 for each in hours]
    level = [chance.randrange(1, 500) for _ in range(ROWS)]
    file, anchor = laid(weekday, hour, level, instants=times)
    assert following(file, anchor, [0, 1, 2], []) == {0, 1}
    nowhere = (NO_NUMBER,) * ROWS
    assert following(*laid(weekday, instants=nowhere), [0], []) == set()


def test_cells_of_a_lattice_are_crowded_and_pairs_of_facts_are_not() -> None:
    def pair(first: int, second: int, both: int) -> tuple[Fingerprint, Anchor]:
        columns = (column("a", first), column("b", second))
        return Fingerprint(sketch(both), columns), Anchor((0, 1), sketch(both, 2), ())

    assert crowded(*pair(60, 50, 1_800))
    assert not crowded(*pair(400, 336, 2_000))


@pytest.mark.parametrize(
    ("numbers", "different", "count"),
    [
        (range(0, 2_000, 16), 2_000, True),
        (range(0, 900_000, 7_200), 2_000, False),
        (range(0, 2_000, 16), 1_000, False),
        ([each + 0.5 for each in range(0, 2_000, 16)], 2_000, False),
        ([7], 2_000, False),
    ],
)
def test_numbers_that_count_rows_up_are_told(
    numbers: range | list[float], different: int, *, count: bool
) -> None:
    around = tuple((float(each),) for each in numbers)
    file = Fingerprint(sketch(2_000), (column("a", different),))
    assert counted(file, Anchor((0,), sketch(len(around)), (), around)) is count


def test_a_fact_in_other_units_is_the_same_fact() -> None:
    chance = random.Random(4)
    level, other = ([chance.uniform(0, 9) for _ in range(ROWS)] for _ in range(2))
    assert of_their_own([level, [100 * each for each in level], other]) == (0, 2)
    assert of_their_own([level, None, other]) == (0, 1, 2)
    assert of_their_own([]) == ()
