"""What a third stranger saw missed, and its neighbours that nobody drew.

Labelled from I-09, I-10, I-11 and I-13 before the detectors were mended: network cards that go
about, numbers of Israel, Ecuador and India, Japanese mobiles under headers that say nothing,
telephones without their plus, in notes and under headers of other languages, passports of all
states in one column, SIM cards of subscribers and cards with stars in their middle.
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
from tests.exchange.inspection.labelled.case import (
    ATTEST,
    BLOCK,
    PASS,
    Case,
    Cell,
    Columns,
    Label,
    certain,
    reported,
)
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
        {"part": lambda d: f"{d.digits(3, '23456789')}-{digits(d, 4)}-{digits(d, 4)}"},
        "none begins as a telephone does",
    ),
)

_NIGERIAN: Final = ("803", "806", "701", "816", "905", "813")


def nigerian(d: Draw) -> str:
    """Draw a Nigerian mobile number with its country's code and no plus."""
    return f"234{d.of(_NIGERIAN)}{digits(d, 7)}"


def grouped_nigerian(d: Draw) -> str:
    """Draw a Nigerian mobile number with its country's code, in groups."""
    number = nigerian(d)
    return f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}"


def kenyan(d: Draw) -> str:
    """Draw a Kenyan mobile number with its country's code and no plus."""
    return f"254{d.of('71')}{digits(d, 8)}"


def indonesian(d: Draw) -> str:
    """Draw an Indonesian mobile number as it is dialled at home: ten to thirteen digits."""
    return f"08{d.of(['12', '13', '21', '57', '95'])}{digits(d, d.whole(6, 9))}"


def thai_mobile(d: Draw) -> str:
    """Draw a Thai mobile number as it is dialled at home."""
    return f"0{d.of('689')}{digits(d, 1)}-{digits(d, 3)}-{digits(d, 4)}"


def indian_mobile(d: Draw) -> str:
    """Draw an Indian mobile number: ten digits from 6 on."""
    return d.digits(10, "6789")


def any_passport(d: Draw) -> str:
    """Draw a passport of some state: letters and digits as that state has them."""
    forms: list[Callable[[], str]] = [
        lambda: german_passport(d),
        lambda: f"{digits(d, 2)}{d.letters(2)}{digits(d, 5)}",
        lambda: f"{d.letters(1)}{digits(d, 7)}",
        lambda: d.digits(9),
        lambda: f"{d.letters(2)}{digits(d, 7)}",
        lambda: f"{d.letters(3)}{digits(d, 6)}",
    ]
    return d.of(forms)()


def german_passport(d: Draw) -> str:
    """Draw a German passport: nine characters, letters among the digits."""
    return d.of("CFGHJK") + "".join(d.of("0123456789CFGHJKLMNPRTVWXYZ") for _ in range(8))


def kra(d: Draw) -> str:
    """Draw a Kenyan tax number of a person: A, nine digits and a letter."""
    return f"A0{digits(d, 8)}{d.letters(1)}"


def iccid(d: Draw) -> str:
    """Draw the number of a SIM card: 89, the country and Luhn's digit."""
    return luhn(d.of(["898600", "898601", "898603"]) + digits(d, 13))


def starred(before: int, stars: int, length: int = 19) -> Value:
    """Return what draws bank cards with their middle hidden."""
    return lambda d: f"{(n := d.card(length))[:before]}{'*' * stars}{n[-4:]}"


_ASKED_ACCOUNT: Final = reported("account")
_MAYBE_CARD: Final = reported("bank_card")
_PASSPORT: Final = certain("passport")

_WRITTEN: Final[tuple[tuple[str, Value, str, Label], ...]] = (
    ("msisdn", grouped_nigerian, "a country's code and a number under its header", PHONE),
    ("Phone Number", kenyan, "whole numbers have no plus", MAYBE_PHONE),
    ("customer_msisdn", lambda d: int(nigerian(d)), "whole numbers have no plus", MAYBE_PHONE),
    ("mobile_no", lambda d: int(f"91{indian_mobile(d)}"), "whole numbers", MAYBE_PHONE),
    ("phone", indonesian, "as it is dialled at home, which may be an office's", MAYBE_PHONE),
    ("no_hp", indonesian, "as it is dialled at home, of a handset", PHONE),
    ("Nomor Telepon", indonesian, "as it is dialled at home", PHONE),
    ("เบอร์โทรศัพท์", thai_mobile, "as it is dialled at home", PHONE),
    ("رقم الهاتف", lambda d: f"05{digits(d, 8)}", "as it is dialled at home", PHONE),
    ("טלפון נייד", lambda d: f"05{digits(d, 1)}-{digits(d, 7)}", "as dialled at home", PHONE),
    ("मोबाइल नंबर", indian_mobile, "whole numbers, as they are dialled at home", MAYBE_PHONE),
    ("মোবাইল", lambda d: f"01{d.of('3789')}{digits(d, 8)}", "as it is dialled at home", PHONE),
    ("ስልክ ቁጥር", lambda d: f"09{digits(d, 8)}", "as it is dialled at home", PHONE),
    ("passport_no", any_passport, "documents of many states, under their header", _PASSPORT),
    ("Pasaporte", any_passport, "documents of many states, under their header", _PASSPORT),
    ("Reisepass-Nr", german_passport, "letters among the digits", reported("passport")),
    ("паспорт", lambda d: f"{digits(d, 2)} {digits(d, 2)} {d.digits(6)}", "its form", _PASSPORT),
    ("national_id", lambda d: d.digits(8), "a number of a person and no form of it",
     reported("national_id", "resident_id")),
    ("KRA PIN", kra, "the form of a person's, under its header", NATIONAL),
    ("银行卡号", starred(6, 9), "stars hide the middle of a card", _MAYBE_CARD),
    ("c6", starred(6, 9), "stars hide the middle of a card", _MAYBE_CARD),
    ("付款方式", starred(6, 6, 16), "stars hide the middle of a card", _MAYBE_CARD),
    ("c7", starred(4, 4), "stars hide the middle of a card", _MAYBE_CARD),
    ("编号", lambda d: f"{(n := d.resident_id())[:6]}********{n[-4:]}", "as long as a resident's",
     reported("resident_id")),
)  # fmt: skip

