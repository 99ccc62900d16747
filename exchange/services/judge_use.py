"""Judging a use (使用控制): one policy of all parts, evaluated at each moment of a trade.

The policy is drawn up with the quote and frozen with its terms; order, contract, delivery, renewal
and every access are held against that same policy, each at its own time.  A refusal names the part
of the policy that speaks, and the trade rule that it comes under: T-01 for what the scenario itself
says, T-02 for everything that it has to be within.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from exchange.errors import OutsidePolicy
from exchange.policy.evaluator import evaluate
from exchange.policy.intersection import (
    Parent,
    Supply,
    agreement,
    offer,
    recipients,
    requests_of,
)
from exchange.policy.policy import Constraint, Policy
from exchange.policy.reading import read_policy
from exchange.policy.report import Reason
from exchange.policy.request import State
from exchange.policy.vocabulary import Operand, Operator
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.scenarios import Scenario
from exchange.services.build_case import ancestors_of
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import Conditions, TimeLimit
from exchange.trading import Terms, Trade
from ledger.access import accesses
from ledger.acts import format_time, parse_time
from ledger.canonical import decode
from ledger.registry import lineage_of, parents_of, supplier_of
from ledger.rights import ANY, Holding, rights_of
from ledger.subscriptions import charged_last


class Moment(enum.StrEnum):
    """When a use is judged."""

    QUOTE = "quote"
    ORDER = "order"
    CONTRACT = "contract"
    DELIVERY = "delivery"
    RENEWAL = "renewal"
    ACCESS = "access"
    METERING = "metering"


def draw_policy(
    scenario: Scenario, product: Product, *, uses: int | None = None, work: UnitOfWork, floor: Floor
) -> Policy:
    """Return the agreement of all parts as they stand today; `uses` are how often at most."""
    return agreement(scenario, supply_of(product, uses=uses, work=work, floor=floor))


def offered_policy(product: Product, *, work: UnitOfWork, floor: Floor) -> Policy:
    """Return what a product is offered on, before anybody brings a scenario."""
    return offer(supply_of(product, work=work, floor=floor))


def supply_of(
    product: Product, *, uses: int | None = None, work: UnitOfWork, floor: Floor
) -> Supply:
    """Return what the product's side allows: conditions, rights, and every ancestor's terms."""
    at = format_time(floor.clock())
    return Supply(
        product=product.number,
        supplier=product.supplier,
        conditions=sheet_of(product, work).conditions,
        operating=rights_of(work.chain.store, product.number, at),
        parents=tuple(_parents(product, at, work)),
        uses=uses,
    )


def _parents(product: Product, at: str, work: UnitOfWork) -> Iterator[Parent]:
    view, known = work.chain.store, {each.number: each for each in ancestors_of(product, work)}
    for subject in lineage_of(view, f"product/{product.number}"):
        for number in parents_of(view, subject):
            said = known.pop(number, None)  # a parent of several children says it once
            yield Parent(
                number=number,
                child=subject.partition("/")[2],
                conditions=said.conditions if said else None,
                processor=supplier_of(view, subject) or "",
                processing=rights_of(view, number, at),
            )


@lru_cache(maxsize=128)
def _stored_policy(data: bytes) -> Policy:
    """Read a policy's record: a trade asks for the same one from its order to its last access."""
    return read_policy(decode(data))


def policy_of(terms: Terms, scenario: Scenario, work: UnitOfWork) -> Policy:
    """Return the policy that terms are frozen with, from its record.

    Terms without one are their own policy: their purpose, region and term.
    """
    if terms.policy:
        return _stored_policy(work.records.get(terms.policy))
    held = Holding(
        terms.supplier,
        "operating",
        (ANY,),
        (ANY,),
        until=None,
        exclusive=False,
        transferable=True,
        rests_on=(),
    )
    conditions = Conditions(
        purposes=(terms.purpose,),
        regions=(terms.region,),
        time_limit=TimeLimit.NONE,
        term_days=terms.term_days,
        transfer=terms.onward_transfer,
        public_release=terms.public_release,
    )
    return agreement(scenario, Supply(terms.product, terms.supplier, conditions, (held,)))


def require_allowed(
    policy: Policy,
    scenario: Scenario,
    product: str,
    moment: Moment,
    *,
    trade: Trade | None = None,
    work: UnitOfWork,
    floor: Floor,
) -> None:
    """Raise `OutsidePolicy` unless the policy allows the scenario's use at this moment.

    With a trade under contract, time is counted from the contract, or from the period charged
    last, and uses are counted on: accesses and units metered.
    """
    state = state_of(scenario, trade=trade, work=work, floor=floor)
    asked = requests_of(scenario, product)
    if moment is Moment.ACCESS:
        asked = asked[:1]  # what is passed on or published later is not asked for here
    reasons = [reason for each in asked for reason in evaluate(policy, each, state).reasons]
    if reasons:
        raise refusal(reasons, moment, f"trade {trade.id}" if trade else f"scenario {scenario.id}")


def require_metering_allowed(
    policy: Policy, trade: Trade, *, at: dt.datetime, uses: int, work: UnitOfWork, floor: Floor
) -> None:
    """Raise `OutsidePolicy` unless the policy allows so many uses more, at the time that they were.

    Otherwise they are judged as accesses are, and counted on with them.
    """
    scenario = work.scenarios.get(trade.scenario)
    known = state_of(scenario, trade=trade, work=work, floor=floor)
    state = replace(known, at=at, count=known.count + uses - 1)
    reasons = evaluate(policy, requests_of(scenario, trade.product)[0], state).reasons
    if reasons:
        raise refusal(reasons, Moment.METERING, f"trade {trade.id}")


def state_of(scenario: Scenario, *, trade: Trade | None, work: UnitOfWork, floor: Floor) -> State:
    """Return what the exchange knows of the world when a use is judged."""
    since, count = None, 0
    period = charged_last(work.chain.store, trade.id) if trade else None
    if trade and period:
        since = parse_time(period.since, "since")
        count = accesses(work.chain.store, trade.id) + sum(work.metering.of(trade.id).values())
    named = {recipients(scenario.id): frozenset(scenario.recipients)}
    return State(at=floor.clock(), count=count, since=since, references=named)


def refusal(reasons: Sequence[Reason], moment: Moment, what: str) -> OutsidePolicy:
    """Return the error that says which parts of a policy refuse, and under which rules."""
    words = "; ".join(dict.fromkeys(map(str, reasons)))
    rules = {"T-01" if each.part.startswith("scenario") else "T-02" for each in reasons}
    message = f"{what} is outside its policy at the {moment}: {words}"
    return OutsidePolicy(message, rules=tuple(sorted(rules)))


def uses_of(policy: Policy) -> int | None:
    """Return how many accesses a policy of ours allows, None where it does not say."""
    limits = [
        value
        for rule in policy.permissions
        for each in rule.constraints
        if isinstance(each, Constraint)
        and (each.operand, each.operator) == (Operand.COUNT, Operator.LTEQ)
        for value in each.values
        if isinstance(value, int)
    ]
    return min(limits, default=None)
