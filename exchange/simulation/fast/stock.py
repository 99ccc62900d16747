"""What a trade at the posted price says whoever buys: one product as one group of buyers finds it.

Everything that a service would compute for such a trade is computed here once, by the very
functions that the services call, with marks where the buyer, the scenario, the time and the hashes
of this one trade stand.  What is left for each trade is to fill them in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Final, cast

from exchange.clearing import Line, available
from exchange.clearing.fees import FeeSchedule, lines_of_exchange
from exchange.compliance import TradeCase, review_delivery, review_trade
from exchange.compliance.archive import keep
from exchange.compliance.catalogue.personal import holds_persons
from exchange.compliance.lapse import turns_of
from exchange.errors import ExchangeError, Refused
from exchange.participants import Participant, Role
from exchange.policy.evaluator import evaluate
from exchange.policy.intersection import requests_of
from exchange.policy.policy import Policy
from exchange.ports import Floor, UnitOfWork
from exchange.records import to_record
from exchange.registration import Product
from exchange.scenarios import Scenario, ScenarioState
from exchange.services.build_case import trade_case
from exchange.services.execute_trade import contract_facts
from exchange.services.file_scenario import Filing, filing_facts
from exchange.services.judge_use import draw_policy, state_of, uses_of
from exchange.services.list_product import require_listed
from exchange.services.publish_fees import fees_in_force
from exchange.services.quote_price import LIST_PRICE, frozen_terms, price_of, under
from exchange.services.release_part import divided
from exchange.services.reserve_use import require_use_free
from exchange.services.submit_sheet import sheet_of
from exchange.simulation.full.envelope import Envelope
from exchange.specsheet import PriceMode, SpecSheet
from exchange.trading import Terms, Trade, TradingMode
from ledger.acts import format_time
from ledger.canonical import encode
from ledger.entries import Entry
from ledger.registry import parents_of
from ledger.rights import rights_of
from ledger.scenarios import grounds
from ledger.view import newest
from pricing.errors import PricingError
from pricing.money import Currency

_DAY: Final = dt.timedelta(days=1)
# Where a text differs from trade to trade.  A trade that has one of these words of its own is not
# written up.
MARKS: Final[Mapping[str, str]] = {
    **{
        name: f"~{name}~"
        for name in (
            *("buyer", "scenario", "filing", "commitment", "case", "uid", "policy", "review"),
            *("terms", "quote", "trade", "recipient", "sealed", "bytes", "ends"),
            *("until", "approved", "reason"),
        )
    },
    "on": "9999-12-31",
    "licensed": "9999-12-30",
}


def form(text: str | bytes) -> str:
    """Return a text with its marks as the places that `%` fills from a mapping."""
    words = (text.decode() if isinstance(text, bytes) else text).replace("%", "%%")
    for name, mark in MARKS.items():
        words = words.replace(mark, f"%({name})s")
    return words


def _date(mark: str) -> dt.date:
    return dt.date.fromisoformat(MARKS[mark])


@dataclass(frozen=True, slots=True)
class Stock:
    """One product as one group of buyers finds it, up to the day `last`; texts are forms.

    `fees` is the digest of the schedule that holds, empty where there is none; `lines` are the
    postings of a settlement but for the escrow's own.  Of the price, `fee` goes to the exchange
    and `own` to the supplier.
    """

    product: str
    supplier: str
    handle: str  # of the supplier
    fees: str
    last: dt.date
    listing: str
    registration: str
    data: bytes
    term_days: int
    amount: int
    fee: int
    own: int
    lines: tuple[tuple[str, int], ...]
    filing: bytes  # the value that a filing commits to
    filed: tuple[Any, ...]  # the columns of a scenario between its product and its description
    pricing: tuple[str, bytes]
    allocation: tuple[str, bytes]
    texts: Mapping[str, str]


def stock_of(filing: Filing, buyer: Participant, *, work: UnitOfWork, floor: Floor) -> Stock | None:
    """Return what a buyer like this finds, or None where a trade is not plain.

    Not plain is what a rule would refuse, what an assessor has to look at, and whatever makes a
    trade depend on the trades before it: costs on the sheet, strategies that read the market, uses
    given to one buyer alone.
    """
    try:
        return _Asked.of(filing, buyer, work, floor).stock()
    except (ExchangeError, PricingError):
        return None  # the services say so themselves, with their entries


@dataclass(frozen=True)
class _Asked:
    """A product looked at once, for one buyer of a group; what is asked often is computed once."""

    filing: Filing
    buyer: Participant
    product: Product
    sheet: SpecSheet
    supplier: Participant
    work: UnitOfWork
    floor: Floor

    @classmethod
    def of(cls, filing: Filing, buyer: Participant, work: UnitOfWork, floor: Floor) -> _Asked:
        product = work.products.get(filing.product)
        supplier = work.participants.get(product.supplier)
        sheet = sheet_of(product, work)
        return cls(filing, buyer, product, sheet, supplier, work, floor)

    def stock(self) -> Stock | None:
        """Return the stock, or None for what is not plain."""
        if not self._plain() or not self._unmarked() or not self._permitted():
            return None
        marked = self._scenario(MARKS["scenario"], MARKS["buyer"])
        offer, appraisal, made = price_of(
            self.sheet, self.product, marked, None, work=self.work, floor=self.floor
        )
        case = self._case(marked)
        if appraisal is not None or len(made) != 1 or case is None:
            return None
        pricing = _digested(encode(made[0].to_record()))
        terms = frozen_terms(
            self.sheet,
            self.product,
            marked,
            offer.amount,
            pricing[0],
            MARKS["policy"],
            mode=TradingMode.POSTED,
            floor=self.floor,
        )
        schedule = fees_in_force(self.work, self.floor)
        terms = under(schedule, terms)
        texts = self._case_texts(case) | self._policy_texts(marked)
        return self._whole(terms, schedule, pricing, texts)

    @cached_property
    def _filed(self) -> Scenario:
        """A scenario as this very buyer would file it."""
        return self._scenario("SC-0000-0000-0000", self.buyer.id)

    @cached_property
    def _case_of_buyer(self) -> TradeCase:
        return trade_case(self._filed, self.product, self.buyer, work=self.work, floor=self.floor)

    @cached_property
    def _policy(self) -> Policy:
        return draw_policy(self._filed, self.product, work=self.work, floor=self.floor)

    # What makes a trade plain.

    def _plain(self) -> bool:
        sheet, price, buyer = self.sheet, self.sheet.price, self.buyer
        view, number = self.work.chain.store, self.product.number
        held = rights_of(view, number, format_time(self.floor.clock()))
        listed = price.mode is PriceMode.ONE_OFF and price.amount is not None
        return (
            listed
            and price.strategy == LIST_PRICE
            and not sheet.costs
            and self.product.estimate is None
            and price.amount is not None
            and price.amount.minor > 0
            and price.amount.currency is Currency.CNY
            and all(each.until is None for each in held)
            and not parents_of(view, f"product/{number}")
            and buyer.verified_until is not None
            and not self.floor.house.acceptance_seconds
            and not self.work.negative_list.all()
            and isinstance(self.floor.deliveries.get("sealed-file"), Envelope)
            and sheet.delivery.ways[:1] == ("sealed-file",)
        )

    def _unmarked(self) -> bool:
        """Whether no mark stands in what buyer and supplier say: it would be taken for a place."""
        said = encode(to_record(self.filing)) + encode(to_record(self.sheet))
        return not any(mark.encode() in said for mark in MARKS.values())

    def _permitted(self) -> bool:
        """Ask every rule that the services would ask, for this very buyer."""
        work, floor, product = self.work, self.floor, self.product
        require_listed(product, work=work, floor=floor)
        self.supplier.require(Role.SUPPLIER)
        self.buyer.require(Role.BUYER)
        if self.buyer.same_organisation(self.supplier):
            return False
        filed, case = self._filed, self._case_of_buyer
        stated = cast("Entry", SimpleNamespace(facts=filing_facts(self.filing)))
        if grounds(work.chain.store, stated) or holds_persons(case):
            return False
        today = floor.clock().date()
        last = today + dt.timedelta(days=filed.term_days)
        running = replace(filed, state=ScenarioState.APPROVED, approved_on=today, expires_on=last)
        later = trade_case(running, product, self.buyer, work=work, floor=floor)
        reviews = (
            review_trade(case, floor.pack),
            review_trade(later, floor.pack),
            review_delivery(later, floor.pack),
        )
        require_use_free(
            product,
            filed,
            exclusive=False,
            work=work,
            floor=floor,
        )
        policy = self._policy
        known = state_of(running, trade=None, work=work, floor=floor)
        states = (known, replace(known, since=known.at))  # before the contract, and after it
        asked = requests_of(running, product.number)
        refused = any(evaluate(policy, each, at).reasons for each in asked for at in states)
        return not refused and all(review.passed for review in reviews)

    def _scenario(self, identity: str, buyer: str) -> Scenario:
        """Return the scenario as it is filed."""
        return self.filing.filed(identity, buyer, MARKS["commitment"], MARKS["filing"])

    # What is recorded.

    def _case(self, marked: Scenario) -> TradeCase | None:
        """Return the case of a filing with its marks; None where the buyer shows elsewhere too."""
        real = replace(marked, buyer=self.buyer.id)
        case = trade_case(real, self.product, self.buyer, work=self.work, floor=self.floor)
        party = case.buyer
        if party is None or party.organisation != self.buyer.id or case.scenario is None:
            return None
        shown = replace(
            party, id=MARKS["buyer"], organisation=MARKS["buyer"], licensed_until=_date("licensed")
        )
        asked = replace(case.scenario, buyer=MARKS["buyer"])
        return replace(case, on=_date("on"), buyer=shown, scenario=asked)

    def _case_texts(self, case: TradeCase) -> dict[str, str]:
        stored: list[bytes] = []

        def put(data: bytes, public: bool) -> str:  # noqa: FBT001 - as `keep` calls it
            if not public:
                raise Refused("a part of the case is withheld")
            stored.append(data)
            return MARKS["case"]

        product = self.product
        keep(case, sheet=product.sheet or "", profile=product.profile, put=put)
        today = replace(case, on=self.floor.clock().date())
        review = replace(review_trade(today, self.floor.pack), on=_date("on"), case=MARKS["case"])
        return {"case": form(stored[0]), "review": form(encode(to_record(review)))}

    def _policy_texts(self, marked: Scenario) -> dict[str, str]:
        """Return the policy before it has a name, and named after the digest of that."""
        policy = draw_policy(marked, self.product, work=self.work, floor=self.floor)
        named, (stem, _, digest) = policy.record.decode(), policy.uid.rpartition(":")
        unnamed = named.replace(f"{policy.uid}#", "#").replace(policy.uid, stem)
        if hashlib.sha256(unnamed.encode()).hexdigest() != digest:
            raise Refused("the policy is named otherwise")
        return {"unnamed": form(unnamed), "policy": form(named.replace(policy.uid, MARKS["uid"]))}

    def _whole(
        self,
        terms: Terms,
        schedule: FeeSchedule | None,
        pricing: tuple[str, bytes],
        texts: Mapping[str, str],
    ) -> Stock:
        product, filing, view = self.product, self.filing, self.work.chain.store
        lines, left = lines_of_exchange(
            terms.amount, mode=terms.mode, fee_ppm=terms.fee_ppm, schedule=schedule
        )
        kept = terms.amount.minor - left.minor
        division = divided(lines, left, terms, self.sheet, product.file, floor=self.floor)
        own = available(product.supplier)
        allocation = _digested(division.allocation)
        subject = f"product/{product.number}"
        found = (
            newest(view, subject, kind) for kind in ("listing.published", "product.registered")
        )
        listing, registration = (each.leaf.hex() if each else "" for each in found)
        value = to_record(filing)
        return Stock(
            product=product.number,
            supplier=product.supplier,
            handle=self.supplier.handle,
            fees=terms.fees,
            last=self._last(),
            listing=listing,
            registration=registration,
            data=self.floor.vault.path(product.data).read_bytes(),
            term_days=filing.term_days,
            amount=terms.amount.minor,
            fee=kept,
            own=sum(line.amount.minor for line in division.lines if line.account == own),
            lines=tuple((line.account, line.amount.minor) for line in division.lines),
            filing=encode(value),
            filed=(
                *(filing.purpose, filing.region, filing.term_days),
                json.dumps(filing.recipients, ensure_ascii=False),
                *(filing.onward_transfer, filing.public_release),
            ),
            pricing=pricing,
            allocation=allocation,
            texts={**texts, **self._facts(terms, pricing[0], allocation[0], division.lines)},
        )

    def _facts(
        self, terms: Terms, pricing: str, allocation: str, lines: Sequence[Line]
    ) -> dict[str, str]:
        """Return what is signed, act by act, and the record of the terms."""
        product, amount = terms.product, terms.amount.to_record()
        limit = uses_of(self._policy)
        trade = Trade(
            id=MARKS["trade"],
            product=product,
            scenario=MARKS["scenario"],
            quote=MARKS["quote"],
            buyer=MARKS["buyer"],
            supplier=terms.supplier,
            amount=terms.amount,
            terms=MARKS["terms"],
            head="",
            ordered_at="",
        )
        facts: dict[str, Mapping[str, Any]] = {
            "scenario.filed": {
                **filing_facts(self.filing),
                "scenario": MARKS["commitment"],
            },
            "scenario.approved": {
                "product": product,
                "pack": self.floor.pack.digest,
                "review": MARKS["review"],
                "until": MARKS["approved"],
            },
            "price.quoted": {
                "product": product,
                "scenario": MARKS["scenario"],
                "buyer": MARKS["buyer"],
                "amount": amount,
                "pricing": pricing,
                "evidence": [],
                "terms": MARKS["terms"],
                "until": MARKS["until"],
            },
            "trade.ordered": {
                "product": product,
                "scenario": MARKS["scenario"],
                "quote": MARKS["quote"],
                "terms": MARKS["terms"],
                "amount": amount,
            },
            "trade.contracted": {
                **contract_facts(trade, terms, self.floor),
                "until": MARKS["ends"],
            },
            "delivery.made": {
                "product": product,
                "data": terms.data,
                "sealed": MARKS["sealed"],
                "bytes": MARKS["bytes"],
                "recipient": MARKS["recipient"],
            },
            "access.granted": {
                "trade": MARKS["trade"],
                "to": MARKS["buyer"],
                "sealed": MARKS["sealed"],
                "count": 1,
                "policy": MARKS["policy"],
                **({} if limit is None else {"limit": limit}),
            },
            "delivery.received": {"data": terms.data, "sealed": MARKS["sealed"]},
            "settlement.executed": {
                "amount": amount,
                "lines": [line.to_record() for line in lines],
                "allocation": allocation,
            },
            "trade.cancelled": {"reason": MARKS["reason"], "amount": amount},
            "trade.lapsed": {"reason": MARKS["reason"]},
        }
        texts = {kind: form(encode(told)) for kind, told in facts.items()}
        # The one mark that stands for a number.
        made = texts["delivery.made"].replace('"%(bytes)s"', "%(bytes)s")
        return {**texts, "delivery.made": made, "terms": form(terms.record)}

    # For how long.

    def _last(self) -> dt.date:
        """Return the last day on which nothing that was asked turns, as `compliance.lapse` says."""
        today = self.floor.clock().date()
        case = self._case_of_buyer
        turns = [turn for turn in turns_of(case, self.floor.pack.rules) if turn > today]
        told = (self.product.valid_until, self.product.registered_until)
        turns += [dt.date.fromisoformat(day[:10]) for day in told if day]
        return min((turn - _DAY for turn in turns), default=dt.date.max)


def _digested(data: bytes) -> tuple[str, bytes]:
    return hashlib.sha256(data).hexdigest(), data
