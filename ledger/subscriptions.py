"""What the ledger holds subscriptions to: periods one after the other, charged once, at one price.

The first period is the trade itself: its contract, its receipt, its settlement.  Each further one
is charged by `subscription.renewed`, under the number that follows and for the amount that the
buyer ordered at, whatever the sheet says by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.modes import mode_of
from ledger.registry import supplier_of
from ledger.scenarios import scenario_broken
from ledger.view import SLACK, Broken, View, newest, operator_of, roles_of

EARLY: Final = dt.timedelta(days=1)  # before a period, in which it may be charged
GRACE: Final = dt.timedelta(days=7)  # after a period, in which the next may still be charged
# Calendar months differ by three days, and a first period has a part of a day besides.
_UNEVEN: Final = dt.timedelta(days=5)
SUBSCRIPTION: Final = "subscription"


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a subscription that was charged: its number and its bounds."""

    number: int
    since: str
    until: str


def quote_of(view: View, trade: str) -> Entry | None:
    """Return the quote that a trade was ordered at."""
    order = newest(view, trade, "trade.ordered")
    return newest(view, f"quote/{order.facts['quote']}", "price.quoted") if order else None


def charged_last(view: View, trade: str) -> Period | None:
    """Return the period charged last, the contract's being the first; None without a contract."""
    contract = newest(view, f"trade/{trade}", "trade.contracted")
    if contract is None:
        return None
    renewed = newest(view, f"subscription/{trade}", "subscription.renewed")
    if renewed:
        facts = renewed.facts
        return Period(facts["period"], facts["since"], facts["until"])
    return Period(1, contract.time, contract.facts["until"])


def refund_of(view: View, renewed: Entry) -> Entry | None:
    """Return the refund of a further period's fee; None where the fee was not given back."""
    refunds = view.of_kind(renewed.subject, "subscription.refunded")
    return next((each for each in refunds if each.facts["period"] == renewed.facts["period"]), None)


def served_until(view: View, renewed: Entry) -> str:
    """Return when the use right of a further period ends: with it, or with the fee given back."""
    refund = refund_of(view, renewed)
    until: str = renewed.facts["until"]
    return min(until, ended_by(refund, renewed)) if refund else until


def ended_by(refund: Entry, renewed: Entry) -> str:
    """Return when a refund ends the use right of a period: at once, or before it begins."""
    since: str = renewed.facts["since"]
    return max(refund.time, since)


def refunded_at(view: View, trade: str, time: str) -> int | None:
    """Return the number of the period that a time is in if its fee was given back, else None."""
    for renewed in view.of_kind(f"subscription/{trade}", "subscription.renewed"):
        if renewed.facts["since"] <= time:
            return renewed.facts["period"] if refund_of(view, renewed) else None
    return None


