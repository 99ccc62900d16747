"""Documents attached to a product: their kinds, who attaches and who verifies them, and the rules.

Four of them make a spec sheet one that may be issued: the assessor's compliance assessment, the
expert's quality certificate, the supplier's legal undertaking and the valuer's asset valuation.
Each speaks of one sheet.  All others are evidence and speak of the product, whatever its sheet.

An attachment is verified by a participant who neither attached it nor supplies the product.  What
the log shows is who looked and when; what is in a document it shows of the undertaking alone, whose
bytes follow from the sheet (`undertaking`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from ledger.acts import parse_time
from ledger.entries import Entry
from ledger.view import Broken, View, newest, roles_of

_DAY: Final = dt.timedelta(days=1)
ENDLESS: Final = "9999-12-31"  # the `until` of a document that does not end

# The four, and the one role that attaches each.
THE_FOUR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "compliance-assessment": "compliance-assessor",
        "quality-certificate": "quality-expert",
        "legal-undertaking": "supplier",
        "asset-valuation": "valuer",
    }
)
EVIDENCE: Final = (
    "source-proof",
    "consent",
    "separate-consent",
    "guardian-consent",
    "impact-assessment",
    "risk-assessment",
    "authorisation",
    "public-data-registration",
    "licence-text",
    "submission-receipt",
    "secrecy-review",
    "survey-approval",
    "genetic-filing",
    "credit-licence",
    "security-assessment",
    "standard-contract",
    "technical-document",
    "other",
)
KINDS_OF_DOCUMENT: Final = (*THE_FOUR, *EVIDENCE)
EVIDENCE_ROLES: Final = frozenset({"supplier", "compliance-assessor"})


def undertaking(product: str, supplier: str, sheet: str, data: str) -> bytes:
    """Return the undertaking that a supplier gives for a sheet, to the byte.

    `product` and `supplier` are a number and a participant's id, `sheet` and `data` digests.
    """
    return (
        "guapai/undertaking/v1\n"
        f"product {product}\nsupplier {supplier}\nsheet {sheet}\ndata {data}\n\n"
        "本数商郑重承诺：所列数据产品说明书内容真实、准确、完整；数据来源合法，"
        "本数商有权登记并经营该数据产品；说明书或数据发生变化时，将重新提交并重新承诺。\n\n"
        "The supplier undertakes that the spec sheet named above is true, accurate and complete; "
        "that the data comes from lawful sources and the supplier may register and operate the "
        "product; and that it will submit the sheet, and undertake, again whenever sheet or data "
        "change.\n"
    ).encode()


def decision_on(view: View, attached: Entry) -> Entry | None:
    """Return the newest word on an attachment: verified, rejected or withdrawn; None if none."""
    leaf = attached.leaf.hex()
    found = [
        entry
        for kind in ("document.verified", "document.rejected", "document.withdrawn")
        for entry in view.of_kind(attached.subject, kind)
        if entry.facts["attachment"] == leaf
    ]
    return max(found, key=lambda entry: entry.version, default=None)


# Rules.


def attached_by_right_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a kind of document that there is, of a signer in the role that attaches that kind."""
    kind = entry.facts["what"]
    if kind not in KINDS_OF_DOCUMENT:
        yield Broken("document", f"{kind!r} is not a kind of document")
        return
    roles = set(roles_of(view, entry.actor, entry.log))
    if entry.actor != _supplier(entry.subject, view):
        roles.discard("supplier")  # of other products
    elif kind in THE_FOUR:
        roles &= {"supplier"}  # nobody judges its own product
    wanted = {THE_FOUR[kind]} if kind in THE_FOUR else set(EVIDENCE_ROLES)
    if roles.isdisjoint(wanted):
        words = " or ".join(sorted(wanted)).replace("supplier", "product's supplier")
        yield Broken("document", f"{entry.actor} may not attach a {kind}: it takes the {words}")


