"""How tables write where somebody is and when, and what is no position however it looks."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.profile import Bearer, Profile, SensitiveKind
from tests.exchange.inspection.conftest import Inspected

FIRST = dt.datetime(2024, 3, 1, 8, tzinfo=dt.UTC)
ROWS = 24
LON = [120.312345 + row * 0.000211 for row in range(ROWS)]
LAT = [36.061234 + row * 0.000117 for row in range(ROWS)]


def walked(inspected: Inspected, *columns: tuple[str, list[object]]) -> Profile:
    """Inspect two subjects that take turns, beside some columns."""
    names = ["user_id", *(name for name, _ in columns)]
    rows = zip([f"u{row % 2}" for row in range(ROWS)], *(each for _, each in columns), strict=True)
    quoted = ["\t".join(map(str, row)) for row in (names, *rows)]
    return inspected("\n".join(quoted) + "\n", "data.tsv")


def times(pattern: str = "%Y-%m-%d %H:%M:%S") -> list[object]:
    return [(FIRST + dt.timedelta(seconds=30 * row)).strftime(pattern) for row in range(ROWS)]


def written(pattern: str) -> list[object]:
    return [pattern.format(x=x, y=y) for x, y in zip(LON, LAT, strict=True)]


@pytest.mark.parametrize(
    ("columns", "metres"),
    [
        ([("lon", written("{x:.6f}")), ("lat", written("{y:.6f}"))], 1),
        ([("slon", written("{x:.4f}")), ("slat", written("{y:.4f}"))], 11),
        ([("x", written("{x:.5f}")), ("y", written("{y:.5f}"))], 1),
        ([("x", written("{y:.5f}")), ("y", written("{x:.5f}"))], 1),  # as surveyors name them
        ([("lon", written("{x:.6f}°E")), ("lat", written("N{y:.6f}"))], 1),
        ([("Länge", written("{x:.6f}")), ("Breite", written("{y:.6f}"))], 1),
        ([("lat_e7", [round(y * 1e7) for y in LAT]), ("lon_e7", [round(x * 1e7) for x in LON])], 1),
        ([("lat", [round(y * 1e5) for y in LAT]), ("lon", [round(x * 1e5) for x in LON])], 1),
        ([("here", written("{x:.6f},{y:.6f}"))], 1),
        ([("here", written("{y:.6f} / {x:.6f}"))], 1),
        ([("loc", written("{x:.4f};{y:.4f}"))], 11),
        ([("g", written("POINT Z ({x:.6f} {y:.6f} 12)"))], 1),
        (
            [
                (
                    "g",
                    [
                        f"8Q8R{row + 20}22+2{'23456789CFGHJMPQRVWX'[row % 20]}"
                        for row in range(ROWS)
                    ],
                )
            ],
            0,
        ),
        (
            [("geohash", [f"wwmk{'bcdefgh'[row % 7]}{row % 9}x{row % 3}" for row in range(ROWS)])],
            19,
        ),
    ],
)
def test_a_position_is_read_however_it_is_written(
    inspected: Inspected, columns: list[tuple[str, list[object]]], metres: int
) -> None:
    if metres == 0:  # a plus code knows twenty characters only
        columns = [("g", [f"8Q8R{a}{b}22+2C" for a in "23456789" for b in "23C"])]
        metres = 14
    found = walked(inspected, ("time", times()), *columns)
    (track,) = found.tracks
    assert (track.subject, track.subjects, track.points) == ("user_id", 2, ROWS)
    assert (track.bearer, track.metres, track.step_seconds) == (Bearer.PERSON, metres, 60)
    assert {name for name, _ in columns} == {
        each.column for each in found.sensitive if each.kind is SensitiveKind.TRACE and each.certain
    }


@pytest.mark.parametrize(
    "columns",
    [
        [("lon", written("{x:.3f}")), ("lat", written("{y:.3f}"))],
        [("lon", [181 + x for x in LON]), ("lat", [91 + y for y in LAT])],
        [("lon", [f"{500 + x}" for x in LON]), ("lat", written("{y:.6f}"))],
        [("lat", [round(y * 1e9) for y in LAT]), ("lon", [round(x * 1e9) for x in LON])],
        [("lon", written("{x:.6f}")), ("lat", ["north"] * ROWS)],
        [("lon", ["east"] * ROWS), ("lat", ["north"] * ROWS)],
        [("x", written("{x:.4f}")), ("y", written("{y:.4f}"))],
        [("x", [f"{x - 120.313:.6f}" for x in LON]), ("y", [f"{y - 36.062:.6f}" for y in LAT])],
        [("x", [f"{x + 100:.6f}" for x in LON]), ("y", written("{y:.6f}"))],
        [("x", [f"{x:.6f}" for x in LON]), ("y", [f"{y + 60:.6f}" for y in LAT])],
        [("x", [""] * ROWS), ("y", written("{y:.6f}"))],
        [("here", written("{x:.4f},{y:.4f}"))],
        [("here", [f"0.{row + 10}3456,0.{99 - row}1234" for row in range(ROWS)])],
        [("here", [f"{row - 9}.123456,{5 - row}.654321" for row in range(ROWS)])],
        [("pos", [f"0.{row + 10}3456,0.{99 - row}1234" for row in range(ROWS)])],
        [("loc", [f"{x + 300:.6f},{y:.6f}" for x, y in zip(LON, LAT, strict=True)])],
        [("loc", written("row {y:.6f} of 12 {x:.6f}"))],
        [("loc", [f"b{row + 100000}" for row in range(ROWS)])],
        [("code", [f"wwmk{'bcdefgh'[row % 7]}{row % 9}x{row % 3}" for row in range(ROWS)])],
    ],
)
def test_what_is_no_position_finer_than_a_hundred_metres_is_none(
    inspected: Inspected, columns: list[tuple[str, list[object]]]
) -> None:
    found = walked(inspected, ("time", times()), *columns)
    assert not found.tracks
    assert not found.sensitive


@pytest.mark.parametrize(
    ("name", "instants"),
    [
        ("t", times()),
        ("Zeit", times("%d.%m.%Y %H:%M:%S")),
        ("heure", times("%d/%m/%Y %H:%M:%S")),
        ("gcsj", times("%Y%m%d%H%M%S")),
        ("时刻", times("%Y年%m月%d日 %H:%M:%S")),
        *(
            (name, [int((FIRST.timestamp() + 30 * row) * scale) for row in range(ROWS)])
            for name, scale in (("t", 1), ("gpstime", 1_000), ("stamp", 10**6), ("czas", 10**9))
        ),
    ],
)
def test_an_instant_is_read_however_it_is_written(
    inspected: Inspected, name: str, instants: list[object]
) -> None:
    place = (("lon", written("{x:.6f}")), ("lat", written("{y:.6f}")))
    (track,) = walked(inspected, (name, instants), *place).tracks
    assert (track.time, track.step_seconds) == (name, 60)


@pytest.mark.parametrize("instants", [list(range(ROWS)), [""] * ROWS, ["noon"] * ROWS])
def test_a_letter_over_what_is_no_instant_says_no_time(
    inspected: Inspected, instants: list[object]
) -> None:
    place = (("lon", written("{x:.6f}")), ("lat", written("{y:.6f}")))
    found = walked(inspected, ("t", instants), *place)
    assert not found.tracks
    assert {each.kind for each in found.sensitive} == {SensitiveKind.COORDINATES}


def test_both_ends_of_a_trip_and_who_is_there_are_told(inspected: Inspected) -> None:
    ends = [
        (f"{end}_{name}", written(f"{{{axis}:.6f}}"))
        for end in ("from", "to")
        for name, axis in (("lng", "x"), ("lat", "y"))
    ]
    found = walked(inspected, ("time", times()), *ends)
    assert {each.column for each in found.sensitive} == {name for name, _ in ends}
    where = walked(inspected, ("time", times()), ("user_location", written("{y:.6f},{x:.6f}")))
    assert [each.subject for each in where.tracks] == ["user_id"]
    cells = "".join(
        f"POINT({x:.6f} {y:.6f}),{FIRST}\n" for x, y in zip(LON[:9] * 2, LAT[:9] * 2, strict=True)
    )
    alone = inspected(f"user_location,time\n{cells}")
    assert not alone.tracks
    assert [each.kind for each in alone.sensitive] == [SensitiveKind.COORDINATES]


@pytest.mark.parametrize(
    ("moving", "standing"),
    [
        (written("{x:.6f},{y:.6f}"), ["120.312345,36.061234"] * ROWS),
        (
            [f"wwm{'kmhj'[row // 2 % 4]}bx{'bcdefghj'[row % 8]}" for row in range(ROWS)],
            [f"wwmkbx{'bcdefghj'[row % 8]}" for row in range(ROWS)],
        ),
    ],
)
def test_a_device_is_somebodys_if_it_moves(
    inspected: Inspected, moving: list[object], standing: list[object]
) -> None:
    for place, tracks in ((moving, 1), (standing, 0)):
        rows = "".join(
            f"d{row % 2}\t{when}\t{cell}\n"
            for row, (when, cell) in enumerate(zip(times(), place, strict=True))
        )
        assert len(inspected(f"device_id\ttime\tloc\n{rows}", "data.tsv").tracks) == tracks


def walker(
    inspected: Inspected, *more: tuple[str, object], step: int = 5, far: float = 1e-5
) -> Profile:
    """Inspect the way of one who is not named."""
    rows: list[list[object]] = [["time", "lat", "lon", *(name for name, _ in more)]]
    for row in range(300):
        when = f"{FIRST + dt.timedelta(seconds=step * row):%Y-%m-%dT%H:%M:%S}"
        place = (f"{36.061 + row * far:.6f}", f"{120.312 + row * far:.6f}")
        rows.append([when, *place, *(value for _, value in more)])
    return inspected("\n".join(",".join(map(str, row)) for row in rows) + "\n")


def test_a_body_that_goes_on_and_on_may_be_a_persons(inspected: Inspected) -> None:
    found = walker(inspected, ("心率", 131))
    assert {(each.column, each.kind, each.certain, each.subjects) for each in found.sensitive} == {
        (name, SensitiveKind.TRACE, False, 1) for name in ("lat", "lon")
    }
    assert not found.tracks


@pytest.mark.parametrize(
    ("more", "step", "far"),
    [
        ((("sst", 9.5),), 5, 1e-5),
        ((("hr", 131), ("turtle", "t1")), 5, 1e-5),
        ((("hr", 131),), 3_600, 1e-5),
        ((("hr", 131),), 5, 1e-2),
        ((("hr", 131),), 5, 1e-6),
    ],
)
def test_what_stands_leaps_or_is_no_body_is_nobodys_way(
    inspected: Inspected, more: tuple[tuple[str, object], ...], step: int, far: float
) -> None:
    found = walker(inspected, *more, step=step, far=far)
    assert not [each for each in found.sensitive if each.kind is SensitiveKind.TRACE]


def test_a_body_without_a_position_or_a_time_goes_nowhere(inspected: Inspected) -> None:
    assert not inspected("time,hr\n2024-03-01 08:00:00,90\n2024-03-01 08:00:05,91\n").sensitive
    rows = "".join(f"36.06{row:04},120.31{row:04},90\n" for row in range(1, 300))
    assert not inspected(f"lat,lon,hr\n{rows}").sensitive


def test_a_column_of_hardly_any_cell_is_no_position(inspected: Inspected) -> None:
    cells = [""] * 49_999 + ["wwmkbx3d9"]
    rows = "".join(f"u{row % 9},2024-03-01,{cell}\n" for row, cell in enumerate(cells, start=1))
    assert not inspected(f"user_id,time,geohash\n{rows}").tracks


@pytest.mark.parametrize(
    "plate",
    [
        "HH-AB 123",
        "M-X 7E",
        "AB-123-CD",
        "AB 123 CD",
        "1234 BCD",
        "AB12 CDE",
        "12-ABC-3",
        "WA 1234A",
    ],
)
def test_a_plate_of_another_state_is_one_under_its_header(inspected: Inspected, plate: str) -> None:
    cells = "".join(f"{plate[:-1]}{plate[-1]},{row}\n" for row in range(30))
    (found,) = inspected(f"Kennzeichen,n\n{cells}").sensitive
    assert (found.kind, found.certain, found.matched) == (SensitiveKind.PLATE, True, 30)
    assert not inspected(f"code,n\n{cells}").sensitive


@pytest.mark.parametrize("mark", ["5 mm", "CE", "0123", "ISO 9001", "EN 10025"])
def test_other_marks_under_kennzeichen_are_no_plates(inspected: Inspected, mark: str) -> None:
    cells = "".join(f"{mark},{row}\n" for row in range(30))
    assert not inspected(f"Kennzeichen,n\n{cells}").sensitive


WAYS = [
    "LINESTRING (120.3123 36.0612, 120.3134 36.0623, 120.3145 36.0634)",
    "[[120.3123,36.0612],[120.3134,36.0623]]",
    "120.3123,36.0612;120.3134,36.0623",
    "36.061234 -8.612345|36.062345 -8.623456",
]


def drawn(inspected: Inspected, key: str, cell: str) -> list[tuple[str, SensitiveKind, bool]]:
    """Inspect a way in one cell, beside who went it, once each."""
    rows = "".join(f"k{row}\t{cell}\n" for row in range(30))
    found = inspected(f"{key}\tway\n{rows}", "data.tsv").sensitive
    return [(each.column, each.kind, each.certain) for each in found]


@pytest.mark.parametrize("cell", WAYS)
def test_a_way_in_one_cell_is_a_trace_of_who_went_it(inspected: Inspected, cell: str) -> None:
    assert drawn(inspected, "user_id", cell) == [("way", SensitiveKind.TRACE, True)]
    assert drawn(inspected, "taxi", cell) == [("way", SensitiveKind.TRACE, False)]
    for key in ("n1", "mmsi", "drifter_id"):
        assert drawn(inspected, key, cell) == []


@pytest.mark.parametrize(
    "cell",
    [
        "[12.3456, 13.4567, 14.5678, 15.6789]",
        "0.1234,0.5678;0.2345,0.6789",
        "120.3123,136.0612;120.3134,136.0623",
        "220.3123,36.0612;220.3134,36.0623",
        "120.312,36.061;120.313,36.062",
        "none",
    ],
)
def test_a_vector_and_what_is_no_degree_is_no_way(inspected: Inspected, cell: str) -> None:
    assert drawn(inspected, "user_id", cell) == []


def test_a_column_of_hardly_any_way_is_none(inspected: Inspected) -> None:
    cells = "".join(f"u{row}\t\n" for row in range(49_999)) + f"u0\t{WAYS[0]}\n"
    assert not inspected(f"user_id\tway\n{cells}", "data.tsv").sensitive
