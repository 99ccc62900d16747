"""Mobile numbers: eleven digits, no check digit, and many harmless numbers of that shape."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Made,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import full_width

PHONE = certain("mobile")

_HEADERS = {
    "手机号": "their Chinese header",
    "联系电话": "a header for any telephone",
    "sjh": "pinyin initials",
    "shouji": "pinyin",
    "mobile": "an English header",
    "Tel": "a short English header",
    "contact": "a vague header",
    "col_7": "a header that says nothing",
    "station_name": "a header that misleads",
}

_SPELLINGS: dict[str, Callable[[str], str]] = {
    "in full-width digits": full_width,
    "in groups with spaces": lambda n: f"{n[:3]} {n[3:7]} {n[7:]}",
    "in groups with hyphens": lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}",
    "behind +86": lambda n: f"+86{n}",
    "behind +86 and a space": lambda n: f"+86 {n}",
    "behind 0086": lambda n: f"0086{n}",
    "behind 86 and a hyphen": lambda n: f"86-{n}",
    "behind (+86)": lambda n: f"(+86){n}",
    "behind the word 手机": lambda n: f"手机{n}",
    "behind the word Tel.": lambda n: f"Tel. {n}",
    "in scientific notation with every digit": lambda n: f"{n[0]}.{n[1:]}E+10",
}

_POSITIVE = (
    *(
        Case(
            f"mobile numbers under {words}: {header}",
            "I-09: every cell is in a range of the numbering plan and none counts up",
            BLOCK,
            lambda d, header=header: {
                header: d.each(d.mobile),
                "水温": d.each(lambda: d.number(1, 30)),
            },  # type: ignore[misc]
            {header: PHONE},
        )
        for header, words in _HEADERS.items()
    ),
    *(
        Case(
            f"mobile numbers {how}",
            "I-09: the numbering plan holds once the spelling is undone",
            BLOCK,
            lambda d, write=write: {"手机": d.each(lambda: write(d.mobile())), "n": d.count()},  # type: ignore[misc]
            {"手机": PHONE},
        )
        for how, write in _SPELLINGS.items()
    ),
    Case(
        "mobile numbers as integers in CSV",
        "I-09: 13912345678 is the same number without quotes",
        BLOCK,
        lambda d: {"phone": d.each(lambda: int(d.mobile())), "n": d.count()},
        {"phone": PHONE},
    ),
    Case(
        "mobile numbers as integers in Parquet",
        "I-09: an integer column holds eleven digits without loss",
        BLOCK,
        lambda d: Made({"phone": d.each(lambda: int(d.mobile()))}, suffix=".parquet"),
        {"phone": PHONE},
    ),
    Case(
        "mobile numbers as floating point in Parquet, as a null among integers makes them",
        "I-09: a double holds eleven digits without loss; 1.38E10 is a way to print it",
        BLOCK,
        lambda d: Made({"phone": d.each(lambda: float(d.mobile()))}, suffix=".parquet"),
        {"phone": PHONE},
    ),
    Case(
        "mobile numbers as floating point in CSV",
        "I-09: 13912345678.0 is a mobile number that went through a data frame",
        BLOCK,
        lambda d: {"mobile": d.each(lambda: f"{d.mobile()}.0"), "n": d.count()},
        {"mobile": PHONE},
    ),
    Case(
        "mobile numbers among fixed lines",
        "I-09: half of the column is personal, and half is enough",
        BLOCK,
        lambda d: {"电话": d.mixed(d.mobile, 0.5, d.landline), "n": d.count()},
        {"电话": PHONE},
    ),
    Case(
        "mobile numbers in one of twenty cells of a telephone column",
        "I-09: a telephone column in which one of twenty is somebody's own",
        BLOCK,
        lambda d: {"联系电话": d.mixed(d.mobile, 0.05, d.landline), "n": d.count()},
        {"联系电话": PHONE},
        rows=1_000,
    ),
    Case(
        "mobile numbers in one row of fifty, the rest empty",
        "I-09: what is filled is a mobile number under a header that says so",
        BLOCK,
        lambda d: {"备用手机": d.sparse(d.mobile, 0.02), "n": d.count()},
        {"备用手机": PHONE},
        rows=1_000,
    ),
    Case(
        "two telephone numbers in a cell",
        "I-09: a list names each of its members",
        BLOCK,
        lambda d: {"联系方式": d.each(lambda: f"{d.mobile()}/{d.landline()}")},
        {"联系方式": PHONE},
    ),
    Case(
        "a dozen telephone numbers on duty, repeated",
        "I-09: a dictionary column of persons on duty",
        BLOCK,
        lambda d: {"值班电话": d.distinct(d.mobile, 12), "浪高": d.each(lambda: d.number(0, 4))},
        {"值班电话": PHONE},
        rows=1_000,
    ),
    Case(
        "mobile numbers of the ranges granted lately",
        "I-09: 191 to 199, 166 and 172 are in the numbering plan since 2017",
        BLOCK,
        lambda d: {
            "手机号码": d.each(
                lambda: (
                    d.of(["191", "192", "193", "195", "196", "197", "198", "199", "166"])
                    + d.digits(8)
                )
            )
        },
        {"手机号码": PHONE},
    ),
)

_AMBIGUOUS = (
    Case(
        "mobile numbers of which four digits are masked",
        "I-10: masked, seven digits are left",
        ATTEST,
        lambda d: {"手机号": d.each(lambda: (n := d.mobile())[:3] + "****" + n[7:])},
        {"手机号": reported("mobile")},
    ),
    Case(
        "mobile numbers masked with x, no header",
        "I-10: the shape 138xxxx1234 is a masked mobile number",
        ATTEST,
        lambda d: {"c2": d.each(lambda: (n := d.mobile())[:3] + "xxxx" + n[7:]), "n": d.count()},
        {"c2": reported("mobile")},
    ),
    Case(
        "mobile numbers without their last four digits",
        "I-10: masked at the end, under a header that says what it is",
        ATTEST,
        lambda d: {"mobile": d.each(lambda: d.mobile()[:7] + "****"), "n": d.count()},
        {"mobile": reported("mobile")},
    ),
    Case(
        "MD5 digests of mobile numbers under their header",
        "I-08: 10^10 numbers are hashed in minutes: an enumerable pseudonym",
        ATTEST,
        lambda d: {
            "phone_md5": d.each(
                lambda: hashlib.md5(d.mobile().encode(), usedforsecurity=False).hexdigest()
            )
        },
        {"phone_md5": reported("mobile", "quasi_identifiers")},
    ),
    Case(
        "SHA-1 digests of mobile numbers under their header",
        "I-08: an unsalted hash is a pseudonym whatever the function",
        ATTEST,
        lambda d: {
            "手机号": d.each(
                lambda: hashlib.sha1(d.mobile().encode(), usedforsecurity=False).hexdigest()
            )
        },
        {"手机号": reported("mobile", "quasi_identifiers")},
    ),
    Case(
        "order numbers of eleven digits that happen to lie in mobile ranges",
        "I-10: the header says orders and the numbers count up: the shape alone speaks",
        ATTEST,
        lambda d: {"order_no": [13_900_000_000 + 97 * n for n in d.count()], "n": d.count()},
        {"order_no": reported("mobile")},
    ),
    Case(
        "mobile numbers cut into two columns",
        "I-10: split over columns whose headers say of what",
        ATTEST,
        lambda d: {
            "手机号前七位": (n := d.each(d.mobile)) and [each[:7] for each in n],
            "手机号后四位": [each[7:] for each in n],
        },
        {("手机号前七位", "手机号后四位"): reported("mobile")},
    ),
    Case(
        "a column called mobile number that holds tokens",
        "I-10: header and values contradict each other",
        ATTEST,
        lambda d: {"手机号码": d.each(lambda: "tok_" + d.hexadecimal(20)), "n": d.count()},
        {"手机号码": reported("mobile")},
    ),
)

_CLEAN = (
    Case(
        "fixed lines",
        "I-09: mobile numbers and not any telephone; a fixed line with its city is an office's",
        PASS,
        lambda d: {"办公电话": d.each(d.landline), "n": d.count()},
    ),
    Case(
        "service lines",
        "I-09: 400 and 95 numbers belong to companies",
        PASS,
        lambda d: {
            "客服电话": d.each(lambda: d.of(["400-", "800-"]) + d.digits(7)),
            "n": d.count(),
        },
    ),
    Case(
        "handset models in a column called phone",
        "I-10: a header alone, whose values are words, is no number",
        PASS,
        lambda d: {"phone": d.each(lambda: d.of(["iPhone 15", "Mate 60", "Redmi K70", "P40"]))},
    ),
    Case(
        "the number that every example uses",
        "I-09: 13800138000 is an operator's service line and nobody's number",
        PASS,
        lambda d: {"phone": d.each(lambda: "13800138000"), "n": d.count()},
    ),
    Case(
        "telephone numbers of zeros",
        "I-09: a placeholder is in no range of the numbering plan",
        PASS,
        lambda d: {"手机号": d.each(lambda: "00000000000"), "n": d.count()},
    ),
    Case(
        "an empty telephone column",
        "I-09: a header over nothing",
        PASS,
        lambda d: {"手机号": d.each(lambda: ""), "水深": d.each(lambda: d.number(1, 90))},
    ),
    Case(
        "milliseconds since 1970",
        "I-09: thirteen digits are no telephone number, though they begin with 17",
        PASS,
        lambda d: {"ts": [1_709_251_200_000 + 60_000 * n for n in d.count()], "n": d.count()},
    ),
    Case(
        "seconds since 1970",
        "I-09: ten digits are no telephone number",
        PASS,
        lambda d: {"ts": [1_709_251_200 + 60 * n for n in d.count()], "n": d.count()},
    ),
    Case(
        "random numbers of eleven digits",
        "I-09: eight of a hundred are in mobile ranges, as chance has it",
        PASS,
        lambda d: {"code": d.each(lambda: d.digits(11)), "n": d.count()},
        rows=2_000,
    ),
    Case(
        "random numbers of eleven digits that begin with 10 to 12",
        "I-09: no mobile range begins so",
        PASS,
        lambda d: {"code": d.each(lambda: "1" + d.of("012") + d.digits(9)), "n": d.count()},
    ),
    Case(
        "measured values with eleven digits",
        "I-09: a spread from one to twenty thousand million crosses the mobile ranges by chance",
        PASS,
        lambda d: {"photons": d.each(lambda: d.whole(1, 20_000_000_000)), "n": d.count()},
        rows=1_000,
    ),
    Case(
        "energies as floating point around 1.5E10",
        "I-09: digits behind the point make it a measurement",
        PASS,
        lambda d: {"energy_j": d.each(lambda: d.number(1.3e10, 1.9e10, 3)), "n": d.count()},
        rows=500,
    ),
    Case(
        "bytes transferred in eleven digits under their header",
        "I-10: the header names a measured quantity, its spread is far wider than the ranges",
        PASS,
        lambda d: {"bytes_total": d.each(lambda: d.whole(10**8, 4 * 10**11)), "n": d.count()},
        rows=500,
    ),
    Case(
        "counts of telephone calls",
        "I-10: how many calls there were names no caller",
        PASS,
        lambda d: {"电话次数": d.each(lambda: d.whole(0, 90)), "n": d.count()},
    ),
    Case(
        "mobile prefixes with their operators",
        "I-10: seven digits name a town and an operator",
        PASS,
        lambda d: {
            "号段": d.each(lambda: d.mobile()[:7]),
            "运营商": d.each(lambda: d.of(["移动", "联通", "电信"])),
        },
    ),
    Case(
        "numbers of data-only cards of buoys",
        "I-09: 144 and 10 to 13 digits is machine to machine and nobody's line",
        PASS,
        lambda d: {"iot_card": d.each(lambda: "14400" + d.digits(8)), "浮标": d.count()},
    ),
)

CASES = (*_POSITIVE, *_AMBIGUOUS, *_CLEAN)
