"""Persons of Latin America, Africa, the Gulf and South and East Asia, and of Europe's rim.

Labelled from I-09 and I-10 before detectors knew any of these numbers.  A check digit beside
letters, joints or a day of birth proves a number in whatever column it stands; a check digit alone
and a form alone do so under their header, and are asked about without one where nearly every value
passes.  Check digits are worked out here from the words of each state's rule.
"""

from __future__ import annotations

from typing import Final

from tests.exchange.inspection.labelled.abroad import (
    MAYBE_NATIONAL,
    NATIONAL,
    Value,
    born,
    digits,
    gtin,
    luhn,
    one,
)
from tests.exchange.inspection.labelled.case import (
    BLOCK,
    PASS,
    Case,
    Label,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

# The dihedral group of ten by which Verhoeff's check goes, and the permutation of its places.
_TURNED: Final = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_MOVED: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_CURP: Final = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"


def _mod_11(body: str, weights: tuple[int, ...]) -> int:
    return sum(int(each) * weight for each, weight in zip(body, weights, strict=True)) % 11


def aadhaar(d: Draw) -> str:
    """Draw an Indian Aadhaar number, whose last digit is Verhoeff's."""
    body = d.digits(11, "23456789")
    check = 0
    for place, each in enumerate(reversed(body), start=1):
        moved = int(each)
        for _ in range(place % 8):
            moved = _MOVED[moved]
        check = int(_TURNED[check][moved])
    return body + str(next(n for n in range(10) if _TURNED[check][n] == "0"))


def curp(d: Draw) -> str:
    """Draw a Mexican CURP: initials, birthday, sex, state, consonants, and a check digit."""
    state = d.of(["DF", "JC", "MC", "NL", "PL", "VZ", "YN", "OC"])
    first = d.of("BCDFGHJKLMNPRSTVWZ") + d.of("AEIOU") + d.letters(1) + d.of("BCDFGHJKLMNPRST")
    body = first + born(d) + d.of("HM") + state
    body += "".join(d.of("BCDFGHJKLMNPQRSTVWXYZ") for _ in range(3)) + "0"
    total = sum(_CURP.index(each) * (18 - place) for place, each in enumerate(body))
    return body + str(-total % 10)


def run(d: Draw) -> str:
    """Draw a Chilean RUN: a check by MOD 11, K for ten."""
    body = str(d.whole(4_000_000, 26_000_000))
    total = sum(int(each) * (2 + place % 6) for place, each in enumerate(reversed(body)))
    return f"{body}-{'0123456789K0'[11 - total % 11]}"


def dotted_run(d: Draw) -> str:
    """Draw a Chilean RUN as cards show it."""
    body, _, check = run(d).partition("-")
    return f"{int(body):,}".replace(",", ".") + "-" + check


def cuil(d: Draw) -> str:
    """Draw an Argentine CUIL of a person."""
    while True:
        body = d.of(["20", "27", "23", "24"]) + digits(d, 8)
        check = 11 - _mod_11(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
        if check != 10:
            return f"{body[:2]}-{body[2:]}-{check % 11}"


def south_african(d: Draw) -> str:
    """Draw a South African identity number: birthday, sex, citizenship, Luhn."""
    return luhn(born(d) + digits(d, 4) + "0" + d.of("89"))


def thai(d: Draw) -> str:
    """Draw a Thai identity number: MOD 11."""
    body = d.digits(12, "12345678")
    return body + str((11 - _mod_11(body, tuple(range(13, 1, -1)))) % 10)


def grouped_thai(d: Draw) -> str:
    """Draw a Thai identity number as cards show it."""
    number = thai(d)
    return "-".join((number[0], number[1:5], number[5:10], number[10:12], number[12]))


def nric(d: Draw) -> str:
    """Draw a Singaporean NRIC or FIN: a letter for the remainder, of two rows."""
    first, body = d.of("STFG"), digits(d, 7)
    remainder = (_mod_11(body, (2, 7, 6, 5, 4, 3, 2)) + (4 if first in "TG" else 0)) % 11
    return first + body + ("JZIHGFEDCBA" if first in "ST" else "XWUTRQPNMLK")[remainder]


def mykad(d: Draw) -> str:
    """Draw a Malaysian identity number: birthday, place of birth, serial."""
    return f"{born(d)}-{d.whole(1, 14):02}-{digits(d, 4)}"


def nik(d: Draw) -> str:
    """Draw an Indonesian NIK: place, birthday (40 more for women), serial."""
    place = d.of(["3171", "3201", "3273", "3374", "3578", "1271", "7371"])
    day = d.day(1950, 1999)
    return f"{place}{d.whole(1, 20):02}{day.day + d.of([0, 40]):02}{day:%m%y}{d.whole(1, 9999):04}"


def emirates(d: Draw) -> str:
    """Draw a number of an Emirates ID: the country, a year of birth, Luhn."""
    number = luhn(f"784{d.whole(1940, 1999)}{digits(d, 7)}")
    return f"{number[:3]}-{number[3:7]}-{number[7:14]}-{number[14]}"


def jmbg(d: Draw) -> str:
    """Draw a number of former Yugoslavia: birthday, region, sex and serial, MOD 11."""
    while True:
        day = d.day(1940, 1999)
        body = f"{day:%d%m}{day.year % 1000:03}{d.of(['10', '33', '50', '71'])}{digits(d, 3)}"
        check = -_mod_11(body, (7, 6, 5, 4, 3, 2) * 2) % 11
        if check != 10:
            return body + str(check)


def kennitala(d: Draw) -> str:
    """Draw an Icelandic kennitala: birthday, serial, MOD 11, century."""
    while True:
        body = born(d, "%d%m%y") + str(d.whole(20, 99))
        check = -_mod_11(body, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
        if check != 10:
            return f"{body[:6]}-{body[6:]}{check}9"


def egyptian(d: Draw) -> str:
    """Draw an Egyptian national number: century, birthday, governorate, serial."""
    return f"2{born(d)}{d.whole(1, 35):02}{digits(d, 5)}"


def cnic(d: Draw) -> str:
    """Draw a Pakistani CNIC: a form alone."""
    return f"{d.digits(5, '1234567')}-{digits(d, 7)}-{d.whole(1, 9)}"


def cccd(d: Draw) -> str:
    """Draw a Vietnamese citizen's number: province, century and sex, year, serial."""
    return f"0{d.whole(1, 96):02}{d.of('01')}{d.whole(40, 99)}{digits(d, 6)}"


def pan(d: Draw) -> str:
    """Draw an Indian PAN of a person: a form alone."""
    return d.letters(3) + "P" + d.letters(1) + digits(d, 4) + d.letters(1)


_NUMBERED: Final[tuple[tuple[str, Value, str, Label, str], ...]] = (
    ("Aadhaar No", aadhaar, "Verhoeff's digit, under its header", NATIONAL, "age_band"),
    ("c1", aadhaar, "a check digit in every cell, under no header", MAYBE_NATIONAL, "c2"),
    ("PAN", pan, "the form of a person's, under its header", NATIONAL, "refund"),
    ("c3", curp, "letters and a check digit", NATIONAL, "c4"),
    ("CURP", curp, "letters and a check digit", NATIONAL, "monto"),
    ("RUN", dotted_run, "points and a check digit", NATIONAL, "cuotas"),
    ("id", run, "a check digit behind a dash, in every cell", NATIONAL, "n"),
    ("CUIL", cuil, "dashes and a check digit", NATIONAL, "aportes"),
    ("k2", cuil, "dashes and a check digit", NATIONAL, "k3"),
    ("id_number", south_african, "a birthday and Luhn", NATIONAL, "visits"),
    ("ref", south_african, "a birthday and Luhn, under whatever header", NATIONAL, "visits"),
    ("เลขประจำตัวประชาชน", thai, "a check digit under its header", NATIONAL, "n"),
    ("x1", grouped_thai, "dashes and a check digit", NATIONAL, "x2"),
    ("NRIC", nric, "letters that stand with seven digits", NATIONAL, "claims"),
    ("a", nric, "letters that stand with seven digits", NATIONAL, "b"),
    ("No KP", mykad, "the form, under its header", NATIONAL, "n"),
    ("c5", mykad, "birthdays of many years, and no check digit", MAYBE_NATIONAL, "c6"),
    ("NIK", nik, "place and birthday, under its header", NATIONAL, "n"),
    ("c7", nik, "places and birthdays of many years", MAYBE_NATIONAL, "c8"),
    ("Emirates ID", emirates, "784, a year and Luhn", NATIONAL, "n"),
    ("c9", emirates, "784, years and Luhn", NATIONAL, "n"),
    ("JMBG", jmbg, "a birthday and MOD 11", NATIONAL, "iznos"),
    ("v1", jmbg, "a birthday and MOD 11", NATIONAL, "v2"),
    ("kennitala", kennitala, "a birthday and MOD 11", NATIONAL, "n"),
    ("الرقم القومي", egyptian, "the form, under its header", NATIONAL, "n"),
    ("CNIC", cnic, "the form, under its header", NATIONAL, "n"),
    ("Số CCCD", cccd, "the form, under its header", NATIONAL, "n"),
)

MOBILE, MAYBE_MOBILE = certain("mobile"), reported("mobile")
# As they are dialled at home, under English headers.
_PHONES: Final[tuple[tuple[str, str, Value, Label], ...]] = (
    ("British", "mobile", lambda d: f"07{digits(d, 3)} {digits(d, 6)}", MOBILE),
    ("British", "phone", lambda d: f"07{digits(d, 3)} {digits(d, 6)}", MAYBE_MOBILE),
    ("American", "phone_number",
     lambda d: f"({d.whole(201, 989)}) {d.whole(200, 999)}-{digits(d, 4)}", MAYBE_MOBILE),
    ("Brazilian", "telephone", lambda d: f"({d.whole(11, 99)}) 9{digits(d, 4)}-{digits(d, 4)}",
     MAYBE_MOBILE),
    ("French", "Mobile No", lambda d: "06" + "".join(f" {digits(d, 2)}" for _ in range(4)), MOBILE),
    ("German", "phone", lambda d: f"0171 {digits(d, 7)}", MAYBE_MOBILE),
    ("Kenyan", "msisdn", lambda d: f"07{digits(d, 8)}", MOBILE),
)  # fmt: skip

_HARMLESS: Final[tuple[tuple[str, dict[str, Value], str], ...]] = (
    ("parcels of twelve digits", {"tracking": lambda d: d.digits(12)}, "one in ten passes"),
    ("parcels of thirteen digits", {"tracking": lambda d: d.digits(13)}, "one in ten passes"),
    ("goods of thirteen digits", {"c1": lambda d: gtin(d, "40")}, "goods, by another check"),
    ("ledger of sixteen digits", {"voucher": lambda d: d.digits(16)}, "no place and no birthday"),
    (
        "parts with a dash",
        {"part": lambda d: f"{d.digits(8, '12')}-{d.of('0123456789K')}"},
        "one in eleven passes",
    ),
    (
        "lots of letters and digits",
        {"lot": lambda d: d.of("STFG") + digits(d, 7) + d.letters(1)},
        "one letter in 26 is right",
    ),
    (
        "orders of one year",
        {"order": lambda d: f"{born(d, '%y%m%d', 2024, 2025)}-{d.whole(1, 14):02}-{digits(d, 4)}"},
        "days of two years",
    ),
    (
        "chassis in their groups",
        {
            "unit": lambda d: (
                f"{d.whole(1, 8)}-{digits(d, 4)}-{digits(d, 5)}-{digits(d, 2)}-{d.whole(0, 9)}"
            )
        },
        "one in ten passes",
    ),
    ("machines by number", {"id_no": lambda d: digits(d, 9)}, "digits that have no check"),
    (
        "peaks",
        {
            "peak": lambda d: d.of(["Matterhorn", "Eiger", "Piz Palü", "Ortler", "Dom"]),
            "lat": lambda d: d.number(45.8, 47.3, 5),
            "lon": lambda d: d.number(6.8, 12.5, 5),
            "elev_m": lambda d: d.whole(2_500, 4_634),
        },
        "a height is no pupil",
    ),
    (
        "prices of cooking pans",
        {"pan": lambda d: d.of(["wok", "skillet", "saucepan"]), "fin": lambda d: d.whole(1, 9)},
        "words that name numbers elsewhere",
    ),
)

CASES: Final = (
    *(
        one(f"{value.__name__} under {header}", header, value, why, label, other)
        for header, value, why, label, other in _NUMBERED
    ),
    *(
        one(f"{whose} telephones under {header}", header, value, "as dialled at home", label)
        for whose, header, value, label in _PHONES
    ),
    Case(
        "notes with national numbers of other continents",
        "I-13: each stands within a text, with what is written between its digits",
        BLOCK,
        lambda d: {
            "nota": d.each(lambda: f"Cliente RUN {dotted_run(d)} pidió {d.whole(2, 9)} cajas")
        },
        {"nota": NATIONAL},
    ),
    *(
        Case(
            name,
            f"I-10: {why}",
            PASS,
            lambda d, made=made: {  # type: ignore[misc]
                header: d.each(lambda make=make: make(d)) for header, make in made.items()
            },
        )
        for name, made, why in _HARMLESS
    ),
)
