"""What strangers to the detectors drew and saw missed, and its neighbours that nobody drew.

Labelled from I-01, I-09, I-10 and I-11 before the detectors were mended: by what somebody who looks
at such a table would take it for.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.exchange.inspection.labelled import abroad
from tests.exchange.inspection.labelled.case import (
    ATTEST,
    PASS,
    Case,
    Columns,
    Label,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.europe import Value, table

NAME, MAYBE_NAME = certain("person_name"), reported("person_name")
PLATE, DEVICE = reported("plate"), reported("account")
TEMPLATE = certain("biometric")
NATIONAL, MAYBE_NATIONAL = certain("national_id"), reported("national_id")
HOME = reported("address")

_NAMES = {
    "Hungarian": (
        "Ágnes Balázs Csilla Gergő Enikő Tamás Réka Zsolt Piroska Bálint Ildikó Levente",
        "Fehér Lakatos Balogh Takács Vörös Molnár Kelemen Budai Fodor Somogyi Pintér",
    ),
    "French": (
        "Thibault Océane Gaël Mathilde Loïc Solène Baptiste Clémence Margaux Quentin Pénélope",
        "Garnier Poirier Delaunay Rousselot Chevallier Marchal Pichon Guérin Tanguy Hamel",
    ),
    "German": (
        "Annegret Burkhard Detlev Friederike Gesa Holger Imke Jochen Kerstin Lothar Wencke",
        "Brinkmann Hohlfeld Zabel Dietz Kretschmer Osterloh Pohlmann Rademacher Stöver",
    ),
    "Italian": (
        "Ginevra Tommaso Ludovica Edoardo Ilaria Riccardo Noemi Saverio Beatrice Fiammetta",
        "Bellucci Mancuso Pellegrini Caruso Zanetti Morandi Ferraro Grimaldi Costantini",
    ),
    "Polish": (
        "Wojciech Jolanta Sławomir Grażyna Bartłomiej Jadwiga Przemysław Urszula Zygmunt Gaja",
        "Zając Kaczmarek Szymczak Pawlak Olszewska Michalak Bąk Gajewska Lis Wrona Kot",
    ),
    "Swedish": (
        "Fredrik Göran Annika Håkan Malin Saga Torbjörn Gunilla Staffan Elin Krister",
        "Lindqvist Sandberg Åkesson Nyström Hedlund Wallin Bergström Ekdahl Sjöberg",
    ),
    "Turkish": (
        "Ayşe Emre Zeynep Burak Elif Kerem Hülya Serkan Gülşen Tuğba Onur Vildane",
        "Yıldırım Öztürk Çelik Aydın Kılıç Şahin Demirtaş Korkmaz Güneş Aksoy",
    ),
    "Russian": (
        "Наталья Дмитрий Светлана Алексей Татьяна Игорь Харлампий Ким",
        "Соколова Кузнецов Лебедева Морозов Ефимов Виноградов Зайцева",
    ),
}


def western(d: Draw, tongue: str) -> str:
    """Draw a name of a language, surname first where it stands there."""
    given, surname = (d.of(words.split()) for words in _NAMES[tongue])
    return f"{surname} {given}" if tongue == "Hungarian" else f"{given} {surname}"


def japanese(d: Draw) -> str:
    """Draw a Japanese name, with a space between its parts or without."""
    surname = d.of(
        [
            "佐々木",
            "松尾",
            "菊地",
            "五十嵐",
            "服部",
            "望月",
            "石原",
            "小松",
            "片山",
            "三宅",
            "関口",
            "白石",
        ]
    )
    given = d.of(
        [
            "陽菜",
            "蓮",
            "結衣",
            "大翔",
            "美咲",
            "健太",
            "翔太",
            "さくら",
            "直樹",
            "恵子",
            "正雄",
            "雅也",
        ]
    )
    return f"{surname}{d.of([' ', '　', ''])}{given}"


def korean(d: Draw) -> str:
    """Draw a Korean name."""
    return d.of("김이박최정강조윤") + d.of(
        ["민준", "서연", "지훈", "수빈", "현우", "영희", "은지", "도윤"]
    )


def herder(d: Draw) -> str:
    """Draw a Tibetan, Mongolian or Uyghur name as it is written in Chinese."""
    tibetan = ["格桑", "次仁", "扎西", "洛桑", "卓玛", "旺堆", "央金", "多吉"]
    mongol = ["苏和巴雅尔", "乌兰其其格", "娜仁托娅", "特木尔", "那顺", "斯琴高娃", "呼和格日勒"]
    uyghur = ["阿依古丽·买买提", "艾力·吐尔逊", "古丽娜尔·艾合买提"]
    return d.of([d.of(tibetan) + d.of(tibetan), d.of(mongol), d.of(uyghur)])


def _weighed(body: str, weights: list[int]) -> int:
    return sum(int(each) * weight for each, weight in zip(body, weights, strict=True))


def taj(d: Draw) -> str:
    """Draw a Hungarian number of social insurance: digits by 3 and 7 in turn, modulo 10."""
    body = abroad.digits(d, 8)
    number = body + str(_weighed(body, [3, 7] * 4) % 10)
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def hungarian_tax(d: Draw) -> str:
    """Draw a Hungarian tax number: 8, days since 1867, serial, modulo 11."""
    while True:
        days = d.day(1940, 2003).toordinal() - 681_507  # of the first day of 1867
        body = f"8{days:05}{abroad.digits(d, 3)}"
        check = _weighed(body, list(range(1, 10))) % 11
        if check < 10:
            return f"{body}{check}"


def my_number(d: Draw) -> str:
    """Draw a Japanese individual number: eleven digits and one of modulo 11."""
    body = abroad.digits(d, 11)
    rest = _weighed(body, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return body + str(0 if rest <= 1 else 11 - rest)


def emso(d: Draw) -> str:
    """Draw a Slovenian EMŠO: birthday, region, serial, modulo 11."""
    while True:
        body = f"{d.day(1950, 1999):%d%m}{d.whole(950, 999)}50{d.whole(0, 999):03}"
        check = -_weighed(body, [7, 6, 5, 4, 3, 2] * 2) % 11
        if check < 10:
            return f"{body}{check}"


def latvian(d: Draw) -> str:
    """Draw a Latvian personal code of somebody born in the last century."""
    while True:
        body = f"{d.day(1950, 1999):%d%m%y}1{abroad.digits(d, 3)}"
        check = (1 + _weighed(body, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11
        if check < 10:
            return f"{body[:6]}-{body[6:]}{check}"


def icelandic(d: Draw) -> str:
    """Draw an Icelandic kennitala of somebody born in the last century."""
    while True:
        body = f"{d.day(1950, 1999):%d%m%y}{d.whole(20, 99)}"
        check = -_weighed(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11
        if check < 10:
            return f"{body[:6]}-{body[6:]}{check}9"


def rnokpp(d: Draw) -> str:
    """Draw a Ukrainian taxpayer's number: days since 1900, serial, modulo 11."""
    body = f"{d.day(1950, 2003).toordinal() - 693_595}{abroad.digits(d, 4)}"
    check = _weighed(body, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10
    return f"{body}{check}"


def plate(d: Draw) -> str:
    """Draw a German plate."""
    district = d.of(["HH", "B", "M", "KI", "FL", "OHV", "WÜ", "DD", "SAW"])
    return f"{district}-{d.of('ABCDEFGHKLMNPRSTUVWXY')}{d.of(['', 'K', 'S'])} {d.whole(1, 9999)}"


def _code(d: Draw, form: str, alphabet: str) -> str:
    """Draw letters of an alphabet for A, and digits for 9."""
    drawn = {"A": alphabet, "9": "0123456789"}
    return "".join(d.of(drawn[each]) if each in drawn else each for each in form)


_PLATES: dict[str, Value] = {
    "Germany": plate,
    "France": lambda d: _code(d, "AA-999-AA", "ABCDEFGHJKLMNPQRTVWXYZ"),
    "Spain": lambda d: _code(d, "9999 AAA", "BCDFGHJKLMNPRSTVWXYZ"),
    "Britain": lambda d: _code(d, "AA99 AAA", "ABCDEFGHJKLMNPRSTUVWXYZ"),
    "the Netherlands": lambda d: _code(d, d.of(["99-AAA-9", "AA-999-A"]), "BDFGHJKLNPRSTVXZ"),
    "Belgium": lambda d: _code(d, "1-AAA-999", "ABCDEFGHIJKLNOPQRSTUVWXYZ"),
    "Romania": lambda d: f"{d.of(['CJ', 'TM', 'IS', 'B', 'BV'])}-{d.whole(10, 99)}-{d.letters(3)}",
    "Ukraine": lambda d: _code(d, "AA 9999 AA", "ABCEHIKMOPTX"),
    "Russia": lambda d: _code(d, "А999ВС 99", "A"),
}
# What nothing but a header for vehicles makes a plate.
_PLATES_HEADED: dict[str, Value] = {
    "Poland": lambda d: f"{d.of(['WA', 'KR', 'PO', 'GDA'])} {d.digits(4)}{d.letters(1)}",
    "Sweden": lambda d: f"{d.letters(3)} {d.whole(10, 99)}{d.of('ABCDEFG123')}",
    "Italy": lambda d: _code(d, "AA999AA", "ABCDEFGHJKLMNPRSTVWXYZ"),
    "Austria": lambda d: f"{d.of(['W', 'KL', 'GU'])}-{d.whole(100, 999)}{d.letters(2)}",
}


def _mac(d: Draw) -> str:
    """Draw the address of a network card, of a maker's range."""
    first = d.of(["3c:22:fb", "a4:c3:f0", "f0:18:98"])
    return first + "".join(f":{d.hexadecimal(2)}" for _ in range(3))


def _second(d: Draw) -> str:
    return f"{d.day(2026, 2026).isoformat()} {d.whole(0, 23):02}:{d.whole(0, 59):02}:00"


def _record(d: Draw) -> str:
    """Draw a record of a finger's minutiae as ISO/IEC 19794-2 begins, in base64."""
    noise = bytes(d.whole(0, 255) for _ in range(48))
    return base64.b64encode(b"FMR\0 20\0" + noise).decode()


def _pay(d: Draw) -> int:
    return d.whole(1_800, 5_200)


def _named(tongue: str, header: str, label: Label = NAME) -> Case:
    return table(
        f"{tongue} names under {header}",
        "a column of whole names, whatever its header, beside what each is paid",
        {header: lambda d: western(d, tongue), "b": _pay},
        {header: label},
    )


def _numbers(
    of: str, header: str, value: Value, label: Label, why: str = "the check digit proves it"
) -> Case:
    return table(
        f"numbers of {of} under {header}", why, {header: value, "b": _pay}, {header: label}
    )


def _made(what: str, why: str, made: dict[str, Value]) -> Case:
    return table(what, why, made, {})


_PERSONS = (
    table(
        "insured persons of Hungary",
        "names family first, mothers' names, numbers with their check digit, homes",
        {
            "név": lambda d: western(d, "Hungarian"),
            "TAJ szám": taj,
            "anyja neve": lambda d: western(d, "Hungarian"),
            "lakcím": lambda d: (
                f"{d.whole(1011, 9985)} {d.of(['Szeged', 'Pécs', 'Győr'])},"
                f" {d.of(['Petőfi', 'Kossuth', 'Ady Endre'])} {d.of(['utca', 'út', 'tér'])}"
                f" {d.whole(1, 99)}."
            ),
        },
        {"név": NAME, "TAJ szám": NATIONAL, "anyja neve": NAME, "lakcím": HOME},
    ),
    table(
        "staff of a Hungarian firm",
        "tax numbers of persons and their days of birth",
        {
            "dolgozó": lambda d: western(d, "Hungarian"),
            "szül. idő": lambda d: d.day(1955, 2003).isoformat(),
            "adóazonosító jel": hungarian_tax,
            "bér": _pay,
        },
        {"dolgozó": NAME, "adóazonosító jel": NATIONAL},
    ),
    table(
        "staff of a Japanese firm under headers that say nothing",
        "Japanese names, and digits that one check in ten passes",
        {"c1": japanese, "c2": my_number, "c3": lambda d: d.of(["総務部", "営業部", "製造部"])},
        {"c1": NAME, "c2": MAYBE_NATIONAL},
    ),
    table(
        "members of a Japanese club",
        "names and homes",
        {
            "会員": japanese,
            "住所": lambda d: (
                f"{d.of(['東京都', '大阪府', '神奈川県', '北海道'])}"
                f"{d.of(['中央区', '北区', '函館市'])}{d.of(['本町', '栄町', '緑ヶ丘'])}"
                f"{d.whole(1, 9)}{d.of(['丁目', '-'])}{d.whole(1, 20)}-{d.whole(1, 15)}"
            ),
        },
        {"会員": NAME, "住所": HOME},
    ),
    table(
        "Korean names under a header that says nothing",
        "built as names, and syllables that names share with words",
        {"v0": korean, "v1": _pay},
        {"v0": MAYBE_NAME},
    ),
    table(
        "herders by names without surnames",
        "Tibetan, Mongolian and Uyghur names as they are written in Chinese",
        {"牧户": herder, "羊只": lambda d: d.whole(20, 300)},
        {"牧户": NAME},
    ),
    _named("French", "employé"),
    _named("French", "nom et prénom"),
    _named("Polish", "nazwisko i imię"),
    _named("French", "nom"),
    _named("French", "name"),
    _named("French", "employee_name"),
    *(_named(tongue, "a") for tongue in _NAMES),
    table(
        "Ukrainian names, surname first",
        "a surname that ends as no other word does, and a given name",
        {
            "c1": lambda d: (
                f"{d.of(['Шевченко', 'Коваленко', 'Бондаренко', 'Ткаченко'])}"
                f" {d.of(['Оксана', 'Тарас', 'Богдан', 'Ірина'])}"
            ),
            "c2": _pay,
        },
        {"c1": NAME},
    ),
    table(
        "lamps that are called after somebody",
        "built as names, beside what goods have",
        {
            "name": lambda d: (
                f"{d.of(['Oliver', 'Marie', 'Nora', 'Linda', 'Emil', 'Hugo', 'Ingrid'])}"
                f" {d.of(['Lamp', 'Chair', 'Table', 'Sofa'])}"
            ),
            "price": _pay,
        },
        {"name": MAYBE_NAME},
    ),
    table(
        "ships that are called after somebody, under a header that says nothing",
        "more than half are built as names, and not most",
        {
            "c1": lambda d: d.of(
                [
                    *("Anna Maria", "Karin Schepers", "Marie Maersk", "Emma Maersk", "Ebba Maersk"),
                    *("Hannah Schulte", "Elbe Bridge", "Ever Given", "Cosco Taurus", "Queen Mary"),
                    *("Ingrid Oldendorff", "Maersk Elba", "Sofia Express"),
                ]
            ),
            "c2": _pay,
        },
        {"c1": MAYBE_NAME},
    ),
    _numbers("insured Hungarians", "v3", taj, MAYBE_NATIONAL),
    _numbers("Hungarian taxpayers", "c7", hungarian_tax, NATIONAL),
    _numbers("Slovenians", "field_a", emso, NATIONAL),
    _numbers("Latvians", "kods", latvian, NATIONAL),
    _numbers("Icelanders", "c2", icelandic, NATIONAL),
    _numbers("Ukrainians", "РНОКПП", rnokpp, NATIONAL),
    table(
        "authors of papers",
        "named in public, and working somewhere today",
        {
            "author": lambda d: western(d, "German"),
            "title": lambda d: f"On tides {d.whole(1, 900)}",
            "doi": lambda d: f"10.1000/x{d.digits(5)}",
        },
        {"author": MAYBE_NAME},
    ),
)

_GRID = (691_000.0, 5_334_000.0)  # a town on UTM 32
_TOWN = (11.57, 48.14)


def _walked(
    d: Draw,
    headers: tuple[str, str, str, str],
    who: Callable[[Draw], str] = lambda d: f"E{d.digits(4)}",
    start: tuple[float, float] = _GRID,
    step: float = 40.0,
    *,
    seconds: int = 60,
    places: int = 1,
    epoch: bool = False,
) -> Columns:
    """Walk eight subjects about, a position each `seconds` and some more."""
    rows: list[tuple[str, str, str, str]] = []
    for _ in range(8):
        name, x, y = who(d), start[0] + 20 * step * d.number(-1, 1), start[1]
        now = dt.datetime(2026, 5, 4, 7, d.whole(0, 59), tzinfo=dt.UTC)
        for _ in range(d.rows // 8):
            x, y = x + d.chance.gauss(0, step), y + d.chance.gauss(0, step)
            now += dt.timedelta(seconds=seconds + d.whole(0, 9))
            when = str(int(now.timestamp())) if epoch else f"{now:%Y-%m-%d %H:%M:%S}"
            rows.append((name, when, f"{x:.{places}f}", f"{y:.{places}f}"))
    return dict(zip(headers, zip(*rows, strict=True), strict=True))


def _walks(name: str, headers: tuple[str, str, str, str], *, asked: bool, **how: Any) -> Case:
    why = (
        "I-10: a way of somebody, in numbers of a grid; scored as every trail for somebody to look"
        " at is (G-10)"
        if asked
        else "I-10: no way of a person, in numbers of a grid"
    )
    return Case(
        name,
        why,
        ATTEST if asked else PASS,
        lambda d: _walked(d, headers, **how),
        {headers[2:]: reported("trace")} if asked else {},
        rows=240,
    )


_WAYS = (
    _walks("employees in metres as x and y", ("employee", "t", "x", "y"), asked=True),
    _walks("persons by easting", ("person_id", "timestamp", "easting", "northing"), asked=True),
    _walks("staff by Rechtswert", ("Mitarbeiter", "Zeit", "Rechtswert", "Hochwert"), asked=True),
    _walks(
        "users in metres of a hall",
        ("user_id", "time", "x_m", "y_m"),
        asked=True,
        start=(40.0, 60.0),
        step=3.0,
        seconds=5,
    ),
    _walks("staff on a Chinese grid", ("人员", "时间", "东坐标", "北坐标"), asked=True),
    _walks("vehicles in metres", ("vehicle_id", "time", "utm_x", "utm_y"), asked=True, step=300.0),
    _walks("a grid under headers that say nothing", ("v0", "v1", "v2", "v3"), asked=True),
    _walks(
        "degrees under headers that say nothing",
        ("c1", "c2", "c3", "c4"),
        asked=True,
        start=_TOWN,
        step=0.0006,
        places=6,
        epoch=True,
    ),
    _walks("buoys in metres", ("buoy", "time", "easting", "northing"), asked=False, seconds=60),
    _walks("ships in metres", ("mmsi", "time", "easting", "northing"), asked=False, step=300.0),
    _walks(
        "storms in metres", ("storm", "time", "x", "y"), asked=False, step=9_000.0, seconds=3_600
    ),
    _walks("turtles in metres", ("turtle", "time", "x_m", "y_m"), asked=False),
    _walks("floats each hour, unnamed", ("c1", "c2", "c3", "c4"), asked=False, seconds=3_600),
    _walks(
        "sums that grow, unnamed", ("a", "b", "c", "d"), asked=False, start=(0.0, 0.0), step=0.4
    ),
    _walks("faster than anything on land", ("a", "b", "c", "d"), asked=False, step=90_000.0),
    _walks(
        "prices that go on from minute to minute, unnamed",
        ("a", "b", "c", "d"),
        asked=False,
        start=(18_000.0, 25_000.0),
        step=10.0,
    ),
    _walks("steps of a machine's arm", ("a", "b", "c", "d"), asked=False, step=0.2, places=3),
    table(
        "surveyors and where they measured",
        "soundings of a port lie in no order of time",
        {
            "surveyor_no": lambda d: f"S{d.whole(1, 9)}",
            "time": lambda d: f"2026-05-04 {d.whole(8, 16):02}:{d.whole(0, 59):02}:00",
            "easting": lambda d: d.number(690_000, 700_000, 2),
            "northing": lambda d: d.number(5_330_000, 5_340_000, 2),
        },
        {},
    ),
    table(
        "one place a row",
        "nobody is there twice",
        {
            "c1": lambda d: d.digits(9),
            "c2": _second,
            "c3": lambda d: d.number(690_000, 700_000, 2),
            "c4": lambda d: d.number(5_330_000, 5_340_000, 2),
        },
        {},
    ),
)

_THINGS = (
    *(
        table(
            f"plates of {state} under {header}",
            "a form with its own joints and letters, of cars that somebody keeps",
            {"entry": _second, header: make},
            {header: PLATE},
        )
        for state, make in _PLATES.items()
        for header in ("vehicle", "c2")
    ),
    *(
        table(
            f"plates of {state} under Fahrzeug",
            "a form, of cars that somebody keeps",
            {"entry": _second, "Fahrzeug": make},
            {"Fahrzeug": PLATE},
        )
        for state, make in _PLATES_HEADED.items()
    ),
    *(
        table(
            f"who passed an access point, by {header}",
            "telephones are known by the addresses of their network cards",
            {
                "seen": _second,
                header: _mac,
                "ap": lambda d: f"AP-{d.whole(1, 30):02}",
                "rssi": lambda d: -d.whole(35, 92),
            },
            {header: DEVICE},
        )
        for header in ("mac", "device_mac", "mac_address", "bt_addr", "蓝牙地址")
    ),
    table(
        "who passed an access point, under headers that say nothing",
        "telephones are known by the addresses of their network cards",
        {
            "c1": _second,
            "c2": _mac,
            "c3": lambda d: f"AP-{d.whole(1, 30):02}",
            "c4": lambda d: -d.whole(35, 92),
        },
        {"c2": DEVICE},
    ),
    table(
        "trips by the card that was tapped",
        "where somebody went",
        {
            "card": lambda d: d.digits(16),
            "in_station": lambda d: d.of(["五四广场", "台东"]),
            "out_station": lambda d: d.of(["青岛站", "海泊桥"]),
            "tap": _second,
        },
        {"card": DEVICE},
    ),
    table(
        "what customers owe, by their numbers",
        "a credit record is somebody's",
        {
            "客户编号": lambda d: f"K{d.digits(7)}",
            "征信评分": lambda d: d.whole(300, 850),
            "贷款余额": lambda d: d.whole(0, 900_000),
        },
        {"客户编号": DEVICE},
    ),
    table(
        "a log of landlines",
        "households talk on landlines",
        {
            "calling": lambda d: f"0532-8{d.digits(7)}",
            "called": lambda d: f"010-6{d.digits(7)}",
            "secs": lambda d: d.whole(3, 900),
        },
        {"calling": reported("mobile"), "called": reported("mobile")},
    ),
    table(
        "results of swabs, beside where they were taken",
        "health of somebody in a neighbourhood",
        {
            "采样编号": lambda d: f"QD{d.digits(10)}",
            "结果": lambda d: d.of(["阳性", "阴性", "阴性"]),
            "小区": lambda d: f"小区{d.whole(1, 40)}",
        },
        {"结果": reported("health")},
    ),
    *(
        table(
            f"records of fingers under {header}",
            "a template recognises its bearer",
            {
                "staff_no": lambda d: f"S{d.digits(4)}",
                other: lambda d: d.of(["left_index", "right_thumb"]),
                header: _record,
            },
            {header: TEMPLATE},
        )
        for header, other in (("template", "finger"), ("c3", "c2"))
    ),
    table(
        "templates of irises, not as the standard has them",
        "a template recognises its bearer",
        {
            "eye": lambda d: d.of(["left", "right"]),
            "template": lambda d: base64.b64encode(d.digits(60).encode()).decode(),
        },
        {"template": TEMPLATE},
    ),
)

_AILMENTS = {
    "German": "Panikattacken,Schlafstörungen,Alkoholabhängigkeit,depressive Episoden,Epilepsie",
    "French": "une dépression,un diabète,des crises d'angoisse,une hépatite C,de l'asthme",
    "Spanish": "ansiedad,diabetes,ataques de pánico,hipertensión,hepatitis B",
}
_WARDS: dict[str, tuple[Callable[[Draw], str], str]] = {
    "German": (
        lambda d: (
            f"{d.of(['Frau', 'Herr'])} {western(d, d.of(['German', 'Polish'])).split()[1]}"
            " berichtet über"
        ),
        "; Sertralin 50 mg,; Kontrolle in 2 Wochen,; Überweisung",
    ),
    "French": (
        lambda d: f"{d.of(['Mme', 'M.'])} {western(d, 'French').split()[1]} présente",
        "; sertraline 50 mg,; contrôle dans 2 semaines,; à suivre",
    ),
    "Spanish": (
        lambda d: (
            f"{d.of(['Sra.', 'Sr.'])} {western(d, d.of(['Italian', 'French'])).split()[1]} refiere"
        ),
        "; sertralina 50 mg,; control en 2 semanas,; derivado",
    ),
}


def _note(d: Draw, tongue: str) -> str:
    """Draw a note of a doctor that names the patient."""
    who, then = _WARDS[tongue]
    return f"{who(d)} {d.of(_AILMENTS[tongue].split(','))}{d.of(then.split(','))}."


def _nameless(d: Draw) -> str:
    """Draw a note of a doctor that names nobody."""
    return d.of(
        [
            f"Patientin, {d.whole(20, 80)}-jährig, klagt über Migräne; Ibuprofen {d.digits(3)} mg",
            f"Patient, {d.whole(20, 80)} ans, hypertension, ramipril {d.whole(1, 9)} mg",
            f"{d.of('男女')}，{d.whole(20, 80)}岁，抑郁发作，予舍曲林治疗{d.whole(2, 9)}周",
            f"{d.whole(20, 80)} y/o patient with asthma, salbutamol {d.whole(1, 9)} puffs",
        ]
    )


def _values(of: str, header: str, ailments: list[str]) -> Case:
    return table(
        f"persons beside {of} under {header}",
        "a disorder or a drug beside somebody's name",
        {"patient": lambda d: western(d, "French"), header: lambda d: d.of(ailments)},
        {"patient": NAME, header: certain("health")},
    )


def _vector(name: str, key: str, low: float, *, asked: bool) -> Case:
    wide = [f"f{n}" for n in range(128)]
    why = "a vector of a face recognises it again" if asked else "no vector of a person"
    return Case(
        name,
        f"I-10: {why}",
        ATTEST if asked else PASS,
        lambda d: {
            key: [f"P{n:04}" for n in d.count(0)],
            **{header: d.each(lambda: d.number(low, 0.3, 4)) for header in wide},
        },
        {header: reported("biometric") for header in wide} if asked else {},
        rows=60,
    )


_BODIES = (
    _vector("faces in a column a number", "pid", -0.3, asked=True),
    *(
        table(
            f"notes in {tongue} that name whoever was sick",
            "a disorder or a drug beside somebody's name",
            {"n": lambda d: d.whole(1, 99), "b": lambda d, of=tongue: _note(d, of)},  # type: ignore[misc]
            {"b": (certain("health"), MAYBE_NAME)},
        )
        for tongue in _WARDS
    ),
    table(
        "notes about one patient each, who is not named",
        "the health of somebody, whoever it is",
        {"b": _nameless, "n": lambda d: d.whole(1, 99)},
        {"b": reported("health")},
    ),
    _values("disorders", "c2", ["diabète", "asthme", "épilepsie", "hépatite C", "dépression"]),
    _values("drugs", "Mittel", ["Sertralin", "Metformin", "Ramipril", "Atorvastatin", "Insulin"]),
    _values("codes of disorders", "code", ["F32.1", "E11.9", "I10.9", "B18.2", "J45.0", "G40.9"]),
    _values("codes of drugs", "code", ["N06AB06", "A10BA02", "C09AA05", "C10AA05"]),
)

_NOBODY_IS_SICK = (
    _vector("spectra of leaves", "leaf", -0.3, asked=False),
    _vector("reflectances that are never below nought", "person_id", 0.0, asked=False),
    _made(
        "prices of drugs",
        "a drug beside its price is nobody's",
        {
            "c1": lambda d: d.of(["Sertralin", "Metformin", "Ramipril", "Insulin glargin"]),
            "c2": lambda d: d.number(1, 80),
        },
    ),
    _made(
        "what guidelines say of many",
        "patients of a guideline are many",
        {
            "text": lambda d: (
                f"Bei Patienten mit {d.of(['Diabetes', 'Asthma', 'Epilepsie'])} wird"
                f" {d.of(['Metformin', 'Salbutamol'])} empfohlen, Grad {d.whole(1, 9)}."
            ),
            "n": lambda d: d.whole(1, 99),
        },
    ),
    _made(
        "storms and what became of them",
        "a tropical depression is nobody's",
        {
            "c1": lambda d: d.of(["tropical depression", "tropical storm", "hurricane"]),
            "c2": lambda d: d.whole(1, 99),
        },
    ),
    _made(
        "cows and what they had",
        "animals are no persons",
        {
            "cow": lambda d: f"DE{d.digits(9)}",
            "text": lambda d: f"Patient, {d.whole(2, 9)} ans, pneumonie, penicillin {d.digits(2)}",
        },
    ),
)

_MAKERS = [
    *("Thomas Mann", "Virginia Woolf", "Leo Tolstoy", "Jane Austen", "Franz Kafka"),
    *("Marcel Proust", "Anton Chekhov", "George Eliot", "Selma Lagerlöf", "Robert Musil"),
    *("Stefan Zweig", "Emily Brontë", "Victor Hugo", "Maria Edgeworth"),
]


_NOBODY = (
    _made(
        "a catalogue of books",
        "authors stand on covers, and these are dead",
        {
            "isbn": lambda d: abroad.gtin(d, "978"),
            "title": lambda d: f"{d.of(['Last', 'Blue', 'Long'])} {d.of(['River', 'Winter'])}",
            "author": lambda d: d.of(_MAKERS),
            "year": lambda d: d.whole(1815, 1990),
        },
    ),
    _made(
        "books in a German library",
        "Verlag and Verfasser",
        {
            "Verfasser": lambda d: d.of(_MAKERS),
            "Titel": lambda d: f"{d.of(['Der Fluss', 'Winter', 'Briefe'])} {d.whole(1, 9)}",
            "Verlag": lambda d: d.of(["Fischer", "Insel", "Reclam"]),
        },
    ),
    _made(
        "films and who directed them",
        "named in the credits",
        {
            "title": lambda d: f"{d.of(['Night', 'Return'])} of {d.of(['Glass', 'Salt'])}",
            "director": lambda d: d.of(_MAKERS),
            "minutes": lambda d: d.whole(70, 190),
            "released": lambda d: d.whole(1930, 1995),
        },
    ),
    _made(
        "grounds that are called after somebody",
        "a stadium is a place",
        {
            "venue": lambda d: d.of(
                [
                    *("Giuseppe Meazza", "Santiago Bernabéu", "Ernst Happel", "Luigi Ferraris"),
                    *("Artemio Franchi", "José Alvalade", "Fritz Walter", "Max Morlock"),
                    *("Diego Maradona", "Johan Cruyff", "Ramón Sánchez"),
                ]
            ),
            "capacity": lambda d: d.whole(9_000, 90_000),
        },
    ),
    _made(
        "stations that are called after surnames",
        "Japanese surnames are names of places",
        {
            "c1": lambda d: d.of(
                [
                    *("中野坂上", "田中町", "松本市", "小川町", "石川台", "福島町", "千葉中央"),
                    *("上野毛", "大塚台", "高田馬場", "岡本駅", "山口県", "宮崎台", "長野原草津口"),
                ]
            ),
            "c2": lambda d: d.whole(100, 90_000),
        },
    ),
    _made(
        "Korean goods",
        "words of three syllables that begin as surnames do",
        {
            "v0": lambda d: d.of(
                [
                    *(
                        "고구마",
                        "김치전",
                        "배추김치",
                        "오징어",
                        "문어발",
                        "서울역",
                        "강남구",
                        "조개탕",
                    ),
                    *("조개탕", "남대문", "이불솜", "박카스", "신라면", "유자차", "전복죽"),
                ]
            ),
            "v1": _pay,
        },
    ),
    _made(
        "firms of Hungary",
        "firms are called after families",
        {
            "cég": lambda d: (
                f"{d.of(['Szabó', 'Fehér', 'Molnár', 'Balogh'])} {d.of(['Építő', 'Logisztika'])}"
                f" {d.of(['Kft.', 'Zrt.', 'Bt.'])}"
            ),
            "székhely": lambda d: f"{d.whole(1011, 9985)} Szeged, Kossuth utca {d.whole(1, 99)}.",
            "adószám": lambda d: f"{d.digits(8)}-{d.whole(1, 5)}-{d.whole(2, 44):02}",
        },
    ),
    _made(
        "numbers of orders with nine, ten and twelve digits",
        "digits that count orders pass a check as chance does",
        {
            "c1": lambda d: d.digits(9),
            "c2": lambda d: f"8{d.digits(9)}",
            "c3": lambda d: d.digits(12),
        },
    ),
)

_NO_CARRIER = (
    _made(
        "parts by codes of letters and digits",
        "all letters stand in them, where plates leave some out",
        {
            "c1": lambda d: f"{d.letters(2)}-{d.digits(3)}-{d.letters(2)}",
            "c2": lambda d: f"{d.digits(4)} {d.letters(3)}",
            "c3": lambda d: f"{d.letters(3)}-{d.letters(2)} {d.digits(3)}",
            "c4": lambda d: f"{d.letters(2)}{d.digits(2)} {d.letters(3)}",
            "c5": lambda d: f"{d.digits(2)}-{d.letters(3)}-{d.digits(1)}",
        },
    ),
    _made(
        "wells of plates in a laboratory",
        "a plate with wells",
        {
            "plate": lambda d: f"P{d.whole(1, 40):03}",
            "well": lambda d: f"{d.of('ABCDEFGH')}{d.whole(1, 12)}",
        },
    ),
    _made(
        "an inventory of devices",
        "a list without times heard nobody",
        {
            "mac": _mac,
            "model": lambda d: d.of(["EAP-225", "AX-3000"]),
            "serial": lambda d: d.digits(10),
            "bought": lambda d: d.day(2020, 2025).isoformat(),
        },
    ),
    _made(
        "access points and how they are heard",
        "an access point is carried by nobody",
        {"seen": _second, "bssid": _mac, "rssi": lambda d: -d.whole(35, 92)},
    ),
    _made(
        "servers of time and their addresses",
        "a server is no person",
        {
            "server": lambda d: f"ntp{d.whole(0, 99)}",
            "public_ip": lambda d: f"117.{d.whole(1, 200)}.{d.whole(0, 255)}.{d.whole(1, 254)}",
            "dc": lambda d: d.of(["QD", "SH"]),
        },
    ),
    _made(
        "towers of a mobile network",
        "a cell of a network is no telephone",
        {
            "mcc": lambda _: 262,
            "cell_id": lambda d: d.digits(8),
            "tech": lambda d: d.of(["LTE", "NR"]),
        },
    ),
    _made(
        "bacteria in water",
        "samples of water are nobody's health",
        {
            "采样编号": lambda d: f"SW-{d.digits(6)}",
            "结果": lambda d: d.of(["阳性", "阴性"]),
            "水厂": lambda d: d.of(["东厂", "西厂"]),
        },
    ),
    _made(
        "templates of letters",
        "a template of a letter is no body's",
        {
            "template": lambda d: base64.b64encode(d.digits(60).encode()).decode(),
            "language": lambda d: d.of(["de", "fr"]),
        },
    ),
    _made(
        "loans of a bank by branch",
        "sums of branches are nobody's",
        {
            "branch": lambda d: f"B{d.digits(3)}",
            "credit_score": lambda d: d.whole(600, 700),
            "loans": lambda d: d.whole(100, 9_000),
        },
    ),
)

CASES = (
    *_PERSONS,
    *_THINGS,
    *_WAYS,
    *_BODIES,
    *_NOBODY,
    *_NO_CARRIER,
    *_NOBODY_IS_SICK,
)
