"""The products of a simulated market: small files and their spec sheets, each from its own stream.

Every file differs from every other in its readings and times, so none is a near-duplicate; what
is planted to be refused differs in the one way that its name says.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from exchange.records import read_record
from exchange.simulation.depth import Offering
from exchange.simulation.market import Defect, Kind, Way
from exchange.simulation.streams import Floats, key_of, uniforms
from exchange.specsheet import SpecSheet

# The rule of the gate that must refuse what a product is planted with.
REFUSED_BY: Final[Mapping[Defect, str]] = MappingProxyType(
    {
        Defect.PERSONAL: "I-01",
        Defect.CORE: "D-02",
        Defect.IMPORTANT: "D-03",
        Defect.UNPROVEN: "S-02",
        Defect.UNATTESTED: "T-05",
        Defect.DUPLICATE: "R-01",
        Defect.OVERSTATED: "Q-07",
        Defect.SHODDY: "Q-02",
        Defect.UNLICENSED: "S-06",
    }
)
EVIDENCE: Final = b"collected by our own stations\n"
COLUMNS: Final = ("station", "time", "reading", "remark")
RENAMED: Final = ("site", "observed", "figure", "note")
TERM_DAYS: Final = 365
# What sectors need that only the licensed may sell in: a sound supplier has it.
APPROVALS: Final[Mapping[str, str]] = MappingProxyType(
    {"credit-licence": "模拟 2026-01", "survey-approval": "模拟 2026-02"}
)
_GRADES: Final = {str(Defect.CORE): "core", str(Defect.IMPORTANT): "important"}
_REMARKS: Final = ("calm", "fair", "rough", "clear", "dull", "mild", "keen")
_FIRST: Final = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
_HOURS: Final = 17_000


@dataclass(frozen=True, slots=True)
class Good:
    """One product as its supplier brings it: a file, a sheet, and the evidence for it."""

    name: str
    data: bytes
    sheet: SpecSheet
    evidence: tuple[bytes, ...]


def good_of(
    offering: Offering,
    kind: Kind,
    seed: int,
    *,
    contributors: Sequence[str] = (),
    copied: Offering | None = None,
) -> Good:
    """Return the good of an offering; `contributors` are ids, `copied` is what a duplicate is of.

    Everything in it follows from the seed and the number of the offering.
    """
    rows = _rows(copied or offering, kind, seed)
    columns: tuple[str, ...] = COLUMNS
    if copied is not None:
        rows, columns = rows[::-1], RENAMED
    if offering.defect == Defect.PERSONAL:
        columns = (*columns, "mobile")
        drawn = _drawn(offering, seed, "persons", len(rows))
        rows = [
            (*row, f"138{int(place * 100_000_000):08d}")
            for row, place in zip(rows, drawn, strict=True)
        ]
    if offering.defect == Defect.SHODDY:
        rows = [(*row[:2], "" if n % 2 else row[2], *row[3:]) for n, row in enumerate(rows)]
    lines = [",".join(columns), *(",".join(row) for row in rows)]
    sheet = _sheet(offering, kind, columns, rows, contributors)
    evidence = () if offering.defect == Defect.UNPROVEN else (EVIDENCE,)
    name = f"{kind.name}-{offering.number}.csv"
    return Good(name, ("\n".join(lines) + "\n").encode(), sheet, evidence)


def declared(kind: Kind) -> list[int]:
    """Return the parts of contributors, in ppm of what they get together: by rows, or alike."""
    if kind.allocator is not None and kind.allocator.name != "by-rows":
        return [1_000_000 // kind.contributors] * kind.contributors
    rows = _count(kind)
    shares = [len(range(place, rows, kind.contributors)) for place in range(kind.contributors)]
    return [share * 1_000_000 // rows for share in shares]


def _count(kind: Kind) -> int:
    return max(kind.rows, 6, kind.contributors)


def _rows(offering: Offering, kind: Kind, seed: int) -> list[tuple[str, ...]]:
    count = _count(kind)
    drawn = _drawn(offering, seed, "data", 2 * count + 1)
    start = _FIRST + dt.timedelta(hours=int(drawn[0] * _HOURS))
    stations = kind.contributors or 2
    empty = round((1.0 - min(max(offering.quality, 0.0), 1.0)) * count)
    # The cells that a poor product lacks: those of the smallest draws.
    order = np.argsort(drawn[count + 1 :], kind="stable")[:empty]
    missing = {int(place) for place in order}
    return [
        (
            f"S{1 + n % stations:02d}",
            f"{start + dt.timedelta(hours=n):%Y-%m-%dT%H:00:00Z}",
            f"{int(drawn[1 + n] * 10_000_000) / 10_000:.4f}",
            "" if n in missing else _REMARKS[int(drawn[count + 1 + n] * len(_REMARKS))],
        )
        for n in range(count)
    ]


def _drawn(offering: Offering, seed: int, purpose: str, count: int) -> Floats:
    """Return so many draws of an offering's own stream."""
    key = key_of(seed, "offering", offering.number, purpose)
    return uniforms(np.full(count, key, np.uint64), np.arange(count, dtype=np.uint64))


