"""What the ledger holds metered use to: batches in order, a chance to deny them, bills in a cap.

Whoever serves says what was used, batch after batch; the buyer may contest a batch for a week;
the exchange bills what stands, all of it since the contract, and takes what was not taken before
out of escrow, never more than there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from ledger import agreements
from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.modes import BY_USE, mode_of
from ledger.registry import supplier_of
from ledger.scenarios import scenario_end
from ledger.subscriptions import charged_last, quote_of, served_until
from ledger.view import SLACK, Broken, View, newest, operator_of

LATE: Final = dt.timedelta(days=7)  # how long after its end a batch is still taken
CONTEST: Final = dt.timedelta(days=7)  # how long a buyer may contest a batch
METERED: Final = frozenset({"subscription", "usage", "trial"})


def mode_of_trade(view: View, trade: str) -> str:
    """Return the mode that a trade was quoted in; empty without a quote."""
    quote = quote_of(view, f"trade/{trade}")
    return mode_of(quote) if quote else ""


def use_over(view: View, trade: str) -> Entry | None:
    """Return what has ended the use of a trade for good; None while it may go on in its time.

    That is what cancels, closes or ends the contract at once, and an award that gives the whole
    price back, or divides an escrow that bills were to be taken from: nothing pays for more.
    """
    subject = f"trade/{trade}"
    closed = newest(view, subject, "usage.closed") or newest(view, subject, "trade.cancelled")
    if closed or agreements.ended_at_once(view, subject):
        return closed or newest(view, subject, "trade.ended")
    award = agreements.award_of_budget(view, subject)
    if award or not agreements.undone(view, subject):
        return award
    return newest(view, subject, "trade.arbitrated")


def end_of_use(view: View, trade: str) -> str:
    """Return when the use right of a trade ends, or was ended; empty without a contract."""
    award, until = agreements.award_of_budget(view, f"trade/{trade}"), _said_end(view, trade)
    return min(until, award.time) if award else until


def _said_end(view: View, trade: str) -> str:
    ended = newest(view, f"usage/{trade}", "usage.ended")
    if ended:
        until: str = ended.facts["until"]
        return until
    renewed = newest(view, f"subscription/{trade}", "subscription.renewed")
    if renewed:
        return served_until(view, renewed)
    last = charged_last(view, trade)
    return last.until if last else ""


def budget_spent(view: View, trade: str) -> bool:
    """Whether more was billed than a contract pays for: what bills took, and its escrow."""
    bill = newest(view, f"usage/{trade}", "usage.billed")
    if bill is None:
        return False
    subject = f"trade/{trade}"
    paid = sum(agreements.minor(part) for part in view.of_kind(subject, "settlement.part"))
    return bool(bill.facts["due"]["minor"] > paid + agreements.held(view, subject))


def metered_within_budget(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that no bill came to more than the contract holds: further use is not billed."""
    if budget_spent(view, entry.facts["trade"]):
        yield Broken("budget", f"the budget of trade {entry.facts['trade']} is spent")


