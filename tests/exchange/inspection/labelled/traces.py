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

_GEOHASH_ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"


def _geohash(lon: float, lat: float, length: int) -> str:
    """Halve the earth by turns, east and north, five halves a character."""
    spans = [[-180.0, 180.0], [-90.0, 90.0]]
    code = bits = 0
    text = ""
    for n in range(5 * length):
        span, value = spans[n % 2], (lon, lat)[n % 2]
        middle = (span[0] + span[1]) / 2
        code = code * 2 + (value >= middle)
        span[value < middle] = middle
        bits += 1
        if bits == 5:
            text, code, bits = text + _GEOHASH_ALPHABET[code], 0, 0
    return text


def _written(
    d: Draw, key: str, subject: Callable[[], Cell], header: str, write: Callable[[str, str], Cell]
) -> dict[str, Sequence[Cell]]:
    """Let some subjects walk about, each position in one cell."""
    walk = _walk(d, key, subject, places=6)
    lon, lat = walk.pop("lon"), walk.pop("lat")
    return {
        **walk,
        header: [write(str(x), str(y)) for x, y in zip(lon, lat, strict=True)],
    }


def _german_plate(d: Draw) -> str:
    return f"{d.of(['HH', 'KI', 'B', 'M'])}-{d.letters(2)} {d.digits(d.whole(2, 4))}"


_SPELLINGS: dict[str, tuple[str, Callable[[str, str], Cell]]] = {
    "longitude and latitude in one cell": ("位置", lambda x, y: f"{x},{y}"),
    "latitude and longitude with a space": ("loc", lambda x, y: f"{y} {x}"),
    "brackets": ("coordinates", lambda x, y: f"[{x}, {y}]"),
    "well-known text": ("geom", lambda x, y: f"POINT ({x} {y})"),
    "extended well-known text": ("shape", lambda x, y: f"SRID=4326;POINT({x} {y})"),
    "GeoJSON": ("point", lambda x, y: f'{{"type":"Point","coordinates":[{x},{y}]}}'),
    "a height behind them": ("fix", lambda x, y: f"{y},{x},12.5"),
    "words beside them": ("c3", lambda x, y: f"纬度{y}，经度{x}"),
    "geohashes of nine characters": ("geohash", lambda x, y: _geohash(float(x), float(y), 9)),
    "geohashes of seven characters": ("gh7", lambda x, y: _geohash(float(x), float(y), 7)),
}