def _sheet(
    offering: Offering,
    kind: Kind,
    columns: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    contributors: Sequence[str],
) -> SpecSheet:
    zh, en = kind.title.get("zh", kind.name), kind.title.get("en", kind.name)
    proved = {"evidence": hashlib.sha256(EVIDENCE).hexdigest()}
    source: dict[str, Any] = {"code": "produced", "statement": "自有站点观测。"}
    if offering.parents:
        source = {"code": "derived", "statement": "由登记数据加工而成。"}
    source |= {} if offering.defect == Defect.UNPROVEN else proved
    record: dict[str, Any] = {
        "basic": {
            "name": f"{zh} {offering.number}"[:200],
            "name_en": f"{en} {offering.number}"[:200],
            "sector": kind.sector,
            "industry": kind.sector,
            "description": f"{zh}：各站逐时读数与备注，由模拟生成，不对应任何真实观测。",
            "keywords": [zh],
            "type": "dataset",
        },
        "physical": {
            "update_frequency": "static",
            "rows": len(rows) + (100 if offering.defect == Defect.OVERSTATED else 0),
            "first_collected": min(row[1] for row in rows)[:10],
        },
        "content": {"fields": [_field(n, name) for n, name in enumerate(columns)]},
        "conditions": {
            "purposes": list(kind.purposes),
            "regions": ["CN"],
            "time_limit": "term-then-erased",
            "term_days": TERM_DAYS,
            "prohibited": ["转售原始数据"],
        },
        "delivery": {
            "trade_level": "S1",
            "ways": ["sealed-file"],
            "technical_document": "逗号分隔，首行为字段名；一行为一站一小时的读数",
            "service": {"support": "support@supplier.example", "availability": "0.99"},
        },
        "sources": [source],
        "rights": ["holding", "processing", "operating"],
        "licence": "CC-BY-NC-4.0" if offering.defect == Defect.UNLICENSED else "proprietary",
        "grade": _GRADES.get(offering.defect, "general-1"),
        "personal_data": {"contained": False},
        "price": _price(offering, kind),
        "contact": "data@supplier.example",
        "duties": {
            "security_officer": "数据安全负责人",
            "security_contact": "security@supplier.example",
            "complaints": "complaints@supplier.example",
        },
        "approvals": dict(APPROVALS),
        "use_cases": ["以逐时读数检验模型与定价。"],
        "costs": _costs(offering),
    }
    if contributors:
        allocator = kind.allocator.name if kind.allocator else "by-rows"
        record["sharing"] = {
            "allocator": allocator,
            "contributors": [
                {"participant": who, "value": f"S{n:02d}", "share": 1}
                for n, who in enumerate(contributors, start=1)
            ],
        } | ({"column": columns[0]} if allocator == "by-rows" else {})
    return read_record(SpecSheet, record)


def _field(place: int, name: str) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "meaning": name, "required": place < 3}
    if place == 2:
        told |= {"unit": "1", "valid_min": "0", "valid_max": "1000", "fill_value": "empty cell"}
    return told


def _price(offering: Offering, kind: Kind) -> dict[str, Any]:
    if kind.way in {Way.NEGOTIATED, Way.AUCTION}:
        return {"mode": "negotiated", "expected_buyers": kind.expected_buyers}
    price: dict[str, Any] = {
        "mode": "one-off",
        "amount": _amount(offering.price),
        "strategy": kind.strategy.name,
        "expected_buyers": kind.expected_buyers,
    }
    floor = kind.strategy.parameters.get("term_floor")
    return price | ({} if floor is None else {"term_floor": str(floor)})


def _costs(offering: Offering) -> list[dict[str, str]]:
    if not offering.cost:
        return []
    return [{"activity": "collection", "amount": _amount(offering.cost)}]


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d} CNY"
