"""A way to a bank by files: pain.001 credit transfers out, camt.054 and pain.002 back.

Each order is a message of its own, `outgoing/<reference>.xml`, whose MsgId and EndToEndId are its
reference.  What the bank writes into `incoming` stays there; nothing of it is ever changed.

    camt.054  a booked credit           a notice; the participant is the structured creditor
                                        reference, else the unstructured remittance information
    camt.054  a booked debit            the order of that EndToEndId was paid
    pain.002  RJCT                      the order failed, with the code and the words of the bank

A kill in the middle of `pay` can hand one message in twice, under one MsgId: the bank takes it
once, and its word that the second is a duplicate is no refusal of the first.
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from iso20022_reading import DUPLICATES, FILE_MAX, Booked, NotRead, Rejected, read

from exchange.errors import BadField, Conflict, ProviderFailed
from exchange.payments import (
    NAME_MAX,
    REASON_MAX,
    Notice,
    Payee,
    PayOut,
    PayOutState,
    PayOutStatus,
    read_amount,
)
from exchange.records import printable
from pricing.money import Money

PAIN_001: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
FILES_MAX: Final = 10_000  # in `incoming`; move old ones away before
TOLD: Final = ("name", "account", "bank", "outgoing", "incoming")
_SAFE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class Iso20022Files:
    """The provider, in a folder that holds `bank.toml`."""

    name = "iso20022-files"

    def __init__(self, folder: Path, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._told = _told(folder / "bank.toml")
        self._orders = folder / "orders"  # what was handed in, whatever became of the other file
        self._outgoing = folder / self._told["outgoing"]
        self._incoming = folder / self._told["incoming"]
        self._acknowledged = folder / "acknowledged"
        for each in (self._orders, self._outgoing, self._incoming):
            each.mkdir(exist_ok=True)

    def pay(self, order: PayOut) -> None:
        """Hand the order in as a file."""
        if not _SAFE.issuperset(order.reference):
            raise BadField("reference", "letters, digits, - and _: it names a file")
        kept = self._orders / f"{order.reference}.xml"
        if not kept.exists():
            _write(kept, self._message(order))
        message = kept.read_bytes()
        if _order_of(message) != order:
            raise Conflict(f"the order {order.reference} was handed in as another")
        handed = self._handed(order.reference)
        if not handed.exists():
            _write(self._outgoing / kept.name, message)
            _write(handed, b"")

    def status(self, reference: str) -> PayOutStatus:
        """Return what the bank's files say about the order."""
        if not _SAFE.issuperset(reference) or not self._handed(reference).exists():
            return PayOutStatus(PayOutState.UNKNOWN)
        failed = None
        for _, said in self._said():
            if isinstance(said, Booked):
                if not said.credit and said.end_to_end == reference:
                    return PayOutStatus(PayOutState.PAID, reference=said.reference)
            elif (said.end_to_end or said.message) == reference and said.code not in DUPLICATES:
                reason = printable(f"{said.code} {said.words}".strip())[:REASON_MAX]
                failed = PayOutStatus(PayOutState.FAILED, reason=reason or "rejected")
        return failed or PayOutStatus(PayOutState.TAKEN)

    def notices(self, limit: int) -> Sequence[Notice]:
        """Return the credits in the bank's files that were not acknowledged."""
        known = self._known()
        found: list[Notice] = []
        for key, said in self._said():
            if len(found) == limit:
                break
            if isinstance(said, Booked) and said.credit and key not in known:
                try:
                    found.append(
                        Notice(
                            key,
                            said.reference,
                            printable(said.remittance)[:NAME_MAX] or "-",
                            read_amount(said.amount, said.currency),
                            said.value_time,
                        )
                    )
                except BadField as error:
                    raise ProviderFailed(f"{key}: {error}") from error
        return found

    def acknowledge(self, notices: Sequence[str]) -> None:
        """Note the ids, one a line."""
        left = [key for key in notices if key not in self._known()]
        if left:
            with self._acknowledged.open("a", encoding="utf-8") as file:
                file.writelines(f"{key}\n" for key in left)
                file.flush()
                os.fsync(file.fileno())

    def _handed(self, reference: str) -> Path:
        return self._orders / f"{reference}.handed"

    def _known(self) -> set[str]:
        if not self._acknowledged.exists():
            return set()
        return set(self._acknowledged.read_text(encoding="utf-8").splitlines())

    def _said(self) -> Iterator[tuple[str, Booked | Rejected]]:
        """Yield what stands in the files of the bank, each with an id, in the order of names."""
        files = sorted(self._incoming.glob("*.xml"))
        if len(files) > FILES_MAX:
            raise ProviderFailed(f"{self._incoming}: over {FILES_MAX} files")
        for path in files:
            try:
                with path.open("rb") as file:
                    data = file.read(FILE_MAX + 1)
                for number, said in enumerate(read(data, self._told["account"])):
                    yield f"{path.name}/{number}", said
            except (NotRead, OSError) as error:
                raise ProviderFailed(f"{path}: {error}") from error

    def _message(self, order: PayOut) -> bytes:
        """Write the order as CustomerCreditTransferInitiationV09."""
        now = self._clock().astimezone(dt.UTC)
        amount = _decimal(order.amount)
        root = Element("Document", xmlns=PAIN_001)
        top = SubElement(root, "CstmrCdtTrfInitn")
        header = SubElement(top, "GrpHdr")
        _put(header, "MsgId", order.reference)
        _put(header, "CreDtTm", now.replace(microsecond=0).isoformat())
        _put(header, "NbOfTxs", "1")
        _put(header, "CtrlSum", amount)
        _put(header, "InitgPty/Nm", self._told["name"])
        payment = SubElement(top, "PmtInf")
        _put(payment, "PmtInfId", order.reference)
        _put(payment, "PmtMtd", "TRF")
        _put(payment, "ReqdExctnDt/Dt", now.date().isoformat())
        _put(payment, "Dbtr/Nm", self._told["name"])
        _put(payment, "DbtrAcct/Id/Othr/Id", self._told["account"])
        _put(payment, "DbtrAgt/FinInstnId/BICFI", self._told["bank"])
        transfer = SubElement(payment, "CdtTrfTxInf")
        _put(transfer, "PmtId/EndToEndId", order.reference)
        _put(transfer, "Amt/InstdAmt", amount).set("Ccy", str(order.amount.currency))
        _put(transfer, "Cdtr/Nm", order.payee.name)
        _put(transfer, "CdtrAcct/Id/Othr/Id", order.payee.account)
        _put(transfer, "RmtInf/Ustrd", order.reference)
        message: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return message