_TOLD: Final = (
    "please deliver after noon",
    "gate code 12, second floor",
    "left with the neighbour",
    "asked for a refund",
    "wrong size, wants another",
)


def _note(d: Draw, number: str) -> str:
    return f"{d.of(_TOLD)} {number}, {d.of(_TOLD)}"


_NOTES: Final[tuple[tuple[str, Value, Label], ...]] = (
    (
        "telephones of Germany in notes",
        lambda d: _note(d, f"+49 17{digits(d, 1)} {d.digits(7)}"),
        reported("mobile"),
    ),
    (
        "telephones of Kenya in notes that say so",
        lambda d: _note(d, f"call +2547{digits(d, 8)}"),
        certain("mobile"),
    ),
    (
        "telephones of many states in a few notes",
        lambda d: _note(
            d,
            d.of(
                [
                    f"WhatsApp +55 11 9{digits(d, 4)}-{digits(d, 4)}",
                    f"tel. +33 6 12 {digits(d, 2)} 34 56",
                ]
            )
            if d.whole(1, 20) == 1
            else "",
        ),
        certain("mobile"),
    ),
)

_SUBSCRIBED: Final[tuple[tuple[str, dict[str, Value], str, Label], ...]] = (
    (
        "SIM cards and their plans",
        {
            "iccid": iccid,
            "plan": lambda d: d.of(["5G 59", "4G 19"]),
            "gb": lambda d: d.whole(1, 40),
        },
        "who has a plan is somebody",
        _ASKED_ACCOUNT,
    ),
    (
        "SIM cards and when they were topped up, in Chinese",
        {
            "ICCID号": iccid,
            "充值时间": lambda d: f"{d.day(2024, 2025)} 10:00:00",
            "余额": lambda d: d.number(0, 90),
        },
        "who tops up a card is somebody",
        _ASKED_ACCOUNT,
    ),
    (
        "citizens' numbers under id_no beside sex and county",
        {
            "id_no": lambda d: d.digits(8),
            "gender": lambda d: d.of(["M", "F"]),
            "county": lambda d: d.of(["Kisumu", "Nakuru", "Meru"]),
            "loan_kes": lambda d: d.whole(1_000, 90_000),
        },
        "a sex stands beside a number, which is somebody's",
        reported("account", "national_id"),
    ),
)

_NOBODYS: Final[tuple[tuple[str, dict[str, Value], str], ...]] = (
    (
        "SIM cards of stations and when they reported",
        {
            "iccid": iccid,
            "station": lambda d: f"ST{d.whole(1, 40)}",
            "rssi": lambda d: -d.whole(40, 99),
        },
        "a chip of a station is carried by nobody",
    ),
    (
        "readings with a plus in texts",
        {"log": lambda d: f"offset +{d.whole(1, 999)}.{digits(d, 6)} s at +{d.number(1, 40)} C"},
        "a reading with a sign is no telephone",
    ),
    (
        "sums with a plus in texts",
        {"booking": lambda d: f"balance +{d.digits(10)} after fees, see file {d.digits(6)}"},
        "ten digits behind a plus are no number of any country's length at random",
    ),
    (
        "power of engines under hp",
        {"hp": lambda d: d.whole(40, 900), "rpm": lambda d: d.whole(900, 5_000)},
        "horses are no handset",
    ),
    (
        "serial numbers of machines with stars",
        {"serial": lambda d: f"{d.letters(3)}***{d.digits(4)}"},
        "no card begins with letters",
    ),
    (
        "bolts by id_no and size",
        {"id_no": lambda d: d.digits(8), "size": lambda d: d.of(["M8", "M10"])},
        "a bolt has no sex",
    ),
)

CASES: Final[Sequence[Case]] = (
    *(
        one(f"written otherwise, {n}: {header}", header, value, why, label)
        for n, (header, value, why, label) in enumerate(_WRITTEN, start=1)
    ),
    *(
        Case(
            name,
            "I-13: whoever reads the note can call"
            if label.certain
            else "I-10: a note can be called",
            BLOCK if label.certain else ATTEST,
            lambda d, make=make: {"n": d.count(), "note": d.each(lambda: make(d))},  # type: ignore[misc]
            {"note": label},
        )
        for name, make, label in _NOTES
    ),
    *(table(name, why, made, {next(iter(made)): label}) for name, made, why, label in _SUBSCRIBED),
    *(table(name, why, made, {}) for name, made, why in _NOBODYS),
    *_CARDS,
    *(
        one(f"{n}: numbers under {header}", header, value, why, label, other)
        for n, (header, value, why, label, other) in enumerate(_CHECKED, start=1)
    ),
    *(table(name, why, made, {}) for name, made, why in _HARMLESS),
)
