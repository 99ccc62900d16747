"""Deals, cycles and defaults: what the ledger holds each single entry to.

What a cycle comes to as a whole (every net, every share of a loss) is folded from all entries by
`ledger.cycles`; here stands what one entry and its view show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ledger.entries import Entry
from ledger.registry import supplier_of
from ledger.view import Broken, View, newest, operator_of, roles_of

SIDES = ("supplier", "buyer")


def payer_of(filing: Entry) -> str:
    """Return who pays for a deal: its buyer."""
    to: str = filing.facts["to"]
    return filing.actor if filing.facts["side"] == "buyer" else to


def payee_of(filing: Entry) -> str:
    """Return who is paid for a deal: its supplier."""
    to: str = filing.facts["to"]
    return filing.actor if filing.facts["side"] == "supplier" else to


def deal_sides(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a `side`, supplier or buyer, that the filer is admitted as, and `to` as the other."""
    side, to = entry.facts["side"], entry.facts["to"]
    if side not in SIDES:
        yield Broken("deal", "deal.filed.side: must be supplier or buyer")
        return
    other = SIDES[1 - SIDES.index(side)]
    if to == entry.actor:
        yield Broken("deal", "nobody deals with itself")
    for party, role in ((entry.actor, side), (to, other)):
        if role not in roles_of(view, party, entry.log):
            yield Broken("deal", f"{party} is not admitted as {role}")


def deal_in_order(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001
    """Require an amount above zero, a `due` not past, an `until` to come, one product at most."""
    facts = entry.facts
    if facts["amount"]["minor"] <= 0:
        yield Broken("money", "a deal is of an amount above zero")
    if facts["due"] < entry.time[:10]:
        yield Broken("deal", f"the deal was due on {facts['due']}")
    if facts["until"] <= entry.time:
        yield Broken("deal", f"the time to confirm ended at {facts['until']}")
    for name in ("products", "scenarios"):
        if len(facts[name]) > 1:
            yield Broken("deal", f"deal.filed.{name}: one at most")


def deal_about_own(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a product named to be the supplier's, a scenario the buyer's and of the product."""
    facts = entry.facts
    for number in facts["products"]:
        if supplier_of(view, f"product/{number}") != payee_of(entry):
            yield Broken("party", f"product/{number} is not the product of {payee_of(entry)}")
    for number in facts["scenarios"]:
        filed = newest(view, f"scenario/{number}", "scenario.filed")
        if filed and filed.actor != payer_of(entry):
            yield Broken("scenario", f"scenario/{number} is not the scenario of {payer_of(entry)}")
        if filed and [filed.facts["product"]] != facts["products"]:
            yield Broken("scenario", f"scenario/{number} is about {filed.facts['product']}")


def deal_taken(entry: Entry, view: View) -> Iterator[Broken]:
    """Require whom the filing names, in the other side's role, in time, before it is past due."""
    filing = newest(view, entry.subject, "deal.filed")
    if filing is None:
        return  # the kind's needs say so
    facts = filing.facts
    if entry.actor != facts["to"]:
        yield Broken("party", f"{entry.subject} is for {facts['to']} to confirm")
    elif facts["side"] in SIDES:
        other = SIDES[1 - SIDES.index(facts["side"])]
        if other not in roles_of(view, entry.actor, entry.log):
            yield Broken("deal", f"{entry.actor} is not admitted as {other}")
    if entry.time > facts["until"]:
        yield Broken("deal", f"the time to confirm ended at {facts['until']}")
    if entry.time[:10] > facts["due"]:
        yield Broken("deal", f"the deal was due on {facts['due']}")


def deal_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require either party, or the operator."""
    filing = newest(view, entry.subject, "deal.filed")
    parties = {filing.actor, filing.facts["to"]} if filing else set()
    if filing and entry.actor not in parties | {operator_of(view, entry.log)}:
        yield Broken("party", f"{entry.actor} is no party to {entry.subject}")


def deal_released(entry: Entry, view: View) -> Iterator[Broken]:
    """Require, of a cleared deal, who is paid for it or the operator: nobody drops its own debt."""
    yield from deal_party(entry, view)
    filing = newest(view, entry.subject, "deal.filed")
    if filing and filing.facts["cleared"] and entry.actor == payer_of(filing):
        yield Broken("deal", f"{entry.actor} owes for {entry.subject} and cannot end it")


def own_part(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require the account's own participant, and an amount above zero."""
    if entry.subject != f"account/{entry.actor}":
        yield Broken("party", f"{entry.subject} is not the account of {entry.actor}")
    if entry.facts["amount"]["minor"] <= 0:
        yield Broken("money", f"{entry.kind} is of an amount above zero")


def cycle_of_day(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require a subject that is a day, begun by then, and at most one earlier day in `after`."""
    day = entry.subject.partition("/")[2]
    try:
        dated = dt.date.fromisoformat(day).isoformat() == day
    except ValueError:
        dated = False
    if not dated or day > entry.time[:10]:
        yield Broken("cycle", f"{entry.subject} is not the cycle of a day that has begun")
    after = entry.facts["after"]
    if len(after) > 1 or any(earlier >= day for earlier in after):
        yield Broken("cycle", "cycle.closed.after: the day of one earlier cycle at most")


def something_moves(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require an amount above zero."""
    if entry.facts["amount"]["minor"] <= 0:
        yield Broken("money", f"{entry.kind} is of an amount above zero")


def received_or_carried(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001
    """Require `amount` and `carried` in one currency, and not both zero."""
    amount, carried = entry.facts["amount"], entry.facts["carried"]
    if amount["currency"] != carried["currency"]:
        yield Broken("money", "the net is in more than one currency")
    if amount["minor"] + carried["minor"] <= 0:
        yield Broken("money", "a net that is received is above zero")


def layers_make_amount(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001
    """Require an amount above zero that `contribution`, `fund` and `left` sum to."""
    facts = entry.facts
    layers = [facts[name] for name in ("contribution", "fund", "left")]
    if any(one["currency"] != facts["amount"]["currency"] for one in (*layers, facts["held"])):
        yield Broken("money", "the layers are in more than one currency")
    borne = sum(layer["minor"] for layer in layers)
    if borne != facts["amount"]["minor"] or borne <= 0:
        yield Broken("money", f"the layers sum to {borne}, the amount is above zero and all of it")


def default_open(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the account is in default."""
    if why_in_default(view, entry.subject) is None:
        yield Broken("default", f"{entry.subject} is not in default")


def out_of_default(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the participant is not in default."""
    name = entry.subject.partition("/")[2]
    found = why_in_default(view, f"account/{name}")
    if found:
        yield Broken("default", f"{name} is in default since the cycle of {found.facts['cycle']}")


def why_in_default(view: View, account: str) -> Entry | None:
    """Return the entry that declared an account in default, None where that was cured, or never."""
    declared = newest(view, account, "default.declared")
    cured = newest(view, account, "default.cured")
    if declared is None or (cured and cured.version > declared.version):
        return None
    return declared
