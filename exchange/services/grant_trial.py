"""Free trials (免费试用): once an organisation and product, at no price, for a short term."""

from __future__ import annotations

from exchange.errors import Conflict
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import record_for_house
from exchange.trading import Terms, Trade, TradingMode
from ledger.canonical import decode
from ledger.view import newest
from pricing.plan import Plan
from pricing.tariffs.free_trial import FreeTrial


def trial_subject(product: str, buyer: str) -> str:
    """Name the subject of a buyer's trial of a product on the chain."""
    return f"trial/{product}.{buyer}"


def require_no_trial(product: Product, buyer: Participant, work: UnitOfWork) -> None:
    """Raise `Conflict` where anybody of the buyer's organisation had the product on trial."""
    for member in work.participants.all():
        if not member.same_organisation(buyer):
            continue
        had = newest(work.chain.store, trial_subject(product.number, member.id), "trial.granted")
        if had:
            words = f"trial: {product.number} was on trial with {member.handle} ({had.named})"
            raise Conflict(f"{words}; an organisation tries a product once")


def grant_trial(trade: Trade, terms: Terms, *, work: UnitOfWork, floor: Floor) -> None:
    """Record that a buyer takes its trial, where a contract is one."""
    if terms.mode is not TradingMode.TRIAL:
        return
    tariff = Plan.from_record(decode(work.records.get(terms.plan))).tariff
    units = tariff.trial.units if isinstance(tariff, FreeTrial) else None
    facts = {
        "product": trade.product,
        "buyer": trade.buyer,
        "trade": trade.id,
        "units": units or 0,
    }
    subject = trial_subject(trade.product, trade.buyer)
    record_for_house("trial.granted", subject, facts, work=work, floor=floor)