def while_use_lasts(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a use that nothing has ended for good: no closing, no award of the escrow."""
    over = use_over(view, entry.facts["trade"])
    if over:
        yield Broken("over", f"the use of trade {entry.facts['trade']} ended with {over.named}")


def metered_within_scenario(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an `until` by the end of the order's scenario, which may be metered after it."""
    order = newest(view, f"trade/{entry.facts['trade']}", "trade.ordered")
    if order is None:
        return  # the kind's needs say so
    scenario = f"scenario/{order.facts['scenario']}"
    end = scenario_end(view, scenario)
    if entry.facts["until"] > end:
        yield Broken("scenario", f"{scenario} ended at {end}: later use is not metered")


def budget_left_alone(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that nothing goes back out of the escrow of a trade that is billed by use.

    Bills are taken from it, and what was used may be in none yet.
    """
    mode = mode_of_trade(view, entry.subject.partition("/")[2])
    if mode in BY_USE and (entry.kind == "refund.claimed" or agreements.from_escrow(entry)):
        yield Broken("mode", f"{entry.subject} is {mode}: the rest goes back with its last bill")


def nothing_unbilled(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that every batch of a trade that is billed by use is billed or was struck."""
    trade = entry.subject.partition("/")[2]
    if mode_of_trade(view, trade) not in BY_USE:
        return
    unbilled = len(unbilled_of(view, trade))
    if unbilled:
        yield Broken("bill", f"batches metered and not billed: {unbilled}")


def unbilled_of(view: View, trade: str) -> list[int]:
    """Return the numbers of the batches that count and are in no bill, the newest first.

    A batch that begins before a bill's end and ends after it is in that bill by a part alone.
    """
    bill, out = newest(view, f"usage/{trade}", "usage.billed"), struck(view, trade)
    through, until = (bill.facts["through"], bill.facts["until"]) if bill else (0, "")
    return [
        batch.facts["sequence"]
        for batch in view.of_kind(f"usage/{trade}", "usage.metered")
        if batch.facts["sequence"] not in out
        and (batch.facts["sequence"] > through or batch.facts["until"] > until)
    ]


def batch_of(view: View, trade: str, sequence: int) -> Entry | None:
    """Return a batch by its number."""
    batches = view.of_kind(f"usage/{trade}", "usage.metered")
    return next((each for each in batches if each.facts["sequence"] == sequence), None)


def struck(view: View, trade: str) -> frozenset[int]:
    """Return the numbers of the batches that were contested and struck."""
    decided = view.of_kind(f"usage/{trade}", "usage.decided")
    return frozenset(e.facts["sequence"] for e in decided if e.facts["outcome"] == "struck")


def unsettled(view: View, batch: Entry, time: str) -> str:
    """Say why a batch cannot be billed at a time; empty if it can, or never will be."""
    trade, sequence = batch.facts["trade"], batch.facts["sequence"]
    for kind in ("usage.decided", "usage.contested"):
        for found in view.of_kind(f"usage/{trade}", kind):
            if found.facts["sequence"] == sequence:
                return "" if kind == "usage.decided" else f"contested at {found.named}"
    ends = format_time(parse_time(batch.time, "time") + CONTEST)
    return f"may be contested until {ends}" if time < ends else ""


def usage_named(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require the usage that bears the number of `trade`."""
    if entry.subject != f"usage/{entry.facts['trade']}":
        yield Broken("usage", f"{entry.subject} is not of trade {entry.facts['trade']}")


def metered_by_server(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the supplier, or a delivery provider by the `engagement` that it accepted."""
    contract = newest(view, f"trade/{entry.facts['trade']}", "trade.contracted")
    if contract is None:
        return  # the kind's needs say so
    product = contract.facts["product"]
    if entry.actor == supplier_of(view, f"product/{product}"):
        return
    subject = f"engagement/{entry.facts.get('engagement', '')}"
    offer = newest(view, subject, "engagement.proposed")
    taken = newest(view, subject, "engagement.accepted")
    engaged = (
        offer is not None
        and taken is not None
        and taken.actor == entry.actor
        and offer.facts["role"] == "delivery-provider"
        and product in offer.facts["products"]
        and not newest(view, subject, "engagement.cancelled")
    )
    if not engaged:
        yield Broken(
            "party", f"{entry.actor} neither supplies {product} nor is engaged to serve it"
        )


def metered_in_order(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a metered mode, the `sequence` that follows, a span of its own, in time, with use."""
    facts, trade = entry.facts, entry.facts["trade"]
    mode = mode_of_trade(view, trade)
    if mode and mode not in METERED:
        yield Broken("mode", f"trade {trade} is {mode}: nothing is metered")
    before = newest(view, entry.subject, "usage.metered")
    number = before.facts["sequence"] if before else 0
    if facts["sequence"] != number + 1:
        yield Broken("sequence", f"batch {number + 1} is next, not {facts['sequence']}")
    contract = newest(view, f"trade/{trade}", "trade.contracted")
    begins = before.facts["until"] if before else (contract.time if contract else "")
    if facts["since"] < begins:
        yield Broken("span", f"what was used before {begins} is metered, or was not granted")
    if not facts["since"] < facts["until"] <= end_of_use(view, trade):
        yield Broken("span", f"a span ends after it begins, and by {end_of_use(view, trade)}")
    now, until = parse_time(entry.time, "time"), parse_time(facts["until"], "until")
    if until > now + SLACK:
        yield Broken("span", f"it is not {facts['until']} yet")
    if now > until + LATE + SLACK:
        yield Broken("late", f"what was used until {facts['until']} is told within seven days")
    if facts["found"] + facts["missed"] < 1:
        yield Broken("empty", "a batch has a use in it")


def contested_in_time(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a batch not contested before, recorded within the last seven days."""
    facts = entry.facts
    for found in view.of_kind(entry.subject, "usage.contested"):
        if found.facts["sequence"] == facts["sequence"]:
            yield Broken("contest", f"batch {facts['sequence']} was contested at {found.named}")
    batch = batch_of(view, facts["trade"], facts["sequence"])
    if batch and parse_time(entry.time, "time") > parse_time(batch.time, "time") + CONTEST + SLACK:
        yield Broken("contest", f"{batch.named} could be contested for seven days")


def decided_once(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a contest not decided before, and the `outcome` stands or struck."""
    for found in view.of_kind(entry.subject, "usage.decided"):
        if found.facts["sequence"] == entry.facts["sequence"]:
            yield Broken("contest", f"batch {entry.facts['sequence']} was decided at {found.named}")
    if entry.facts["outcome"] not in {"stands", "struck"}:
        yield Broken("outcome", "usage.decided.outcome: must be stands or struck")


def billed_in_turn(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the `number` and `until` that follow, the last at least seven days from its end."""
    facts, trade = entry.facts, entry.facts["trade"]
    mode = mode_of_trade(view, trade)
    if mode and mode not in BY_USE:
        yield Broken("mode", f"trade {trade} is {mode}: it is not billed by use")
    before = newest(view, entry.subject, "usage.billed")
    number, since = (before.facts["number"], before.facts["until"]) if before else (0, "")
    if facts["number"] != number + 1:
        yield Broken("bill", f"bill {number + 1} is next, not {facts['number']}")
    if facts["until"] <= since:
        yield Broken("bill", f"the bill before goes until {since}")
    if parse_time(facts["until"], "until") > parse_time(entry.time, "time") + SLACK:
        yield Broken("bill", f"it is not {facts['until']} yet")
    end = end_of_use(view, trade)
    if facts["until"] > end:
        yield Broken("bill", f"the use right ends at {end}")
    if facts["until"] == end and entry.time < format_time(parse_time(end, "until") + LATE):
        yield Broken("bill", f"the last bill waits for batches, seven days from {end}")


def billed_unopposed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require every batch that begins before its end, none of which can be contested any more."""
    seen = 0
    for batch in view.of_kind(entry.subject, "usage.metered"):
        if batch.facts["since"] >= entry.facts["until"]:
            continue
        seen = max(seen, batch.facts["sequence"])
        why = unsettled(view, batch, entry.time)
        if why:
            yield Broken("contest", f"batch {batch.facts['sequence']} {why}")
    if entry.facts["through"] != seen:
        yield Broken("bill", f"the last batch that begins before its end is {seen}")


def billed_within_cap(entry: Entry, view: View) -> Iterator[Broken]:
    """Require as `amount` what of `due` was not taken before, as far as the escrow reaches."""
    facts = entry.facts
    contract = newest(view, f"trade/{facts['trade']}", "trade.contracted")
    if contract is None:
        return  # the kind's needs say so
    cap = contract.facts["amount"]
    if {facts["due"]["currency"], facts["amount"]["currency"]} != {cap["currency"]}:
        yield Broken("money", f"the escrow is in {cap['currency']}")
    taken = sum(b.facts["amount"]["minor"] for b in view.of_kind(entry.subject, "usage.billed"))
    left = min(cap["minor"] - taken, agreements.held(view, f"trade/{facts['trade']}"))
    owed = min(max(facts["due"]["minor"] - taken, 0), left)
    if facts["amount"]["minor"] != owed:
        yield Broken("money", f"{taken} were taken of {cap['minor']}, so {owed} are to be taken")


def ended_by_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require buyer, supplier or operator, and an `until` of this hour within the use right."""
    trade = f"trade/{entry.facts['trade']}"
    order = newest(view, trade, "trade.ordered")
    contract = newest(view, trade, "trade.contracted")
    if order is None or contract is None:
        return  # the kind's needs say so
    mode = mode_of_trade(view, entry.facts["trade"])
    if mode not in BY_USE:
        yield Broken("mode", f"{trade} is {mode}: it ends otherwise")
    if entry.actor not in {order.actor, contract.actor, operator_of(view, entry.log)}:
        yield Broken("party", f"{entry.actor} is no party to {trade}")
    billed = newest(view, entry.subject, "usage.billed")
    if billed and entry.facts["until"] < billed.facts["until"]:
        yield Broken("span", f"it is billed until {billed.facts['until']}")
    apart = abs(parse_time(entry.facts["until"], "until") - parse_time(entry.time, "time"))
    if apart > SLACK or entry.facts["until"] > contract.facts["until"]:
        yield Broken("span", f"metered use ends when it is said, by {contract.facts['until']}")


def closed_when_billed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a last bill to the very end of the use right, after the time for late batches."""
    trade = entry.subject.partition("/")[2]
    mode = mode_of_trade(view, trade)
    if mode not in BY_USE:
        yield Broken("mode", f"{entry.subject} is {mode}: it is settled otherwise")
        return
    end = end_of_use(view, trade)
    if entry.time < format_time(parse_time(end, "until") + LATE):
        yield Broken("late", f"batches until {end} are taken for seven days more")
    billed = newest(view, f"usage/{trade}", "usage.billed")
    bills, parts = view.of_kind(f"usage/{trade}", "usage.billed"), "settlement.part"
    taken = sum(bill.facts["amount"]["minor"] for bill in bills)
    paid = sum(part.facts["amount"]["minor"] for part in view.of_kind(entry.subject, parts))
    if taken != paid:
        yield Broken("bill", f"the bills take {taken}, and {paid} are paid out")
    metered = newest(view, f"usage/{trade}", "usage.metered")
    if billed is None or billed.facts["until"] != end:
        yield Broken("bill", f"there is no bill until {end}")
    elif metered and metered.version > billed.version:
        yield Broken("bill", f"{metered.named} is not billed")


def part_as_billed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require, where a trade is billed by use, a bill as `basis`, and its amount."""
    if mode_of_trade(view, entry.subject.partition("/")[2]) not in BY_USE:
        return
    basis = view.by_leaf(entry.facts["basis"])
    if basis is None or basis.kind != "usage.billed":
        yield Broken("basis", f"{entry.subject} is settled by its bills alone")
    elif basis.facts["amount"] != entry.facts["amount"]:
        yield Broken("basis", f"{basis.named} takes another amount")


def settled_whole(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a trade that is not billed by use."""
    mode = mode_of_trade(view, entry.subject.partition("/")[2])
    if mode in BY_USE:
        yield Broken("mode", f"{entry.subject} is {mode}: it is settled by its bills")


def not_on_trial(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a trade that is no trial, which is served unit by unit."""
    if mode_of_trade(view, entry.subject.partition("/")[2]) == "trial":
        yield Broken("mode", f"{entry.subject} is a trial: the whole is not delivered")


def trial_named(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the trial that bears product and buyer of a trade in the mode trial, at no price."""
    facts = entry.facts
    order = newest(view, f"trade/{facts['trade']}", "trade.ordered")
    if order is None:
        return  # the kind's needs say so
    if entry.subject != f"trial/{facts['product']}.{facts['buyer']}":
        yield Broken("trial", f"{entry.subject} is not of {facts['product']} and {facts['buyer']}")
    if order.actor != facts["buyer"]:
        yield Broken("trial", f"{order.named} is {order.actor}'s")
    if mode_of_trade(view, facts["trade"]) != "trial" or order.facts["amount"]["minor"]:
        yield Broken("mode", f"trade {facts['trade']} is no trial")