_SPELLED = (
    *(
        Case(
            f"the ways of persons in {how}",
            "I-11: a person's key, a time and positions finer than 100 m, however they are written",
            BLOCK,
            lambda d, header=header, write=write: _written(  # type: ignore[misc]
                d, "user_id", lambda: _user(d), header, write
            ),
            {_anywhere("user_id", "time", header): TRACE},
        )
        for how, (header, write) in _SPELLINGS.items()
    ),
    *(
        Case(
            f"the ways of those under {key}, {time}, {lon} and {lat}",
            "I-11: who goes about, when and where are said in the words of a trade or a language",
            BLOCK,
            lambda d, key=key, names=(time, lon, lat): _walk(  # type: ignore[misc]
                d, key, lambda: f"KD{d.digits(4)}", names=names
            ),
            {_anywhere(key, time, lon, lat): TRACE},
        )
        for key, time, lon, lat in (
            ("小哥", "时刻", "x", "y"),
            ("courier_id", "t", "x", "y"),
            ("快递员", "gcsj", "jd", "wd"),
            ("外卖员编号", "上报时间", "经度", "纬度"),
            ("uidhash", "start", "slon", "slat"),
            ("rider_id", "pickup_time", "from_lng", "from_lat"),
            ("Fahrer", "Zeit", "Länge", "Breite"),
            ("Kunde", "Zeitpunkt", "Längengrad", "Breitengrad"),
            ("livreur", "heure", "longitude", "latitude"),
            ("usuario", "fecha", "longitud", "latitud"),
            ("kierowca", "czas", "długość", "szerokość"),
            ("wearer", "gps_time", "LON", "LAT"),
        )
    ),
    *(
        Case(
            f"the ways of persons in whole numbers of 1e-{power} degrees",
            "I-11: a position in parts of a degree is one",
            BLOCK,
            lambda d, power=power: {  # type: ignore[misc]
                name: [round(float(str(cell)) * 10**power) for cell in cells]
                if name.startswith("l")
                else cells
                for name, cells in _walk(
                    d,
                    "user_id",
                    lambda: _user(d),
                    places=6,
                    names=("time", f"lon_e{power}", f"lat_e{power}"),
                ).items()
            },
            {_anywhere("user_id", "time", f"lon_e{power}", f"lat_e{power}"): TRACE},
        )
        for power in (6, 7)
    ),
    Case(
        "the ways of persons with decimal commas",
        "I-11: much of Europe writes a comma",
        BLOCK,
        lambda d: {
            name: [str(cell).replace(".", ",") for cell in cells] if name[0] in "lL" else cells
            for name, cells in _walk(d, "user_id", lambda: _user(d)).items()
        },
        {_anywhere("user_id", "time", "lon", "lat"): TRACE},
    ),
    Case(
        "the ways of persons with times as Germans write them",
        "I-11: day, month and year with points are a time",
        BLOCK,
        lambda d: {
            **(walk := _walk(d, "Nutzer", lambda: _user(d), names=("Zeit", "lon", "lat"))),
            "Zeit": [f"{t[8:10]}.{t[5:7]}.{t[:4]} {t[11:19]}" for t in map(str, walk["Zeit"])],
        },
        {_anywhere("Nutzer", "Zeit", "lon", "lat"): TRACE},
    ),
    Case(
        "the ways of persons with times of fourteen digits",
        "I-11: 20240301080000 is a time",
        BLOCK,
        lambda d: {
            **(walk := _walk(d, "yhid", lambda: _user(d), names=("dwsj", "lon", "lat"))),
            "dwsj": ["".join(filter(str.isdigit, str(t))) for t in walk["dwsj"]],
        },
        {_anywhere("yhid", "dwsj", "lon", "lat"): TRACE},
    ),
    Case(
        "trips of persons from one place to another",
        "I-11: both ends of a trip are where somebody was",
        BLOCK,
        lambda d: {
            **_walk(d, "user_hash", lambda: d.hexadecimal(32), names=("start", "slon", "slat")),
            "elon": d.each(lambda: f"{d.number(120.2, 120.5, 6):.6f}"),
            "elat": d.each(lambda: f"{d.number(36.0, 36.3, 6):.6f}"),
        },
        {("user_hash", "start", "slon", "slat"): TRACE, ("elon", "elat"): TRACE},
    ),
    Case(
        "the ways of cars named by German plates",
        "I-11: a plate leads to its holder, and the car is where the holder is",
        BLOCK,
        lambda d: _walk(
            d, "Kennzeichen", lambda: _german_plate(d), names=("Zeit", "Länge", "Breite")
        ),
        {"Kennzeichen": certain("plate"), _anywhere("Zeit", "Länge", "Breite"): TRACE},
    ),
    Case(
        "vehicles each ten seconds, the position in one cell",
        "G-10: tracks of vehicles finer than five minutes need somebody's word",
        ATTEST,
        lambda d: {
            **_written(d, "车号", lambda: f"T{d.digits(4)}", "位置", lambda x, y: f"{x},{y}"),
            "time": [f"2024-03-01 08:{row // 15 // 6:02}:{row // 15 % 6}0" for row in d.count(0)],
        },
        {_anywhere("车号", "time", "位置"): reported("trace")},
    ),
    Case(
        "homes of members in one cell",
        "I-01: six decimals find the door of each member",
        BLOCK,
        lambda d: {
            "member_id": d.distinct(lambda: _user(d), 80),
            "home": d.each(lambda: f"{d.number(36.0, 36.3, 6):.6f},{d.number(120, 121, 6):.6f}"),
        },
        {("member_id", "home"): certain("coordinates")},
    ),
    Case(
        "customers beside numbers x and y that may be degrees",
        "I-10: x and y of a town beside a customer may be where the customer lives",
        ATTEST,
        lambda d: _homes(d, "customer_id", lambda: _user(d), "x", "y"),
        {("customer_id", "x", "y"): reported("coordinates")},
    ),
    Case(
        "one runner who is not named",
        "I-10: heart rates beside a way are of one person, of whom nobody says who it is; scored as"
        " every trail for somebody to look at is (G-10)",
        ATTEST,
        lambda d: {
            "time": [f"2024-03-01 08:{row // 12:02}:{row % 12 * 5:02}" for row in d.count(0)],
            "latitude": [f"{36.06 + row * 1e-5:.6f}" for row in d.count(0)],
            "longitude": [f"{120.31 + row * 2e-5:.6f}" for row in d.count(0)],
            "hr": d.each(lambda: d.whole(120, 170)),
        },
        {("latitude", "longitude"): reported("trace")},
    ),
)

