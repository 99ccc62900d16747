"""Free text, JSON and other nests: a rate of hits, and one number that passes its check.

I-13: personal data in text is a violation above one cell in 100,000, and a number that passes
its check is one at any rate.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

from tests.exchange.inspection.labelled.case import BLOCK, PASS, Case, Made, certain
from tests.exchange.inspection.labelled.draw import Draw, full_width


def _json(d: Draw, key: str, value: str) -> str:
    return json.dumps({"event": "feed", "by": {key: value}, "n": d.whole(1, 9)}, ensure_ascii=False)


def _uuid(d: Draw) -> str:
    parts = (d.hexadecimal(8), d.hexadecimal(4), "4" + d.hexadecimal(3), "a" + d.hexadecimal(3))
    return "-".join((*parts, d.hexadecimal(12)))


_NESTS: dict[str, tuple[str, Callable[[Draw, str], str]]] = {
    "in remarks": ("备注", lambda d, v: f"{d.remark()}，请联系{v}，谢谢"),
    "in remarks without spaces": ("remark", lambda _, v: f"登记{v}已核对"),
    "in English remarks": ("comment", lambda _, v: f"Please call the owner ({v}) before noon."),
    "in JSON": ("payload", lambda d, v: _json(d, "owner", v)),
    "in key=value": ("params", lambda d, v: f"op=feed&cage={d.whole(1, 40)}&owner={v}&ok=1"),
    "in XML": ("xml", lambda _, v: f"<owner><no>{v}</no></owner>"),
    "in log lines": (
        "line",
        lambda d, v: f"2024-03-01 08:00:0{d.whole(0, 9)} INFO owner={v} saved",
    ),
}

_VALUES: dict[str, tuple[str, Callable[[Draw], str]]] = {
    "resident ids": ("resident_id", Draw.resident_id),
    "mobile numbers": ("mobile", Draw.mobile),
    "bank cards": ("bank_card", Draw.card),
    "mailboxes": ("email", Draw.mailbox),
}

_RARE = 20_000

_POSITIVE = (
    *(
        Case(
            f"{what} {where}, in one cell of twenty",
            "I-13: five cells of a hundred hold personal data, one of 100,000 is the limit",
            BLOCK,
            lambda d, nest=nest, make=make, header=header: {  # type: ignore[misc]
                header: d.mixed(
                    lambda: nest(d, make(d)), 0.05, lambda: nest(d, d.of(["值班室", "码头"]))
                ),
                "n": d.count(),
            },
            {header: certain(kind)},
            rows=600,
        )
        for where, (header, nest) in _NESTS.items()
        for what, (kind, make) in _VALUES.items()
    ),
    *(
        Case(
            f"one resident id in {rows} rows of text",
            "I-13: none with a checksum, however rare",
            BLOCK,
            lambda d: {
                "n": d.count(),
                "备注": d.mixed(lambda: f"{d.remark()} {d.resident_id()}", 1e-9, d.remark),
            },
            {"备注": certain("resident_id")},
            rows=rows,
            slow=rows > _RARE,
        )
        for rows in (1_000, 20_000, 100_000)
    ),
    Case(
        "one bank card in 20000 rows of text",
        "I-13: none with a checksum, however rare; nothing else in the text is as long",
        BLOCK,
        lambda d: {"n": d.count(), "log": d.mixed(lambda: f"退款至{d.card()}", 1e-9, d.remark)},
        {"log": certain("bank_card")},
        rows=_RARE,
    ),
    Case(
        "one mobile number in 2000 rows of text",
        "I-13: one of 2,000 is fifty times the limit, and the text calls it a telephone",
        BLOCK,
        lambda d: {"n": d.count(), "备注": d.mixed(lambda: f"电话：{d.mobile()}", 1e-9, d.remark)},
        {"备注": certain("mobile")},
        rows=2_000,
    ),
    Case(
        "one mailbox in 2000 rows of text",
        "I-13: one of 2,000 is fifty times the limit",
        BLOCK,
        lambda d: {"n": d.count(), "备注": d.mixed(lambda: f"发到 {d.mailbox()}", 1e-9, d.remark)},
        {"备注": certain("email")},
        rows=2_000,
    ),
    Case(
        "resident ids in full-width digits in text",
        "I-13: GB 11643 holds once the spelling is undone",
        BLOCK,
        lambda d: {"备注": d.mixed(lambda: f"证号{full_width(d.resident_id())}", 0.1, d.remark)},
        {"备注": certain("resident_id")},
        rows=500,
    ),
    Case(
        "resident ids in arrays of JSON",
        "I-13: every leaf counts",
        BLOCK,
        lambda d: {
            "members": d.each(
                lambda: json.dumps([{"id": d.resident_id()}, {"id": d.resident_id()}])
            )
        },
        {"members": certain("resident_id")},
    ),
    Case(
        "plates in text",
        "I-13: a plate leads to its holder",
        BLOCK,
        lambda d: {
            "记录": d.mixed(lambda: f"车辆{d.plate()}驶入{d.of('东西南北')}门", 0.3, d.remark)
        },
        {"记录": certain("plate")},
    ),
    Case(
        "names and mobile numbers in one cell",
        "I-13: 王伟13912345678 is both",
        BLOCK,
        lambda d: {"联系": d.each(lambda: f"{d.name()}{d.mobile()}"), "n": d.count()},
        {"联系": certain("mobile", "person_name")},
    ),
    Case(
        "everything of a customer in one cell with bars between",
        "I-13: a record in a cell is a record",
        BLOCK,
        lambda d: {
            "raw": d.each(lambda: f"{d.name()}|{d.resident_id()}|{d.mobile()}|{d.address()}")
        },
        {"raw": certain("resident_id", "mobile", "address", "person_name")},
    ),
    Case(
        "resident ids in JSON in Parquet",
        "I-13: a nest in another format",
        BLOCK,
        lambda d: Made({"doc": d.each(lambda: _json(d, "id", d.resident_id()))}, suffix=".parquet"),
        {"doc": certain("resident_id")},
    ),
    Case(
        "resident ids encoded in base64",
        "F-07: base64 that decodes to text with identifiers is an opaque payload",
        BLOCK,
        lambda d: {
            "payload": d.each(lambda: base64.b64encode(f"id={d.resident_id()}".encode()).decode())
        },
        {"payload": certain("credential", "resident_id")},
    ),
    Case(
        "mobile numbers encoded in base64",
        "F-07: base64 that decodes to text with identifiers is an opaque payload",
        BLOCK,
        lambda d: {
            "token": d.each(lambda: base64.b64encode(f"mobile:{d.mobile()}".encode()).decode())
        },
        {"token": certain("credential", "mobile")},
    ),
    Case(
        "records of persons encoded in base64 in one row of a hundred",
        "F-07: a payload that decodes to identifiers, among payloads that do not",
        BLOCK,
        lambda d: {
            "blob": d.mixed(
                lambda: base64.b64encode(
                    f"姓名:{d.name()},身份证:{d.resident_id()}".encode()
                ).decode(),
                0.01,
                lambda: base64.b64encode(f"temperature={d.number(0, 30)};ok".encode()).decode(),
            )
        },
        {"blob": certain("credential", "resident_id")},
        rows=1_000,
    ),
)


def _clean(name: str, header: str, why: str, make: Callable[[Draw], str], rows: int = 600) -> Case:
    return Case(
        name,
        f"I-13: {why}",
        PASS,
        lambda d: {header: d.each(lambda: make(d)), "n": d.count()},
        rows=rows,
    )


_CLEAN = (
    _clean(
        "remarks of a watch at sea",
        "备注",
        "remarks on the weather and nobody in them",
        Draw.remark,
        2_000,
    ),
    _clean(
        "remarks with order numbers",
        "备注",
        "the runs of digits fail every check but by chance",
        lambda d: f"订单{d.digits(18)}已发货",
        1_000,
    ),
    _clean(
        "remarks with short numbers",
        "note",
        "numbers of cages and litres",
        lambda d: f"cage {d.whole(1, 40)}: {d.whole(1, 900)} kg",
    ),
    _clean(
        "remarks with fixed lines",
        "备注",
        "an office's line is no mobile number",
        lambda d: f"请致电{d.landline()}",
    ),
    _clean(
        "remarks with service numbers",
        "备注",
        "12345 and 95 numbers are services",
        lambda d: f"详询12345或{d.of(['95588', '400-800-1234'])}",
    ),
    _clean(
        "remarks with offices' mailboxes",
        "备注",
        "an office's mailbox is nobody's own",
        lambda d: f"资料请寄{d.role_mailbox()}",
    ),
    _clean(
        "JSON of measurements",
        "payload",
        "leaves are numbers of a buoy",
        lambda d: json.dumps(
            {
                "t": d.number(2, 28),
                "sal": d.number(28, 34),
                "ts": 1_709_251_200_000 + d.whole(0, 10**9),
            }
        ),
    ),
    _clean(
        "JSON with UUIDs",
        "payload",
        "a UUID is no identifier of a person by itself",
        lambda d: json.dumps({"id": _uuid(d)}),
    ),
    _clean(
        "log lines with time stamps and sizes",
        "line",
        "milliseconds and bytes",
        lambda d: (
            f"{1_709_251_200_000 + d.whole(0, 10**9)} GET /tiles/{d.whole(1, 999)}"
            f" {d.whole(100, 99999)}"
        ),
    ),
    _clean(
        "base64 of measurements",
        "blob",
        "it decodes to the state of a buoy",
        lambda d: base64.b64encode(
            f"temperature={d.number(0, 30)};salinity={d.number(28, 34)}".encode()
        ).decode(),
    ),
    _clean(
        "base64 of noise",
        "waveform",
        "it decodes to samples and to no text",
        lambda d: base64.b64encode(bytes(d.whole(0, 255) for _ in range(48))).decode(),
    ),
    _clean(
        "well-known text of geometry",
        "geometry",
        "long numbers with points in a polygon",
        lambda d: f"POINT ({d.number(119, 123, 13)} {d.number(35, 39, 13)})",
    ),
    _clean(
        "sentences of GPS",
        "nmea",
        "4-digit minutes of a receiver at a fixed station",
        lambda d: (
            f"$GPGGA,{d.whole(0, 235959):06}.00,3603.9812,N,12025.0034,E,1,08,0.9,"
            f"{d.number(0, 30)},M,,M,,*47"
        ),
    ),
    _clean(
        "citations",
        "doi",
        "10.1175/2009JTECHO… is a paper",
        lambda d: f"10.1175/{d.whole(1990, 2024)}JTECHO{d.digits(3)}.1",
    ),
    _clean(
        "formulas of feed",
        "配方",
        "鱼粉 and 豆粕 with percentages",
        lambda d: f"鱼粉{d.whole(10, 40)}%，豆粕{d.whole(10, 40)}%",
    ),
    _clean(
        "warnings of gales in English",
        "text",
        "words of a forecaster",
        lambda d: f"Gale warning for the {d.of(['Yellow', 'Bohai'])} Sea, force {d.whole(7, 10)}",
    ),
    _clean(
        "accounts of software",
        "user_agent",
        "a browser is nobody",
        lambda d: (
            f"Mozilla/5.0 (X11; Linux) Chrome/{d.whole(90, 126)}.0.{d.digits(4)}.{d.digits(3)}"
        ),
    ),
    _clean(
        "contract numbers in text",
        "备注",
        "HT2024… is a contract",
        lambda d: f"合同HT{d.day(2022, 2024):%Y%m%d}{d.digits(3)}执行中",
    ),
)

CASES = (*_POSITIVE, *_CLEAN)