def attached_dates(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require `issued` no later than the day of the entry, and `until` no earlier than either."""
    issued = dt.date.fromisoformat(entry.facts["issued"])
    until = dt.date.fromisoformat(entry.facts["until"])
    day = parse_time(entry.time, "time").date()
    if issued > day + _DAY:  # a day for time zones
        yield Broken("document", f"issued on {issued}, after it was attached on {day}")
    if until < max(issued, day):
        yield Broken("expiry", f"the document ended on {until}")


def attached_to_sheet(entry: Entry, view: View) -> Iterator[Broken]:
    """Require in `sheets` the newest sheet for one of the four, and nothing for evidence."""
    sheets, kind = entry.facts["sheets"], entry.facts["what"]
    submitted = newest(view, entry.subject, "sheet.submitted")
    if kind not in THE_FOUR:
        if sheets:
            yield Broken("document", f"a {kind} speaks of the product, not of one sheet")
        return
    if submitted is None or sheets != [submitted.facts["sheet"]]:
        yield Broken("document", f"a {kind} speaks of the present sheet and of no other")
        return
    yield from _rests(entry, submitted, view)


def _rests(entry: Entry, submitted: Entry, view: View) -> Iterator[Broken]:
    facts, kind = entry.facts, entry.facts["what"]
    bound = {name: submitted.facts[name] for name in ("sheet", "data")}
    if kind == "legal-undertaking":
        number = entry.subject.partition("/")[2]
        text = undertaking(number, submitted.actor, bound["sheet"], bound["data"])
        if facts["document"] != hashlib.sha256(text).hexdigest():
            yield Broken("document", "not the undertaking for this sheet, word for word")
    rests_on = {
        "compliance-assessment": "compliance.attested",
        "quality-certificate": "quality.reviewed",
    }.get(kind)
    if rests_on is None:
        return
    found = next(
        (
            each
            for each in view.of_kind(entry.subject, rests_on)
            if each.actor == entry.actor
            and all(each.facts[name] == value for name, value in bound.items())
        ),
        None,
    )
    if found is None or found.facts.get("outcome", "passed") != "passed":
        words = "has not passed" if kind == "compliance-assessment" else "has not reviewed"
        yield Broken("document", f"{entry.actor} {words} this sheet: a {kind} rests on that")
    elif facts["until"] > found.facts.get("until", ENDLESS):
        yield Broken("expiry", f"the attestation it rests on ends on {found.facts['until']}")


def attached_once(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the signer has not attached the same document as the same kind already."""
    names = ("what", "document", "sheets")
    for earlier in view.of_kind(entry.subject, "document.attached"):
        if any(earlier.facts[name] != entry.facts[name] for name in names):
            continue
        decision = decision_on(view, earlier)
        ended = decision is not None and decision.kind != "document.verified"
        if not ended and earlier.actor == entry.actor and not _ended(earlier, entry.time):
            yield Broken("document", f"the same document stands attached at {earlier.named}")


def _ended(attached: Entry, time: str) -> bool:
    return bool(attached.facts["until"] < time[:10])


def attachment_open(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an `attachment` that was neither rejected nor withdrawn."""
    attached = view.by_leaf(entry.facts["attachment"])
    if attached is None or attached.kind != "document.attached":
        return  # the kind's needs say so
    decision = decision_on(view, attached)
    if decision and decision.kind != "document.verified":
        yield Broken("document", f"{decision.kind.partition('.')[2]} at {decision.named}")


def verified_by_third_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the product's own supplier does not decide on a document."""
    if entry.actor == _supplier(entry.subject, view):
        yield Broken("party", f"{entry.actor} supplies the product: others look at its documents")


def verified_in_time(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an `until` no earlier than the entry's day and no later than the document's."""
    attached = view.by_leaf(entry.facts["attachment"])
    if attached is None or attached.kind != "document.attached":
        return  # the kind's needs say so
    until, last = entry.facts["until"], attached.facts["until"]
    if until < entry.time[:10]:
        yield Broken("expiry", f"the document ended on {until}")
    if until > last:
        yield Broken("expiry", f"the document ends on {last}")


def verified_for_sheet(entry: Entry, view: View) -> Iterator[Broken]:
    """Require of one of the four its sheet to be the newest, and what it rests on to stand."""
    attached = view.by_leaf(entry.facts["attachment"])
    if attached is None or attached.kind != "document.attached" or not attached.facts["sheets"]:
        return
    submitted = newest(view, entry.subject, "sheet.submitted")
    if submitted is None or attached.facts["sheets"] != [submitted.facts["sheet"]]:
        yield Broken("document", "there is another sheet since the document was attached")
        return
    yield from _rests(attached, submitted, view)
    role = THE_FOUR[attached.facts["what"]]
    if role not in roles_of(view, attached.actor, entry.log):
        yield Broken("role", f"{attached.actor} is no longer in the role of {role}")


def _supplier(subject: str, view: View) -> str | None:
    registered = newest(view, subject, "product.registered")
    return registered.actor if registered else None
