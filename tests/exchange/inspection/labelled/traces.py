"""Movements of persons, positions of homes, and things at sea that move without being anybody.

I-11 wants a person's key, a time, a position finer than about 100 m (four decimals of a degree)
and two points of one person.  G-10 wants somebody's word on the tracks of vessels and vehicles
finer than five minutes.  A buoy, a float and a glider are instruments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Cell,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

TRACE = certain("trace")


def _walk(
    d: Draw,
    key: str,
    subject: Callable[[], Cell],
    *,
    places: int = 5,
    minutes: int = 10,
    subjects: int = 15,
    names: tuple[str, str, str] = ("time", "lon", "lat"),
) -> dict[str, Sequence[Cell]]:
    """Let some subjects walk about, each a few steps of time after the other."""
    keys = [subject() for _ in range(subjects)]
    at = {each: (d.number(120.2, 120.5, 6), d.number(36.0, 36.3, 6)) for each in keys}
    times = iter(d.hours(minutes=minutes))
    time, lon, lat = names
    columns: dict[str, list[Cell]] = {key: [], time: [], lon: [], lat: []}
    now = ""
    for row in range(d.rows):
        each = keys[row % subjects]
        if row % subjects == 0:
            now = next(times)
        east, north = at[each]
        at[each] = (east + d.number(-0.004, 0.004, 6), north + d.number(-0.004, 0.004, 6))
        columns[key].append(each)
        columns[time].append(now)
        columns[lon].append(f"{at[each][0]:.{places}f}")
        columns[lat].append(f"{at[each][1]:.{places}f}")
    return dict(columns)


def _anywhere(*columns: str) -> tuple[str, ...]:
    """Name the columns of a trace; it may be told by any of them."""
    return columns


def _fixed(
    d: Draw, key: str, subject: Callable[[], Cell], count: int = 8
) -> dict[str, Sequence[Cell]]:
    """Set up stations that stay where they are, and read them in turn."""
    stations = [
        (subject(), f"{d.number(119, 123, 6):.6f}", f"{d.number(35, 39, 6):.6f}")
        for _ in range(count)
    ]
    rows = [stations[row % count] for row in range(d.rows)]
    return {
        key: [row[0] for row in rows],
        "time": d.hours(minutes=10),
        "lon": [row[1] for row in rows],
        "lat": [row[2] for row in rows],
        "temp": d.each(lambda: d.number(2, 28)),
    }


def _homes(
    d: Draw, key: str, subject: Callable[[], Cell], lon: str, lat: str
) -> dict[str, Sequence[Cell]]:
    return {
        key: d.each(subject),
        lon: d.each(lambda: f"{d.number(120.2, 120.5, 6):.6f}"),
        lat: d.each(lambda: f"{d.number(36.0, 36.3, 6):.6f}"),
    }


def _user(d: Draw) -> str:
    return f"u{d.digits(7)}"


def _mmsi(d: Draw) -> str:
    return "412" + d.digits(6)


_PERSONS = (
    *(
        Case(
            f"the ways of persons by {key}",
            "I-11: a person's key, a time, five decimals and many points of each",
            BLOCK,
            lambda d, key=key: _walk(d, key, lambda: _user(d)),  # type: ignore[misc]
            {_anywhere(key, "time", "lon", "lat"): TRACE},
        )
        for key in ("user_id", "用户编号", "device_id", "rider_no", "patient_id", "passenger")
    ),
    Case(
        "the ways of persons under Chinese headers",
        "I-11: 用户, 时间, 经度 and 纬度",
        BLOCK,
        lambda d: _walk(d, "用户ID", lambda: _user(d), names=("定位时间", "经度", "纬度")),
        {_anywhere("用户ID", "定位时间", "经度", "纬度"): TRACE},
    ),
    Case(
        "the ways of persons with four decimals",
        "I-11: four decimals of a degree are about ten metres",
        BLOCK,
        lambda d: _walk(d, "user", lambda: _user(d), places=4),
        {_anywhere("user", "time", "lon", "lat"): TRACE},
    ),
    Case(
        "the ways of persons once a day",
        "I-11: two points a person are enough, however far apart in time",
        BLOCK,
        lambda d: _walk(d, "user_id", lambda: _user(d), minutes=1_440),
        {_anywhere("user_id", "time", "lon", "lat"): TRACE},
    ),
    Case(
        "exactly two points a person",
        "I-11: two points a person are enough",
        BLOCK,
        lambda d: _walk(d, "member_id", lambda: _user(d), subjects=150),
        {_anywhere("member_id", "time", "lon", "lat"): TRACE},
    ),
    Case(
        "the ways of persons in Parquet",
        "I-11: numbers instead of text",
        BLOCK,
        lambda d: Made(_numbers(_walk(d, "user_id", lambda: _user(d))), suffix=".parquet"),
        {_anywhere("user_id", "time", "lon", "lat"): TRACE},
    ),
    Case(
        "the ways of persons named by their mobile numbers",
        "I-11: the key is a direct identifier as well (I-09)",
        BLOCK,
        lambda d: _walk(d, "手机号", d.mobile),
        {"手机号": certain("mobile"), _anywhere("手机号", "time", "lon", "lat"): TRACE},
    ),
    Case(
        "the ways of cars named by their plates",
        "I-11: a plate leads to its holder, and the car is where the holder is",
        BLOCK,
        lambda d: _walk(d, "车牌号", d.plate, minutes=10),
        {"车牌号": certain("plate"), _anywhere("车牌号", "time", "lon", "lat"): TRACE},
    ),
    Case(
        "the ways of persons by the second, as time stamps",
        "I-11: seconds since 1970 are a time",
        BLOCK,
        lambda d: {
            **(walk := _walk(d, "user_id", lambda: _user(d))),
            "time": [1_709_251_200 + 600 * (row // 15) for row in range(len(walk["time"]))],
        },
        {_anywhere("user_id", "time", "lon", "lat"): TRACE},
    ),
)

_HOMES = (
    Case(
        "positions of the homes of customers",
        "I-01: six decimals find the door of each customer",
        BLOCK,
        lambda d: _homes(d, "customer_id", lambda: _user(d), "home_lon", "home_lat"),
        {("customer_id", "home_lon", "home_lat"): certain("coordinates")},
    ),
    Case(
        "positions of the homes of members under Chinese headers",
        "I-01: 家庭经度 and 家庭纬度 of each member",
        BLOCK,
        lambda d: _homes(d, "会员号", lambda: _user(d), "家庭经度", "家庭纬度"),
        {("会员号", "家庭经度", "家庭纬度"): certain("coordinates")},
    ),
    Case(
        "positions beside names of persons",
        "I-01: where a named person is, to the metre",
        BLOCK,
        lambda d: _homes(d, "姓名", d.name, "经度", "纬度"),
        {"姓名": certain("person_name"), ("姓名", "经度", "纬度"): certain("coordinates")},
    ),
)


def _numbers(columns: dict[str, Sequence[Cell]]) -> dict[str, Sequence[Cell]]:
    return {
        name: [float(str(cell)) for cell in cells] if name in ("lon", "lat") else cells
        for name, cells in columns.items()
    }


_VESSELS = (
    Case(
        "vessels by the minute",
        "G-10: tracks of vessels finer than five minutes need somebody's word",
        ATTEST,
        lambda d: _walk(d, "mmsi", lambda: _mmsi(d), minutes=1),
        {_anywhere("mmsi", "time", "lon", "lat"): reported("trace")},
    ),
    Case(
        "vessels every ten seconds under Chinese headers",
        "G-10: tracks of vessels finer than five minutes need somebody's word",
        ATTEST,
        lambda d: {
            **_walk(d, "船舶MMSI", lambda: _mmsi(d), names=("时间", "经度", "纬度")),
            "时间": [
                f"2024-03-01 08:{row // 15 // 6:02}:{row // 15 % 6}0" for row in range(d.rows)
            ],
        },
        {_anywhere("船舶MMSI", "时间", "经度", "纬度"): reported("trace")},
    ),
    Case(
        "vehicles by the minute under numbers of a fleet",
        "G-10: tracks of vehicles finer than five minutes need somebody's word",
        ATTEST,
        lambda d: _walk(d, "vehicle_id", lambda: f"V{d.digits(4)}", minutes=1),
        {_anywhere("vehicle_id", "time", "lon", "lat"): reported("trace")},
    ),
)


def _instrument(name: str, key: str, make: Callable[[Draw], str], minutes: int = 60) -> Case:
    return Case(
        name,
        "I-11: an instrument moves with the water and is nobody",
        PASS,
        lambda d: {
            **_walk(d, key, lambda: make(d), minutes=minutes),
            "temp": d.each(lambda: d.number(2, 28)),
        },
    )


def _station(name: str, key: str, make: Callable[[Draw], str]) -> Case:
    return Case(
        name,
        "I-11: a station stands where it stands, and is nobody",
        PASS,
        lambda d: _fixed(d, key, lambda: make(d)),
    )


_CLEAN = (
    Case(
        "vessels by the hour",
        "G-10: an hour is coarser than five minutes, and no sensitive water is named",
        PASS,
        lambda d: _walk(d, "mmsi", lambda: _mmsi(d), minutes=60),
    ),
    _instrument("drifters by the hour", "drifter_id", lambda d: f"D{d.digits(6)}"),
    _instrument("drifters by the minute", "drifter_id", lambda d: f"D{d.digits(6)}", 1),
    _instrument("floats of Argo", "platform_number", lambda d: f"290{d.digits(4)}", 14_400),
    _instrument("gliders", "glider", lambda d: f"sg{d.digits(3)}", 5),
    _instrument(
        "buoys that drift, under Chinese headers", "浮标编号", lambda d: f"QF{d.digits(3)}"
    ),
    _instrument("turtles with transmitters", "turtle_tag", lambda d: f"T{d.digits(5)}", 360),
    _instrument("icebergs", "iceberg", lambda d: f"B{d.whole(10, 99)}{d.letters(1)}", 1_440),
    _instrument("typhoons", "typhoon_id", lambda d: f"24{d.whole(1, 30):02}", 360),
    _station("stations of tides", "station", lambda d: f"ST{d.digits(3)}"),
    _station("stations under Chinese headers", "站号", lambda d: f"{d.digits(5)}"),
    _station("moored buoys", "buoy_id", lambda d: f"MF{d.digits(5)}"),
    _station("air sensors under device_id", "device_id", lambda d: f"AQ-{d.hexadecimal(6)}"),
    Case(
        "the ways of persons with two decimals",
        "I-11: two decimals are about a kilometre, coarser than 100 m",
        PASS,
        lambda d: _walk(d, "user_id", lambda: _user(d), places=2),
    ),
    Case(
        "the ways of persons with three decimals",
        "I-11: three decimals are about 110 m, coarser than 100 m",
        PASS,
        lambda d: _walk(d, "user_id", lambda: _user(d), places=3),
    ),
    Case(
        "grids of HF radar",
        "I-11: a grid has positions and a time and no subject",
        PASS,
        lambda d: {
            "time": ["2024-03-01T00:00:00"] * d.rows,
            "lon": [f"{120 + row % 20 * 0.0125:.4f}" for row in range(d.rows)],
            "lat": [f"{36 + row // 20 * 0.0125:.4f}" for row in range(d.rows)],
            "u": d.each(lambda: d.number(-90, 90, 3)),
            "v": d.each(lambda: d.number(-90, 90, 3)),
        },
        rows=800,
    ),
    Case(
        "soundings of a survey",
        "I-11: a depth has a position, and the survey's line is a ship's errand without a key",
        PASS,
        lambda d: {
            "lon": d.each(lambda: f"{d.number(120, 121, 6):.6f}"),
            "lat": d.each(lambda: f"{d.number(36, 37, 6):.6f}"),
            "depth": d.each(lambda: d.number(3, 60)),
        },
    ),
    Case(
        "pictures of wind turbines with positions",
        "I-11: a turbine stands where it stands",
        PASS,
        lambda d: {
            "turbine": [f"WT{n % 30:02}" for n in d.count()],
            "lon": [f"{121 + n % 30 * 0.010101:.6f}" for n in d.count()],
            "lat": [f"{33 + n % 30 * 0.005051:.6f}" for n in d.count()],
        },
    ),
    Case(
        "coordinates in metres of UTM",
        "I-11: eastings and northings of a survey without a subject",
        PASS,
        lambda d: {
            "easting": d.each(lambda: d.number(200_000, 700_000)),
            "northing": d.each(lambda: d.number(3_900_000, 4_100_000)),
            "z": d.each(lambda: d.number(-40, 0)),
        },
    ),
    Case(
        "users with times and no positions",
        "I-11: no position, no trace",
        PASS,
        lambda d: {
            "session": d.each(lambda: d.hexadecimal(8)),
            "time": d.hours(),
            "clicks": d.each(lambda: d.whole(1, 90)),
        },
    ),
    Case(
        "shops with positions",
        "I-01: a shop is where its customers find it",
        PASS,
        lambda d: _homes(d, "shop_id", lambda: f"S{d.digits(5)}", "lon", "lat"),
    ),
    Case(
        "centres of districts",
        "I-01: a district's centre is a point on a map",
        PASS,
        lambda d: _homes(d, "district_code", lambda: d.digits(6), "center_lon", "center_lat"),
    ),
)

CASES = (*_PERSONS, *_HOMES, *_VESSELS, *_CLEAN)