def subscription_named(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require the subscription that bears the number of `trade`."""
    if entry.subject != f"subscription/{entry.facts['trade']}":
        yield Broken("subscription", f"{entry.subject} is not of trade {entry.facts['trade']}")


def authorised_further(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an order in the mode subscription, and more `periods` than were charged."""
    quote = quote_of(view, f"trade/{entry.facts['trade']}")
    if quote and mode_of(quote) != SUBSCRIPTION:
        yield Broken("mode", f"trade {entry.facts['trade']} was quoted as {mode_of(quote)}")
    last = charged_last(view, entry.facts["trade"])
    charged = last.number if last else 1
    if entry.facts["periods"] <= charged:
        yield Broken(
            "period", f"{charged} periods are charged, {entry.facts['periods']} are no more"
        )


def renewed_in_turn(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the `period` that follows, authorised, from the last one's end, in time and once."""
    facts, trade = entry.facts, entry.facts["trade"]
    last, contract = charged_last(view, trade), newest(view, f"trade/{trade}", "trade.contracted")
    allowed = newest(view, entry.subject, "subscription.authorised")
    if last is None or contract is None or allowed is None:
        return  # the kind's needs say so
    if facts["period"] != last.number + 1:
        yield Broken("period", f"{last.number} periods are charged, {facts['period']} is not next")
    if facts["period"] > allowed.facts["periods"]:
        yield Broken("authority", f"the buyer authorised {allowed.facts['periods']} periods")
    now, end = parse_time(entry.time, "time"), parse_time(last.until, "until")
    if not end - EARLY - SLACK <= now <= end + GRACE + SLACK:
        words = f"a period that follows {last.until} is charged from a day before to a week after"
        yield Broken("period", words)
    since, until = (parse_time(facts[name], name) for name in ("since", "until"))
    if since != end and (now <= end or abs(since - now) > SLACK):
        yield Broken("period", f"the period before ended at {last.until}, not at {facts['since']}")
    first = parse_time(contract.facts["until"], "until") - parse_time(contract.time, "time")
    if not dt.timedelta(0) < until - since <= first + _UNEVEN:
        yield Broken("period", "the period is longer than the first, or none")
    yield from _parties_stand(entry, contract, view)


def _parties_stand(entry: Entry, contract: Entry, view: View) -> Iterator[Broken]:
    if "buyer" not in roles_of(view, _buyer(view, entry), entry.log):
        yield Broken("party", "the buyer is not admitted as one")
    supplier = supplier_of(view, f"product/{entry.facts['product']}")
    if supplier != contract.actor or "supplier" not in roles_of(view, contract.actor, entry.log):
        yield Broken("party", f"{contract.actor} does not supply the product any more")


def renewed_within_scenario(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the order's scenario to stand and to cover the whole period."""
    order = newest(view, f"trade/{entry.facts['trade']}", "trade.ordered")
    if order is None:
        return  # the kind's needs say so
    scenario = f"scenario/{order.facts['scenario']}"
    yield from scenario_broken(scenario, entry.time, view)
    approved = newest(view, scenario, "scenario.approved")
    if approved and entry.time <= approved.facts["until"] < entry.facts["until"]:
        yield Broken("expiry", f"{scenario} ends at {approved.facts['until']}")


def overdue_once(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the `period` that follows, told once, and a grace of seven days at most."""
    last = charged_last(view, entry.facts["trade"])
    if last is None:
        return  # the kind's needs say so
    if entry.facts["period"] != last.number + 1:
        yield Broken("period", f"{last.number} periods are charged")
    for told in view.of_kind(entry.subject, "subscription.overdue"):
        if told.facts["period"] == entry.facts["period"]:
            yield Broken("period", f"period {told.facts['period']} is overdue since {told.named}")
    if entry.time < format_time(parse_time(last.until, "until") - EARLY - SLACK):
        yield Broken("period", f"the period before runs until {last.until}")
    if entry.facts["until"] > format_time(parse_time(last.until, "until") + GRACE):
        yield Broken("period", f"the grace after {last.until} is seven days")


def ended_with_its_period(entry: Entry, view: View) -> Iterator[Broken]:
    """Require buyer, supplier or operator, and as `until` the end of the period charged last."""
    trade = f"trade/{entry.facts['trade']}"
    contract = newest(view, trade, "trade.contracted")
    last = charged_last(view, entry.facts["trade"])
    if contract is None or last is None:
        return  # the kind's needs say so
    parties = {contract.actor, _buyer(view, entry), operator_of(view, entry.log)}
    if entry.actor not in parties:
        yield Broken("party", f"{entry.actor} is no party to {trade}")
    if entry.facts["until"] != last.until:
        yield Broken("period", f"what is paid for runs until {last.until}")


def settled_once(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a period whose escrow went neither way; that it has ended, to release it."""
    period = entry.facts["period"]
    for kind in ("subscription.settled", "subscription.refunded"):
        for found in view.of_kind(entry.subject, kind):
            if found.facts["period"] == period:
                yield Broken("escrow", f"period {period} was paid out at {found.named}")
    if entry.kind == "subscription.refunded":
        return
    for renewed in view.of_kind(entry.subject, "subscription.renewed"):
        if renewed.facts["period"] == period and entry.time < renewed.facts["until"]:
            yield Broken("escrow", f"period {period} runs until {renewed.facts['until']}")


def _buyer(view: View, entry: Entry) -> str:
    order = newest(view, f"trade/{entry.facts['trade']}", "trade.ordered")
    return order.actor if order else ""
