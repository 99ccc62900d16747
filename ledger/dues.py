"""Fees for services: which act uses which service, and what is due for it.

A schedule of fees names amounts for services beside its parts of a price; they are facts of the
`fees.published` that announces it.  Whoever signs an act that uses a service pays what the
schedule asks that was in force when the act was signed, once, right after the act.  A schedule
that names no amount for a service asks none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ledger.entries import Entry
from ledger.fees import part, published_at
from ledger.view import Broken, View

# The acts that use a service.  A request for a listing uses it once the product is on the board:
# who is refused pays nothing, and so does who asks again for what was on the board before.
USES: Final[Mapping[str, str]] = {
    "product.registered": "registration",
    "listing.requested": "listing",
    "auction.opened": "auction",
    "certificate.requested": "certificate",
    "trade.disputed": "arbitration",
}
HOUSE: Final = "house/"  # how the names of the exchange's own accounts begin


@dataclass(frozen=True, slots=True)
class Due:
    """What a schedule asks for a service: the fee and the tax on it, in minor units.

    `fees` is the digest of the schedule.
    """

    service: str
    fees: str
    fee: int
    tax: int
    currency: str

    @property
    def amounts(self) -> list[int]:
        """The amounts of the lines that pay it: the fee, and the tax where there is any."""
        return [self.fee, self.tax] if self.tax else [self.fee]


class Asks(Protocol):
    """A request for a listing, recorded or not."""

    @property
    def subject(self) -> str | None:
        """The product."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What is asked for: `sheet` and `data`."""


def due_for(service: str, view: View, log: str, time: str) -> Due | None:
    """Return what an act that uses a service and is signed at a time owes; None for nothing."""
    published = published_at(view, log, time)
    return asked_by(published.facts, service) if published else None


def asked_by(published: Mapping[str, Any], service: str) -> Due | None:
    """Return what a schedule asks for a service, by the facts that announced it."""
    asked = published.get(service) if service in USES.values() else None
    if not asked or not asked["minor"]:
        return None
    fee = asked["minor"]
    tax = part(fee, published["tax_ppm"])
    return Due(service, published["fees"], fee, tax, asked["currency"])


def was_listed(request: Asks, view: View, before: int | None = None) -> bool:
    """Whether the sheet and data of a request were on the board, before a version of the product.

    Who puts them there again after a suspension pays nothing: others bring suspensions about.
    """
    return any(
        _listed(published) == _listed(request)
        for published in view.of_kind(request.subject or "", "listing.published")
        if before is None or published.version < before
    )


def service_subject(act: Entry) -> str:
    """Name the subject in which an act is paid for."""
    return f"service/{act.leaf.hex()}"


def paid_by_its_user(entry: Entry, view: View) -> Iterator[Broken]:
    """Require as name of the subject an earlier act that uses the `service`, by the `payer`."""
    act = _act(entry, view)
    if act is None or act.kind not in USES:
        yield Broken("service", f"a fee is for an earlier {' or '.join(sorted(USES))}")
        return
    if USES[act.kind] != entry.facts["service"]:
        yield Broken("service", f"{act.named} uses {USES[act.kind]}")
    if act.actor != entry.facts["payer"]:
        yield Broken("party", f"{act.named} is an act of {act.actor}, who pays for it")
    if act.kind == "listing.requested":
        yield from _put_up_first(act, view)


def _put_up_first(request: Entry, view: View) -> Iterator[Broken]:
    """Require a publication that answers this very request, the first of its sheet and data."""
    published = view.of_kind(request.subject, "listing.published")
    after = [entry.version for entry in published if entry.version > request.version]
    others = [
        *view.of_kind(request.subject, "listing.requested"),
        *(each for each in view.of_kind(request.subject, "compliance.verdict") if _refuses(each)),
    ]
    if not after or any(request.version < other.version < min(after) for other in others):
        yield Broken("service", f"{request.named} has put nothing on the board")
    elif was_listed(request, view, request.version):
        yield Broken("service", f"{request.named} asks again for what was on the board")


def paid_as_published(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the amounts of the schedule in force when the act was signed, to the house."""
    act = _act(entry, view)
    if act is None:
        return  # the rule before says so
    service = entry.facts["service"]
    due = due_for(service, view, entry.log, act.signed.act.time)
    if due is None:
        yield Broken("fees", f"nothing is asked for {service} at {act.signed.act.time}")
        return
    if entry.facts["fees"] != due.fees:
        yield Broken("fees", f"the schedule in force is {due.fees[:16]}…")
    lines = entry.facts["lines"]
    paid = [(line["amount"]["minor"], line["amount"]["currency"]) for line in lines]
    if paid != [(amount, due.currency) for amount in due.amounts]:
        asked = " and ".join(map(str, due.amounts))
        yield Broken("money", f"{asked} {due.currency} are asked for {service}, a line each")
    if not all(line["account"].startswith(HOUSE) for line in lines):
        yield Broken("money", "a fee for a service goes to the house alone")


def entry_there(entry: Entry, view: View) -> Iterator[Broken]:
    """Require as `entry` the leaf hash of an earlier entry."""
    if view.by_leaf(entry.facts["entry"]) is None:
        yield Broken("certificate", f"no earlier entry has the leaf hash {entry.facts['entry']}")


class Dues:
    """What acts of a log owe for services; `take` each of its entries in order.

    `unpaid` are the acts, by their leaf hash, that owe a fee which was not charged.
    """

    def __init__(self) -> None:
        self.unpaid: dict[str, tuple[Entry, Due]] = {}
        self._published: list[Mapping[str, Any]] = []  # newest first
        self._asked: dict[str, Entry] = {}  # the request for a listing that is to be answered
        self._listed: set[tuple[Any, ...]] = set()  # what was on the board

    def take(self, entry: Entry) -> None:
        """Take the next entry into account; its facts are of the types of its kind."""
        if entry.kind == "fees.published":
            self._published.insert(0, entry.facts)
        elif entry.kind == "service.charged":
            self.unpaid.pop(entry.subject.partition("/")[2], None)
        elif entry.kind == "listing.requested":
            self._asked[entry.subject] = entry
        elif entry.kind == "compliance.verdict" and _refuses(entry):
            self._asked.pop(entry.subject, None)
        elif entry.kind == "listing.published":
            asked = self._asked.pop(entry.subject, None)
            if asked and _listed(asked) not in self._listed:
                self._owe(asked)
            self._listed.add(_listed(entry))
        elif entry.kind in USES:
            self._owe(entry)

    def _owe(self, act: Entry) -> None:
        time = act.signed.act.time
        holds = next((each for each in self._published if each["since"] <= time), None)
        due = asked_by(holds, USES[act.kind]) if holds else None
        if due:
            self.unpaid[act.leaf.hex()] = act, due


def _act(entry: Entry, view: View) -> Entry | None:
    return view.by_leaf(entry.subject.partition("/")[2])


def _listed(entry: Asks) -> tuple[Any, ...]:
    """Return what of a product a request or publication is about."""
    return entry.subject, entry.facts.get("sheet"), entry.facts.get("data")


def _refuses(verdict: Entry) -> bool:
    return bool(verdict.facts["outcome"] != "passed")