def _told(path: Path) -> dict[str, str]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProviderFailed(f"{path}: {error}") from error
    for name in TOLD:
        if not isinstance(told.get(name), str) or not told[name]:
            raise BadField(f"{path.name}: {name}", "missing, or no text")
    return told


def _put(parent: Element, path: str, text: str) -> Element:
    for name in path.split("/"):
        parent = SubElement(parent, name)
    parent.text = text
    return parent


def _order_of(message: bytes) -> PayOut:
    """Read back an order that this has written."""
    root = fromstring(message)  # noqa: S314 - a file of our own
    found = {each.tag.rpartition("}")[2]: each for each in root.iter()}
    names = [each.text or "" for each in root.iter(f"{{{PAIN_001}}}Nm")]
    accounts = [each.text or "" for each in root.iter(f"{{{PAIN_001}}}Id") if not len(each)]
    amount = found["InstdAmt"]
    return PayOut(
        found["EndToEndId"].text or "",
        Payee(names[-1], accounts[-1]),
        read_amount(amount.text or "", amount.get("Ccy", "")),
    )


def _decimal(amount: Money) -> str:
    places = amount.currency.exponent
    return str(Decimal(amount.minor).scaleb(-places).quantize(Decimal(1).scaleb(-places)))


def _write(path: Path, data: bytes) -> None:
    """Write a file so that a bank, and a process after a kill, finds it whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