_STILL_CLEAN = (
    Case(
        "players on a pitch",
        "I-11: metres of a pitch are no position on the earth",
        PASS,
        lambda d: {
            "user_id": d.distinct(lambda: _user(d), 22),
            "time": d.hours(minutes=1),
            "x": d.each(lambda: f"{d.number(0, 105, 6):.6f}"),
            "y": d.each(lambda: f"{d.number(0, 68, 6):.6f}"),
        },
    ),
    Case(
        "parcels of customers",
        "I-11: Länge and Breite of a parcel are its size",
        PASS,
        lambda d: {
            "Kunde": d.distinct(lambda: f"K{d.digits(6)}", 40),
            "Zeit": d.hours(minutes=9),
            "Länge": d.each(lambda: f"{d.number(0.1, 1.2):.2f}"),
            "Breite": d.each(lambda: f"{d.number(0.1, 0.8):.2f}"),
        },
    ),
    Case(
        "scores of users in one cell",
        "I-11: two shares are no position",
        PASS,
        lambda d: {
            "user_id": d.distinct(lambda: _user(d), 40),
            "time": d.hours(minutes=9),
            "scores": d.each(lambda: f"{d.number(0, 1, 6):.6f},{d.number(0, 1, 6):.6f}"),
        },
    ),
    Case(
        "users in geohashes of five characters",
        "I-11: five characters are some kilometres, coarser than 100 m",
        PASS,
        lambda d: _written(
            d, "user_id", lambda: _user(d), "geohash", lambda x, y: _geohash(float(x), float(y), 5)
        ),
    ),
    Case(
        "codes of users under loc",
        "I-11: a code of a shelf has seven characters, too",
        PASS,
        lambda d: {
            "user_id": d.distinct(lambda: _user(d), 40),
            "time": d.hours(minutes=9),
            "loc": d.each(lambda: f"b{d.digits(6)}"),
        },
    ),
    Case(
        "drifters in well-known text",
        "I-11: an instrument moves with the water and is nobody",
        PASS,
        lambda d: _written(
            d, "drifter_id", lambda: f"D{d.digits(6)}", "geom", lambda x, y: f"POINT ({x} {y})"
        ),
    ),
    Case(
        "stations in one cell",
        "I-11: a station stands where it stands, and is nobody",
        PASS,
        lambda d: _written(d, "站号", lambda: f"ST{d.digits(3)}", "位置", lambda x, y: f"{x},{y}"),
    ),
    Case(
        "a turtle with a heart rate",
        "I-11: a turtle is nobody",
        PASS,
        lambda d: {
            "turtle_tag": ["T1"] * d.rows,
            "time": [f"2024-03-01 08:{row // 12:02}:{row % 12 * 5:02}" for row in d.count(0)],
            "latitude": [f"{36.06 + row * 1e-5:.6f}" for row in d.count(0)],
            "longitude": [f"{120.31 + row * 2e-5:.6f}" for row in d.count(0)],
            "heart_rate": d.each(lambda: d.whole(20, 40)),
        },
    ),
    Case(
        "paces at many places",
        "I-11: a word for steps beside positions far from each other is no way of anybody",
        PASS,
        lambda d: {
            "time": d.hours(minutes=1),
            "lat": d.each(lambda: f"{d.number(20, 40, 6):.6f}"),
            "lon": d.each(lambda: f"{d.number(100, 120, 6):.6f}"),
            "steps": d.each(lambda: d.whole(1, 9)),
        },
    ),
    Case(
        "ways of a ship with nothing of a body",
        "I-11: positions that go on are a ship's as well",
        PASS,
        lambda d: {
            "time": [f"2024-03-01 08:{row // 12:02}:{row % 12 * 5:02}" for row in d.count(0)],
            "latitude": [f"{36.06 + row * 1e-5:.6f}" for row in d.count(0)],
            "longitude": [f"{120.31 + row * 2e-5:.6f}" for row in d.count(0)],
            "sst": d.each(lambda: d.number(5, 25)),
        },
    ),
    Case(
        "buses of a fleet each ten minutes",
        "G-10: ten minutes are coarser than five, and no sensitive water is named",
        PASS,
        lambda d: _walk(d, "bus", lambda: f"B{d.digits(3)}", places=4),
    ),
)

CASES = (*_PERSONS, *_HOMES, *_VESSELS, *_CLEAN, *_SPELLED, *_STILL_CLEAN)
