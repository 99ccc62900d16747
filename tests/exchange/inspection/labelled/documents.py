"""Passports, permits to Hong Kong, Macau and Taiwan, and plates: shapes without check digits."""

from __future__ import annotations

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

PASSPORT = certain("passport")
PERMIT = certain("permit")
PLATE = certain("plate")


def _official(d: Draw) -> str:
    return d.of(["SE", "DE", "PE"]) + d.digits(7, "0123456789")


def _older(d: Draw) -> str:
    return "G" + d.digits(8, "0123456789")


def _plate_spaced(d: Draw) -> str:
    plate = d.plate()
    return f"{plate[:2]} {plate[2:]}"


def _plate_dotted(d: Draw) -> str:
    plate = d.plate()
    return f"{plate[:2]}·{plate[2:]}"


_PASSPORTS = (
    *(
        Case(
            f"passports under {header}",
            "I-09: letter and eight digits in every cell, and the header names them",
            BLOCK,
            lambda d, header=header: {header: d.each(d.passport), "n": d.count()},  # type: ignore[misc]
            {header: PASSPORT},
        )
        for header in ("护照号", "护照号码", "passport_no", "Passport", "huzhao")
    ),
    Case(
        "passports of the edition before 2012",
        "I-09: G and eight digits, valid into 2022, under their header",
        BLOCK,
        lambda d: {"护照": d.each(lambda: _older(d)), "n": d.count()},
        {"护照": PASSPORT},
    ),
    Case(
        "official, diplomatic and service passports",
        "I-09: SE, DE and PE with seven digits, under their header",
        BLOCK,
        lambda d: {"passport number": d.each(lambda: _official(d)), "n": d.count()},
        {"passport number": PASSPORT},
    ),
    Case(
        "passports in lower case",
        "I-09: e12345678 is a matter of spelling, and the header names it",
        BLOCK,
        lambda d: {"护照号": d.each(lambda: d.passport().lower()), "n": d.count()},
        {"护照号": PASSPORT},
    ),
    Case(
        "passports under no header",
        "I-10: no check digit exists, and parts and licences have the same shape",
        ATTEST,
        lambda d: {"c5": d.each(d.passport), "n": d.count()},
        {"c5": reported("passport")},
    ),
    Case(
        "passports with four digits masked",
        "I-10: masked under a header that says of what",
        ATTEST,
        lambda d: {"护照号": d.each(lambda: (n := d.passport())[:2] + "****" + n[6:])},
        {"护照号": reported("passport")},
    ),
    Case(
        "permits for mainland residents to Hong Kong and Macau",
        "I-09: C and eight digits under their header",
        BLOCK,
        lambda d: {"港澳通行证号": d.each(lambda: "C" + d.digits(8)), "n": d.count()},
        {"港澳通行证号": PERMIT},
    ),
    Case(
        "permits of residents of Hong Kong and Macau",
        "I-09: H or M and eight digits under their header",
        BLOCK,
        lambda d: {"回乡证号码": d.each(lambda: d.of("HM") + d.digits(8)), "n": d.count()},
        {"回乡证号码": PERMIT},
    ),
    Case(
        "permits of residents of Hong Kong and Macau with their edition",
        "I-09: H or M and ten digits under their header",
        BLOCK,
        lambda d: {"港澳居民来往内地通行证": d.each(lambda: d.of("HM") + d.digits(10))},
        {"港澳居民来往内地通行证": PERMIT},
    ),
    Case(
        "permits of residents of Taiwan",
        "I-09: eight digits, which only the header makes a permit, and it does",
        BLOCK,
        lambda d: {"台湾居民来往大陆通行证": d.each(lambda: d.digits(8)), "n": d.count()},
        {"台湾居民来往大陆通行证": PERMIT},
    ),
    Case(
        "permits under no header",
        "I-10: H or M and eight digits is the shape of a part number, too",
        ATTEST,
        lambda d: {"c1": d.each(lambda: d.of("HM") + d.digits(8)), "n": d.count()},
        {"c1": reported("permit", "passport")},
    ),
    Case(
        "counters of eight digits",
        "I-10: a permit of Taiwan without a header is any number of eight digits",
        PASS,
        lambda d: {"counter": d.each(lambda: d.digits(8)), "n": d.count()},
    ),
    Case(
        "part numbers of a letter out of many and eight digits",
        "I-10: letters from A to Z in front are no passport's",
        PASS,
        lambda d: {"part_no": d.each(lambda: d.letters(1) + d.digits(8)), "n": d.count()},
    ),
    Case(
        "lengths in the notation of spreadsheets",
        "I-10: 1E8 and 3E7 are numbers",
        PASS,
        lambda d: {"flux": d.each(lambda: f"{d.whole(1, 9)}E{d.whole(5, 9)}"), "n": d.count()},
    ),
    Case(
        "kinds of passports",
        "I-10: the word is a category",
        PASS,
        lambda d: {"passport type": d.each(lambda: d.of(["ordinary", "service"])), "n": d.count()},
    ),
    Case(
        "passports of digital products",
        "I-10: a digital product passport is goods' own, and a UUID no traveller's number",
        PASS,
        lambda d: {
            "product_passport": d.each(lambda: f"urn:epc:id:sgtin:{d.digits(7)}.{d.digits(6)}"),
        },
    ),
)

