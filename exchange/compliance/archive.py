"""Cases on record: a verdict keeps everything it was reached from, so that it can be again.

A record names the sheet and the profile by the digests of their own records.  A case holds no
name and no credit code.  Where guarded sites lie, and what the system measured before any expert
has spoken, stand in a record that never leaves the exchange; only its digest is public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from exchange.compliance.case import ListingCase, ProductCase, TradeCase
from exchange.quality import QualityReport
from exchange.records import read_record, to_record
from ledger.canonical import decode, encode

_KINDS: Final[Mapping[str, type[ProductCase]]] = {"listing": ListingCase, "trade": TradeCase}
Put = Callable[[bytes, bool], str]
Get = Callable[[str], bytes]


def keep(case: ProductCase, *, sheet: str, profile: str, put: Put) -> str:
    """Record a case and return the digest; `put` stores bytes, publicly or not.

    `sheet` and `profile` are the digests under which these stand recorded already.
    """
    platform, withheld = case.platform, dict[str, Any]()
    if platform is not None and platform.guarded is not None:
        withheld["platform"] = to_record(platform)
        case = replace(case, platform=replace(platform, guarded=None))
    whole = to_record(replace(case, pack_digest=""))
    if isinstance(case, ListingCase) and not case.reviews:
        withheld |= {name: whole.pop(name) for name in ("quality", "measured")}
    record = {
        "kind": next(name for name, kind in _KINDS.items() if isinstance(case, kind)),
        "sheet": sheet,
        "profile": profile if case.profile is not None else "",
        "withheld": put(encode(withheld), False) if withheld else "",
        "case": {name: value for name, value in whole.items() if name not in {"sheet", "profile"}},
    }
    return put(encode(record), True)


def quality_in(digest: str, get: Get) -> QualityReport | None:
    """Return the quality that a listing's recorded case was judged by; None where it holds none."""
    record = decode(get(digest))
    told = record["case"].get("quality")
    if told is None and record["withheld"]:
        told = decode(get(record["withheld"])).get("quality")
    return None if told is None else read_record(QualityReport, told)


def rebuild(digest: str, get: Get) -> ListingCase | TradeCase:
    """Return the case recorded under a digest; `get` raises where a record is not to be had."""
    record = decode(get(digest))
    told: dict[str, Any] = dict(record["case"])
    told |= decode(get(record["withheld"])) if record["withheld"] else {}
    told["sheet"] = decode(get(record["sheet"]))
    told["profile"] = decode(get(record["profile"])) if record["profile"] else None
    case: Any = read_record(_KINDS[record["kind"]], told)
    kept: ListingCase | TradeCase = replace(case, sheet_digest=record["sheet"])
    return kept
