"""What a third stranger saw missed, and its neighbours that nobody drew.

Labelled from I-09, I-10 and I-11 before the detectors were mended: network cards that go about,
numbers of Israel, Ecuador and India, and Japanese mobiles under headers that say nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

from tests.exchange.inspection.labelled.abroad import (
    MAYBE_NATIONAL,
    MAYBE_PHONE,
    NATIONAL,
    PHONE,
    Value,
    digits,
    luhn,
    one,
)
from tests.exchange.inspection.labelled.case import BLOCK, PASS, Case, Cell, Columns, Label, certain
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.europe import table
from tests.exchange.inspection.labelled.overseas import aadhaar

TRACE: Final = certain("trace")


def mac(d: Draw) -> str:
    """Draw the address of a network card, in one of the ways that programs write it."""
    return ":".join(d.hexadecimal(2) for _ in range(6))


def bare_mac(d: Draw) -> str:
    """Draw the address of a network card without joints, in capitals."""
    return d.hexadecimal(12).upper()


def mac_digest(d: Draw) -> str:
    """Draw an unsalted digest of the address of a network card."""
    return hashlib.sha256(mac(d).encode()).hexdigest()


def israeli(d: Draw) -> str:
    """Draw an Israeli identity number: eight digits and Luhn's, a zero in front for many."""
    return luhn(d.of("0023456") + digits(d, 7))


def cedula(d: Draw) -> str:
    """Draw an Ecuadorian cédula: a province, a digit below 6, six more and Luhn's."""
    return luhn(f"{d.whole(1, 24):02}{d.whole(0, 5)}{digits(d, 6)}")


def grouped_aadhaar(d: Draw) -> str:
    """Draw an Aadhaar number as cards show it."""
    number = aadhaar(d)
    return f"{number[:4]} {number[4:8]} {number[8:]}"


def japanese_mobile(d: Draw) -> str:
    """Draw a Japanese mobile number: 070, 080 or 090 and eight digits, in groups."""
    return f"0{d.of('789')}0-{digits(d, 4)}-{digits(d, 4)}"


def korean_mobile(d: Draw) -> str:
    """Draw a South Korean mobile number as it is dialled at home."""
    return f"010-{d.digits(4)}-{digits(d, 4)}"


def zone(d: Draw) -> str:
    """Draw a time zone by name or by what it is ahead."""
    return d.of(["Asia/Shanghai", "+08:00", "Asia/Jerusalem", "+02:00", "UTC"])


def _ways(
    d: Draw, card: str, make: Value, *, step: float, other: str = "", others: int = 0
) -> Columns:
    """Let twelve cards go about, or be heard around where they hang; beside, what they belong to.

    There is one of the `others` for each card where they are as many.
    """
    rows: list[tuple[Cell, ...]] = []
    cards = [make(d) for _ in range(12)]
    places = [(d.number(120.2, 120.5, 6), d.number(36.0, 36.3, 6)) for _ in cards]
    for row, time in enumerate(d.hours(minutes=2)):
        at = row % len(cards)
        x, y = places[at]
        if step > 0.001:
            places[at] = x + d.number(-step, step, 6), y + d.number(-step, step, 6)
        else:
            x, y = x + d.number(-step, step, 6), y + d.number(-step, step, 6)
        whose = f"{other[:1].upper()}{at if others == len(cards) else d.whole(1, 99):03}"
        rows.append((cards[at], time, f"{x:.5f}", f"{y:.5f}", whose))
    made = dict(zip((card, "time", "lon", "lat", other), zip(*rows, strict=True), strict=True))
    made.pop("", None)  # where nothing stands beside
    return made


def _goes(name: str, card: str, make: Value, other: str = "") -> Case:
    return Case(
        name,
        "I-11: where a telephone goes, its owner goes, whom its network card tells from others",
        BLOCK,
        lambda d: _ways(d, card, make, step=0.004, other=other),
        {(card, "time", "lon", "lat"): TRACE},
    )


def _hangs(name: str, why: str, build: Callable[[Draw], Columns]) -> Case:
    return Case(name, f"I-11: {why}", PASS, build)