_PLATES = (
    *(
        Case(
            f"plates {how} under {header}",
            "I-01: a plate leads to its holder; province and office letter are in every cell",
            BLOCK,
            lambda d, header=header, make=make: {header: d.each(lambda: make(d)), "n": d.count()},  # type: ignore[misc]
            {header: PLATE},
        )
        for header in ("车牌号", "chepai", "plate_no", "c2")
        for how, make in (
            ("of cars", Draw.plate),
            ("of new-energy cars, with eight characters,", Draw.green_plate),
        )
    ),
    *(
        Case(
            f"plates {how}",
            "I-01: a plate once the spelling is undone",
            BLOCK,
            lambda d, make=make: {"车牌": d.each(lambda: make(d)), "n": d.count()},  # type: ignore[misc]
            {"车牌": PLATE},
        )
        for how, make in (
            ("with a space", _plate_spaced),
            ("with the dot of the painted plate", _plate_dotted),
            ("in lower case", lambda d: d.plate().lower()),
        )
    ),
    Case(
        "both kinds of plates in a car park",
        "I-01: old and new shapes together",
        BLOCK,
        lambda d: {"车辆": d.mixed(d.green_plate, 0.4, d.plate), "入场": d.hours(minutes=3)},
        {"车辆": PLATE},
    ),
    Case(
        "plates in Parquet",
        "I-01: a plate in another format",
        BLOCK,
        lambda d: Made({"vehicle": d.each(d.plate), "n": d.count()}, suffix=".parquet"),
        {"vehicle": PLATE},
    ),
    Case(
        "plates of which two characters are masked",
        "I-10: masked",
        ATTEST,
        lambda d: {"车牌号": d.each(lambda: (n := d.plate())[:3] + "**" + n[5:]), "n": d.count()},
        {"车牌号": reported("plate")},
    ),
    Case(
        "numbers of fishing boats",
        "I-09: 鲁青渔60123 is painted on a boat and is no plate of a car",
        PASS,
        lambda d: {
            "船号": d.each(lambda: f"鲁{d.of('青烟威日')}渔{d.digits(5)}"),
            "吨位": d.count(),
        },
    ),
    Case(
        "prefixes of plates with their towns",
        "I-10: the first two characters name a town's office",
        PASS,
        lambda d: {"号牌前缀": d.each(lambda: d.plate()[:2]), "保有量": d.count()},
    ),
    Case(
        "standards with a province in front",
        "I-10: 鲁DB37/T is a standard's number",
        PASS,
        lambda d: {"标准": d.each(lambda: f"鲁DB37/T {d.digits(4)}-2024"), "n": d.count()},
    ),
    Case(
        "parts of microscopes",
        "I-10: plate_no of a culture plate is a laboratory's counter",
        PASS,
        lambda d: {
            "plate_no": d.each(lambda: f"P{d.whole(1, 96):03}"),
            "od600": d.each(lambda: d.number(0, 2, 3)),
        },
    ),
)

CASES: tuple[Case, ...] = (*_PASSPORTS, *_PLATES)
