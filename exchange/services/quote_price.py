"""Quoting: a price with its inputs, recorded so that anyone can compute it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from exchange.clearing.fees import FeeSchedule
from exchange.errors import NoScenario, Refused
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.scenarios import Scenario
from exchange.services.acting import record_for_house
from exchange.services.appraise_product import evidence_of
from exchange.services.estimate_price import estimate_of, opening_estimate
from exchange.services.file_scenario import require_permitted
from exchange.services.judge_use import Moment, draw_policy, require_allowed
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.publish_fees import fees_in_force
from exchange.services.reserve_use import require_use_free
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import PriceMode, SpecSheet
from exchange.trading import Quote, Terms, TradingMode
from ledger.acts import format_time
from ledger.canonical import encode
from ledger.entries import Entry
from pricing.appraisal import Appraisal
from pricing.engines.cost import CostApproach
from pricing.errors import PricingError
from pricing.estimate import Estimate
from pricing.money import Money
from pricing.plugins import load
from pricing.quote import Quote as Offer
from pricing.quote import QuoteRequest
from pricing.record import PricingRecord, recorded
from pricing.wire import digest

LIST_PRICE: Final = "list-price"


@dataclass(frozen=True, slots=True)
class Priced:
    """A quote with everything behind it: the terms, the offer, and what stands beside it.

    That is the appraisal, if there is any, and what the trades so far have made of it.
    """

    quote: Quote
    terms: Terms
    offer: Offer
    appraisal: Appraisal | None
    estimate: Estimate | None


@records_lapse
def quote_price(scenario_id: str, *, buyer: str, floor: Floor) -> Priced:
    """Quote a price for an approved scenario of `buyer` (a participant id).

    Raises `NoScenario` without a running scenario, `NotCompliant` for a product off the board,
    `Refused` where the price is to be negotiated, or the use is another's alone.
    """
    with floor.write() as work:
        scenario, product, sheet = wanted(scenario_id, buyer=buyer, work=work, floor=floor)
        try:
            estimated = estimate_of(product, work)
            offer, appraisal, made = price_of(
                sheet, product, scenario, estimated, work=work, floor=floor
            )
        except PricingError as error:
            raise Refused(f"{product.number} cannot be priced: {error}") from error
        quote, terms = record_quote(
            offer.amount, scenario, product, sheet, records=made, work=work, floor=floor
        )
        return Priced(quote, terms, offer, appraisal, estimated[0] if estimated else None)


def wanted(
    scenario_id: str, *, buyer: str, work: UnitOfWork, floor: Floor
) -> tuple[Scenario, Product, SpecSheet]:
    """Return a scenario of the buyer that a price is asked for, its product, and the sheet.

    Raises as `quote_price` does unless the scenario is permitted, the product listed, and the
    use free.
    """
    participant = work.participants.get(buyer)
    participant.require()
    scenario = work.scenarios.get(scenario_id)
    if scenario.buyer != participant.id:
        raise NoScenario(f"scenario {scenario_id} is not one of {participant.handle}")
    product = work.products.get(scenario.product)
    require_listed(product, work=work, floor=floor)
    require_permitted(scenario, product, participant, work=work, floor=floor)
    require_use_free(
        product,
        scenario,
        exclusive=False,
        work=work,
        floor=floor,
    )
    return scenario, product, sheet_of(product, work)


def record_quote(  # noqa: PLR0913 - everything that a quote fixes is said once, here
    amount: Money,
    scenario: Scenario,
    product: Product,
    sheet: SpecSheet,
    *,
    records: Sequence[PricingRecord],
    work: UnitOfWork,
    floor: Floor,
    mode: TradingMode = TradingMode.POSTED,
    basis: Sequence[Entry] = (),
    agreed: Mapping[str, Any] = MappingProxyType({}),
    exclusive: bool = False,
) -> tuple[Quote, Terms]:
    """Record a price that `mode` came to, as one quote to the scenario's buyer.

    `records` say how the amount was computed, the record of the amount itself last; `basis` are
    the entries that led to it; `exclusive` gives the use to this buyer alone, `agreed` are fields
    of the terms that the mode settles itself.  The terms are frozen with it, and with the usage
    policy that they are under.  The caller has asked whether the product is listed and the scenario
    permitted; raises `OutsidePolicy` where the policy of all parts refuses it.
    """
    *evidence, pricing = (
        work.records.put(encode(record.to_record()), public=True) for record in records
    )
    policy = draw_policy(scenario, product, work=work, floor=floor)
    require_allowed(policy, scenario, product.number, Moment.QUOTE, work=work, floor=floor)
    policy_record = work.records.put(policy.record, public=True)
    terms = frozen_terms(
        sheet, product, scenario, amount, pricing, policy_record, mode=mode, floor=floor
    )
    terms = under(fees_in_force(work, floor), replace(terms, exclusive=exclusive, **agreed))
    until = format_time(floor.clock() + dt.timedelta(seconds=floor.house.quote_seconds))
    facts: dict[str, Any] = {
        "product": product.number,
        "scenario": scenario.id,
        "buyer": scenario.buyer,
        "amount": amount.to_record(),
        "pricing": pricing,
        "evidence": evidence,
        "terms": work.records.put(terms.record, public=True),
        "until": until,
    }
    if exclusive:
        facts["exclusive"] = True
    if mode is not TradingMode.POSTED:
        facts |= {"mode": str(mode), "basis": [entry.leaf.hex() for entry in basis]}
    entry = record_for_house("price.quoted", None, facts, work=work, floor=floor)
    quote = Quote(
        id=entry.subject.partition("/")[2],
        product=product.number,
        scenario=scenario.id,
        buyer=scenario.buyer,
        amount=amount,
        terms=terms.digest,
        pricing=pricing,
        until=until,
        head=entry.leaf.hex(),
    )
    work.quotes.put(quote)
    return quote, terms


def price_of(
    sheet: SpecSheet,
    product: Product,
    scenario: Scenario,
    estimated: tuple[Estimate, str] | None,
    *,
    work: UnitOfWork,
    floor: Floor,
) -> tuple[Offer, Appraisal | None, list[PricingRecord]]:
    """Return the offer, the appraisal beside it, and the records of both, the offer's last.

    Raises `Refused` where the price is to be negotiated, or has a plan of its own.
    """
    price = sheet.price
    if price.mode is PriceMode.PLAN:
        raise Refused(
            f"{product.number}: it is sold by its plan alone: ask in its mode, or for a trial"
        )
    if price.mode is PriceMode.NEGOTIATED or (
        price.mode is PriceMode.ONE_OFF and price.amount is None
    ):
        raise Refused(
            f"{product.number}: the price is negotiated with the supplier, not quoted: open a"
            f" negotiation over scenario {scenario.id} (guapai negotiate open {scenario.id})"
        )
    ask = price.amount if price.amount and price.mode is not PriceMode.FREE else Money(0)
    documents = {"sheet": product.sheet or "", "profile": product.profile}
    appraisal, made = None, []
    if sheet.costs:
        evidence = evidence_of(product, sheet, work=work, floor=floor)
        appraisal, record = recorded(CostApproach(), evidence, documents=documents)
        made.append(record)
        documents["appraisal-record"] = digest(record.to_record())
    fraction = Fraction(1, price.expected_buyers or 1)
    if estimated is None and appraisal and price.strategy != LIST_PRICE:
        # A list price stands by itself; any other may be read off what is thought of the market.
        opening, record = opening_estimate(appraisal, fraction)
        made.append(record)
        estimated = opening, digest(record.to_record())
    if estimated:
        documents["estimate-record"] = estimated[1]
    full_term = sheet.conditions.term_days or scenario.term_days
    request = QuoteRequest(
        list_price=ask,
        appraisal=appraisal,
        licence_fraction=fraction,
        term_ratio=min(Fraction(scenario.term_days, full_term), Fraction(1)),
        estimate=estimated[0] if estimated else None,
    )
    parameters: dict[str, Any] = {}
    if price.term_floor is not None:
        parameters["term_floor"] = price.term_floor
    strategy = load("strategies", price.strategy)(**parameters)
    offer, record = recorded(strategy, request, documents=documents)
    return offer, appraisal, [*made, record]


def frozen_terms(  # noqa: PLR0913 - everything that terms fix is said once
    sheet: SpecSheet,
    product: Product,
    scenario: Scenario,
    amount: Money,
    pricing: str,
    policy: str,
    *,
    mode: TradingMode,
    floor: Floor,
) -> Terms:
    """Return what a quote freezes before its fees; `pricing` and `policy` are digests of records.

    Raises `Refused` where the exchange has none of the sheet's ways of delivery.
    """
    way = next((way for way in sheet.delivery.ways if way in floor.deliveries), None)
    if way is None:
        raise Refused(f"{product.number}: no way of delivery on its sheet is installed here")
    return Terms(
        product=product.number,
        data=product.data,
        sheet=product.sheet or "",
        scenario=scenario.id,
        scenario_record=scenario.description,
        supplier=product.supplier,
        buyer=scenario.buyer,
        purpose=scenario.purpose,
        region=scenario.where[0],
        term_days=scenario.term_days,
        onward_transfer=scenario.onward_transfer,
        public_release=scenario.public_release,
        delivery=way,
        amount=amount,
        fee_ppm=floor.house.fee_ppm,
        pricing=pricing,
        mode=mode,
        acceptance_seconds=floor.house.acceptance_seconds,
        limits=scenario.limits,
        policy=policy,
    )


def under(schedule: FeeSchedule | None, terms: Terms) -> Terms:
    """Freeze the fees of a schedule, if one is in force, into terms."""
    if schedule is None:
        return terms
    fee_ppm, tax_ppm = schedule.fee_for(terms.mode).ppm, schedule.tax_ppm
    return replace(terms, fees=schedule.digest, fee_ppm=fee_ppm, tax_ppm=tax_ppm)
