"""Numbers by which persons are told apart, names cut up or written into text, persons singled out.

The labels follow GB/T 35273-2020 appendix A (what is personal: 个人身份信息, 网络身份标识信息,
个人常用设备信息) and rule I-10: nothing proves such a number, so that somebody has to look.  They
came with the detectors, after such tables had been found listed: unlike the others they prove
nothing about tables that nobody has tried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Cell,
    certain,
    reported,
)
from tests.exchange.inspection.labelled.draw import Draw

ACCOUNT = reported("account")
NAME = reported("person_name")
PHONE = reported("mobile")


def _luhn(digits: str) -> str:
    doubled = (int(each) * (2 - place % 2) for place, each in enumerate(reversed(digits)))
    return digits + str(-sum(sum(divmod(each, 10)) for each in doubled) % 10)


def _numbers(name: str, header: str, make: Callable[[Draw], Cell], why: str) -> Case:
    return Case(
        name,
        f"I-10: {why}",
        ATTEST,
        lambda d: {header: d.each(lambda: make(d)), "v": d.each(lambda: d.number(0, 40))},
        {header: ACCOUNT},
    )


_ALL: tuple[tuple[str, str, Callable[[Draw], Cell], str], ...] = (
    ("staff by number", "工号", lambda d: f"A{d.digits(4)}", "a number of staff names one of them"),
    ("staff in English", "employee_id", lambda d: f"E{d.digits(6)}", "a number of staff"),
    ("pupils by number", "学号", lambda d: f"2023{d.digits(5)}", "a number of a pupil"),
    ("telephones by IMEI", "IMEI", lambda d: f"86{d.digits(13)}", "a device carried in person"),
    (
        "telephones by IMEI alone",
        "d",
        lambda d: _luhn(f"86{d.digits(12)}"),
        "its check digit holds",
    ),
    ("accounts of QQ", "QQ", lambda d: f"{d.whole(1, 9)}{d.digits(8)}", "an account"),
    ("accounts of WeChat", "微信号", lambda d: f"wxid_{d.digits(6)}ab", "an account"),
    ("accounts of WeChat under any header", "k", lambda d: f"wxid_{d.digits(8)}", "an account"),
    ("names of users", "用户名", lambda d: f"{d.letters(3).lower()}{d.digits(3)}", "an account"),
    (
        "addresses of the internet",
        "ip",
        lambda d: (
            f"{d.of(['61', '120', '218'])}.{d.whole(0, 255)}.{d.whole(0, 255)}.{d.whole(1, 254)}"
        ),
        "of whoever came from there",
    ),
    (
        "addresses of visitors in IPv6",
        "peer",
        lambda d: f"240e:{d.hexadecimal(4)}:{d.hexadecimal(4)}:1::{d.hexadecimal(3)}",
        "of whoever came from there",
    ),
    (
        "what a probe of wireless networks heard",
        "client",
        lambda d: ":".join(d.hexadecimal(2) for _ in range(6)),
        "a telephone is known by the address of its network card",
    ),
    (
        "the same without colons",
        "user_mac",
        lambda d: f"a4c3f0{d.hexadecimal(6)}",
        "a telephone is known by the address of its network card",
    ),
    ("households by meter", "户号", lambda d: f"37{d.digits(8)}", "a household's use of power"),
    ("cards at doors", "门禁卡", lambda d: d.digits(10), "where somebody went"),
    ("borrowers by number", "借款人", lambda d: f"B{d.digits(8)}", "what somebody owes"),
    ("candidates by pinyin", "zkzh", lambda d: f"3702{d.digits(8)}", "marks of somebody"),
    ("drivers by file", "驾驶证档案编号", lambda d: f"3702{d.digits(8)}", "somebody's licence"),
    ("cookies", "cookie", lambda d: d.hexadecimal(32), "what somebody looked at"),
    ("who wears a watch", "wearer_id", lambda d: f"W{d.digits(5)}", "somebody's heart"),
    ("what was taken on the road", "obu", lambda d: f"3701{d.digits(12)}", "where somebody drove"),
    (
        "digests of telephone numbers",
        "uid",
        lambda d: hashlib.md5(d.mobile().encode(), usedforsecurity=False).hexdigest(),
        "an unsalted digest of a number is a pseudonym",
    ),
)

_HARMLESS: tuple[tuple[str, dict[str, Callable[[Draw], Cell]], str], ...] = (
    (
        "modules by IMEI",
        {"module_imei": lambda d: _luhn(f"86{d.digits(12)}"), "rssi": lambda d: -d.whole(40, 90)},
        "a module on a buoy is carried by nobody",
    ),
    (
        "network cards of buoys",
        {
            "gateway_mac": lambda d: ":".join(d.hexadecimal(2) for _ in range(6)),
            "rssi": lambda d: -d.whole(40, 90),
        },
        "a gateway is carried by nobody",
    ),
    (
        "colours and codes in hexadecimal",
        {"colour": lambda d: d.hexadecimal(12), "n": lambda d: d.whole(1, 9)},
        "twelve hexadecimal digits are no network card",
    ),
    (
        "digests of files and their sizes",
        {
            "sha256": lambda d: hashlib.sha256(d.digits(9).encode()).hexdigest(),
            "bytes": lambda d: d.whole(1, 90_000),
        },
        "what is digested is a file",
    ),
    (
        "places with given names",
        {
            "harbour": lambda d: d.of(["Victoria Harbour", "Charlotte Bay", "Florence Point"]),
            "depth": lambda d: d.number(1, 40),
        },
        "harbours are called after persons",
    ),
    (
        "what was seen on watch",
        {
            "remark": lambda d: d.of(
                ["海况良好，无异常", "浮标报告正常", "由高度计记录", "东方有雷雨"]
            ),
            "n": lambda d: d.whole(1, 9),
        },
        "a report without anybody's name",
    ),
    (
        "steel by grade and class",
        {
            "grade": lambda d: d.of(["Q235", "Q345", "AH36", "DH36"]),
            "class": lambda d: d.of(["A", "B"]),
            "thickness": lambda d: d.whole(4, 60),
        },
        "grades and classes of steel leave no row alone",
    ),
    (
        "three whole numbers",
        {
            "a": lambda d: d.whole(130, 199),
            "b": lambda d: d.whole(0, 9999),
            "c": lambda d: d.whole(0, 9999),
        },
        "not every prefix of three digits is of a telephone",
    ),
    (
        "logs of a server",
        {
            "host_ip": lambda d: f"192.168.{d.whole(0, 255)}.{d.whole(1, 254)}",
            "status": lambda d: d.of([200, 404]),
        },
        "a private network",
    ),
    (
        "servers by their public addresses",
        {
            "server_ip": lambda d: f"61.{d.whole(0, 255)}.{d.whole(0, 255)}.{d.whole(1, 254)}",
            "up": lambda d: d.of([0, 1]),
        },
        "a server is no person",
    ),
    (
        "crews as counts",
        {"crew_count": lambda d: d.whole(5, 30), "port": lambda d: d.of(["青岛港", "日照港"])},
        "a count of a crew is nobody",
    ),
)

CASES = (
    *(_numbers(*each) for each in _ALL),
    Case(
        "surnames beside given names under no header",
        "I-10: split over columns",
        ATTEST,
        lambda d: {
            "a": (names := d.each(d.name)) and [each[0] for each in names],
            "b": [each[1:] for each in names],
            "v": d.count(),
        },
        {"a": NAME, "b": NAME},
    ),
    Case(
        "telephone numbers in three pieces under no header",
        "I-10: split over columns",
        ATTEST,
        lambda d: {
            "a": (numbers := d.each(d.mobile)) and [each[:3] for each in numbers],
            "b": [each[3:7] for each in numbers],
            "c": [each[7:] for each in numbers],
        },
        {"a": PHONE, "b": PHONE, "c": PHONE},
    ),
    Case(
        "identity numbers without their birthdays under no header",
        "I-10: masked",
        ATTEST,
        lambda d: {"id": [f"{each[:6]}********{each[-4:]}" for each in d.each(d.resident_id)]},
        {"id": reported("resident_id")},
    ),
    Case(
        "mailboxes as people spell them out",
        "I-10: disguised",
        ATTEST,
        lambda d: {
            "contact": [
                each.replace("@", " (at) ").replace(".", " dot ") for each in d.each(d.mailbox)
            ]
        },
        {"contact": reported("email")},
    ),
    Case(
        "crews, several names to a cell",
        "I-01: a list of names is names",
        BLOCK,
        lambda d: {
            "航次": d.count(),
            "船员名单": d.each(lambda: "、".join(d.name() for _ in range(4))),
        },
        {"船员名单": certain("person_name")},
    ),
    Case(
        "watches written down with who kept them",
        "I-10: names in running text",
        ATTEST,
        lambda d: {
            "记录": d.each(lambda: f"今日{d.name()}值班，{d.of(['海况良好', '无异常'])}"),
            "n": d.count(),
        },
        {"记录": NAME},
    ),
    Case(
        "notes with English names",
        "I-10: names in running text",
        ATTEST,
        lambda d: {
            "note": d.each(lambda: f"sensor swapped by {d.name_en()} at noon"),
            "n": d.count(),
        },
        {"note": NAME},
    ),
    Case(
        "names in Latin letters written as one",
        "I-10: a header of names over words that may be some",
        ATTEST,
        lambda d: {
            "姓名拼音": d.each(
                lambda: (
                    d.of(["zhang", "wang", "liu", "zhao"])
                    + d.of(["wei", "fang", "na", "jing", "tao"])
                )
            ),
            "v": d.count(),
        },
        {"姓名拼音": NAME},
    ),
    Case(
        "observers by their initials",
        "I-10: masked, under a header of persons",
        ATTEST,
        lambda d: {
            "observer": d.each(lambda: f"{d.letters(1)}.{d.of(['Zhang', 'Wang', 'Li', 'Zhao'])}"),
            "t": d.count(),
        },
        {"observer": NAME},
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