_CARDS = (
    _goes("network cards on the move under mac", "mac", mac),
    _goes("network cards on the move under mac_addr", "mac_addr", bare_mac),
    _goes("network cards on the move under wlan_mac", "wlan_mac", mac),
    _goes("hot spots on the move under bssid", "bssid", mac),
    _goes("network cards on the move under MAC地址", "MAC地址", mac),
    _goes("digests of network cards on the move", "mac_hash", mac_digest),
    _goes("network cards that go from shop to shop", "mac", mac, "shop"),
    _hangs(
        "routers that hang where they hang",
        "a router stands where it stands",
        lambda d: _ways(d, "mac", mac, step=0.0),
    ),
    _hangs(
        "access points that were heard from the road before them",
        "an access point is heard around where it hangs, and goes nowhere",
        lambda d: _ways(d, "bssid", mac, step=0.0004),
    ),
    _hangs(
        "cards of buoys that drift",
        "each card is a buoy's, and drifts with it",
        lambda d: _ways(d, "mac", mac, step=0.004, other="buoy", others=12),
    ),
    _hangs(
        "gateways of ships",
        "a gateway is carried by nobody",
        lambda d: _ways(d, "gateway_mac", mac, step=0.004),
    ),
    _hangs(
        "switches and where they were put",
        "an inventory has no times, and what is in it goes nowhere",
        lambda d: {
            "mac": d.each(lambda: mac(d)),
            "model": d.each(lambda: d.of(["S5700", "EX2300"])),
            "lon": d.each(lambda: f"{d.number(120.2, 120.5, 6):.6f}"),
            "lat": d.each(lambda: f"{d.number(36.0, 36.3, 6):.6f}"),
        },
    ),
    _hangs(
        "greatest concentrations that are allowed, by sample",
        "mac is a concentration to a chemist",
        lambda d: {
            "mac": d.each(lambda: d.of([0.05, 0.1, 0.5, 1])),
            "time": d.hours(),
            "lon": d.each(lambda: f"{d.number(120.2, 120.5, 6):.6f}"),
            "lat": d.each(lambda: f"{d.number(36.0, 36.3, 6):.6f}"),
        },
    ),
    _hangs(
        "computers of one make, by survey",
        "mac is a computer to who counts them",
        lambda d: {
            "mac": d.each(lambda: d.of(["mini", "studio", "air"])),
            "time": d.hours(),
            "lon": d.each(lambda: f"{d.number(120.2, 120.5, 6):.6f}"),
            "lat": d.each(lambda: f"{d.number(36.0, 36.3, 6):.6f}"),
        },
    ),
)

_CHECKED: Final[tuple[tuple[str, Value, str, Label, str], ...]] = (
    ("tz", israeli, "Luhn's digit, under its header", NATIONAL, "visits"),
    ("ת.ז", israeli, "Luhn's digit, under its header", NATIONAL, "visits"),
    ("TZ number", israeli, "Luhn's digit, under its header", NATIONAL, "visits"),
    ("מספר תעודת זהות", israeli, "Luhn's digit, under its header", NATIONAL, "visits"),
    ("c1", cedula, "a province and a check digit in every cell", MAYBE_NATIONAL, "c2"),
    ("ref", cedula, "a province and a check digit in every cell", MAYBE_NATIONAL, "n"),
    ("doc", grouped_aadhaar, "Verhoeff's digit in every cell", MAYBE_NATIONAL, "n"),
    ("c1", japanese_mobile, "groups that nothing else is written in", PHONE, "c2"),
    ("メモ1", japanese_mobile, "groups that nothing else is written in", PHONE, "n"),
    (
        "v1",
        lambda d: japanese_mobile(d).replace("-", ""),
        "eleven digits that begin as Japanese mobiles do",
        MAYBE_PHONE,
        "v2",
    ),
    ("col_3", korean_mobile, "groups in which Beijing's landlines stand, too", MAYBE_PHONE, "n"),
)

_HARMLESS: Final[tuple[tuple[str, dict[str, Value], str], ...]] = (
    ("time zones by name", {"tz": zone, "n": lambda d: d.whole(1, 9)}, "a zone is no person"),
    (
        "time zones in minutes",
        {"tz": lambda d: d.of([480, 540, -300, 120]), "n": lambda d: d.whole(1, 9)},
        "a zone is no person",
    ),
    (
        "thicknesses in nanometres under tz",
        {"tz": lambda d: d.digits(9), "n": lambda d: d.whole(1, 9)},
        "one in ten passes",
    ),
    (
        "orders of ten digits of a region",
        {"order": lambda d: f"{d.whole(1, 24):02}{d.whole(0, 5)}{digits(d, 7)}"},
        "one in ten passes",
    ),
    (
        "parcels that all begin with 0900",
        {"parcel": lambda d: f"0900{digits(d, 7)}"},
        "all begin alike, as the numbers of one maker do",
    ),
    (
        "parts in groups of three, four and four",
        {"part": lambda d: f"{d.digits(3)}-{digits(d, 4)}-{digits(d, 4)}"},
        "one in three hundred begins as a telephone does",
    ),
)

CASES: Final[Sequence[Case]] = (
    *_CARDS,
    *(
        one(f"{n}: numbers under {header}", header, value, why, label, other)
        for n, (header, value, why, label, other) in enumerate(_CHECKED, start=1)
    ),
    *(table(name, why, made, {}) for name, made, why in _HARMLESS),
)
