"""Reading what a bank writes: camt.054 notifications and pain.002 status reports, of any version.

A file of a bank is bounded in size and in elements, and one with a document type is refused: an
entity in it could stand for gigabytes, or for a file of this machine (CWE-776, CWE-611).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

FILE_MAX: Final = 8 << 20  # bytes of one file
ELEMENTS_MAX: Final = 500_000
_NAMESPACE = re.compile(
    r"urn:iso:std:iso:20022:tech:xsd:(camt\.054|pain\.002)\.001\.\d\d", re.ASCII
)
# Codes of ISO 20022's external code set that say "I have this order already", not "I refuse it".
DUPLICATES: Final = frozenset({"AM05", "DU01", "DU02", "DU03", "DU04", "DU05"})


class NotRead(Exception):
    """The file is not a message that this knows how to read."""


@dataclass(frozen=True)
class Booked:
    """One booked payment: to us (`credit`), or from us for the order `end_to_end`."""

    credit: bool
    reference: str
    end_to_end: str
    remittance: str
    amount: str
    currency: str
    value_time: str


@dataclass(frozen=True)
class Rejected:
    """An order that the bank sends back: of one message, or of one order in it."""

    message: str
    end_to_end: str
    code: str
    words: str


def read(data: bytes, account: str) -> Iterator[Booked | Rejected]:
    """Yield what a file says about `account`; raises `NotRead` for what is no such message."""
    root = _parsed(data)
    for notification in root.findall("BkToCstmrDbtCdtNtfctn/Ntfctn"):
        if account in {e.text for e in notification.findall("Acct/Id//*")}:
            for entry in notification.findall("Ntry"):
                yield from _booked(entry)
    for report in root.findall("CstmrPmtStsRpt"):
        yield from _rejected(report)


def _parsed(data: bytes) -> Element:
    if len(data) > FILE_MAX:
        raise NotRead(f"over {FILE_MAX} bytes")
    builder, elements = TreeBuilder(), 0
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise NotRead("a document type is refused")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        namespace, _, local = name.rpartition(" ")
        if elements > ELEMENTS_MAX:
            raise NotRead(f"over {ELEMENTS_MAX} elements")
        if not _NAMESPACE.fullmatch(namespace):
            raise NotRead(f"{name}: neither of camt.054 nor of pain.002")
        builder.start(local, attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: builder.end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise NotRead(f"not well formed: {error}") from error
    return builder.close()


def _booked(entry: Element) -> Iterator[Booked]:
    """Yield each payment of an entry that is booked and takes no other back."""
    if "BOOK" not in {_text(entry, "Sts"), _text(entry, "Sts/Cd")}:
        return
    if _text(entry, "RvslInd") == "true":
        return  # a booking undone: for people to look into
    details = entry.findall("NtryDtls/TxDtls") or [entry]
    for number, detail in enumerate(details):
        own = _text(detail, "Refs/AcctSvcrRef")
        shared = _text(entry, "AcctSvcrRef")
        reference = own or (shared if len(details) == 1 else f"{shared}/{number}" * bool(shared))
        found = detail.find("Amt")
        if found is None:
            found = detail.find("AmtDtls/TxAmt/Amt")
        amount = found if found is not None or len(details) > 1 else entry.find("Amt")
        if not reference or amount is None:
            raise NotRead("an entry has no AcctSvcrRef, or a payment in it no amount")
        structured = _text(detail, "RmtInf/Strd/CdtrRefInf/Ref")
        way = _text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd")
        if way not in {"CRDT", "DBIT"}:
            raise NotRead(f"{reference}: neither a credit nor a debit")
        yield Booked(
            credit=way == "CRDT",
            reference=reference,
            end_to_end=_text(detail, "Refs/EndToEndId"),
            remittance=structured or " ".join(_texts(detail, "RmtInf/Ustrd")),
            amount=(amount.text or "").strip(),
            currency=amount.get("Ccy", ""),
            value_time=_instant(entry.find("ValDt"), reference),
        )


def _rejected(report: Element) -> Iterator[Rejected]:
    group = report.find("OrgnlGrpInfAndSts")
    message = _text(group, "OrgnlMsgId") if group is not None else ""
    if group is not None and _text(group, "GrpSts") == "RJCT":
        yield Rejected(message, "", *_reason(group))
    for payment in report.findall("OrgnlPmtInfAndSts"):
        if _text(payment, "PmtInfSts") == "RJCT":
            yield Rejected(message, "", *_reason(payment))
        for order in payment.findall("TxInfAndSts"):
            if _text(order, "TxSts") == "RJCT":
                yield Rejected(message, _text(order, "OrgnlEndToEndId"), *_reason(order))


def _reason(of: Element) -> tuple[str, str]:
    code = _text(of, "StsRsnInf/Rsn/Cd") or _text(of, "StsRsnInf/Rsn/Prtry")
    return code, " ".join(_texts(of, "StsRsnInf/AddtlInf"))


def _instant(value: Element | None, reference: str) -> str:
    """Return when the bank had the money, UTC; a day alone is its beginning."""
    if value is None:
        raise NotRead(f"{reference}: no value date")
    day, moment = _text(value, "Dt"), _text(value, "DtTm")
    try:
        at = dt.datetime.fromisoformat(moment or f"{dt.date.fromisoformat(day)}T00:00:00+00:00")
    except ValueError as error:
        raise NotRead(f"{reference}: {moment or day!r} is no date") from error
    at = at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return at.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _text(of: Element, path: str) -> str:
    return (of.findtext(path) or "").strip()


def _texts(of: Element, path: str) -> list[str]:
    return [(each.text or "").strip() for each in of.findall(path)]
