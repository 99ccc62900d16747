"""Delivery: the supplier hands in sealed data, the buyer opens it and signs its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from exchange.delivery import DeliveryMethod, DeliveryState, Staged
from exchange.errors import DataDiffer, NotCompliant, Refused
from exchange.listing import ListingState
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import admit_act, fact, subject_id, unchanged
from exchange.services.execute_trade import advance, terms_of
from exchange.services.file_scenario import passed_last, require_deliverable, require_running
from exchange.services.judge_use import Moment, policy_of, require_allowed
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.register_product import discard_unused
from exchange.services.renew_registration import require_registered
from exchange.trading import Terms, Trade, TradeState, TradingMode
from ledger.acts import SignedAct, format_time, parse_time
from ledger.agreements import answer_until
from ledger.entries import Entry
from ledger.grades import is_core
from ledger.registry import why_frozen
from ledger.view import newest


@records_lapse
def deliver(signed: SignedAct, sealed: Path, *, floor: Floor) -> Trade:
    """Take in the supplier's sealed file; the exchange cannot open it.

    Raises `DataDiffer` where the file is not the sealed bytes that the act names or the act
    names other data than the contract, `NotCompliant` while the listing is suspended.
    """
    with floor.read() as work:
        admit_act(signed, "delivery.made", Role.SUPPLIER, work=work, floor=floor)
        if unchanged(work.chain.recorded(signed), signed):  # its file may be used up
            return work.trades.get(subject_id(signed, "trade"))
    staged = floor.vault.stage(sealed, name="the sealed file")
    replaced: list[str] = []

    def check(trade: Trade, work: UnitOfWork) -> None:
        trade.delivery_moved(DeliveryState.MADE)
        _deliverable(trade, work=work, floor=floor)
        _require_data(signed, trade, work)
        _require_part(signed, trade)
        _require_arrival(signed, staged, work.participants.get(trade.buyer))

    def conclude(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:
        again = trade.delivery is DeliveryState.MADE  # the sealed file of an earlier part stays
        if again and trade.sealed and trade.sealed != staged.digest:
            replaced.append(trade.sealed)
        floor.vault.keep(staged)
        until = answer_until(work.chain.store, entry.subject)
        made = trade.delivery_moved(DeliveryState.MADE)
        return replace(made, sealed=staged.digest, answer_until=until)

    try:
        trade = advance(signed, "delivery.made", Role.SUPPLIER, check, conclude, floor=floor)
    except BaseException:
        discard_unused(staged.digest, floor=floor)
        raise
    finally:
        floor.vault.drop(staged)
    for digest in replaced:
        discard_unused(digest, floor=floor)
    return trade


def _require_arrival(signed: SignedAct, staged: Staged, buyer: Participant) -> None:
    arrived = (fact(signed, "sealed"), fact(signed, "bytes", int))
    if arrived != (staged.digest, staged.size):
        raise DataDiffer("act.facts.sealed: not the file that came with the act")
    if fact(signed, "recipient") != buyer.recipient:
        raise DataDiffer("act.facts.recipient: not the recipient of the buyer")


def _deliverable(trade: Trade, *, work: UnitOfWork, floor: Floor) -> None:
    """Raise unless there is a contract whose use right runs and whose product is not suspended."""
    if trade.state is not TradeState.CONTRACTED:
        raise Refused(f"trade {trade.id} is {trade.state}: there is no contract to deliver on")
    terms = terms_of(trade.terms, work)
    if terms.mode is TradingMode.TRIAL:
        raise Refused(f"trade {trade.id} is a trial: it is served unit by unit, not as a whole")
    trade.require_use_right(format_time(floor.clock()))
    work.participants.get(trade.buyer).require(Role.BUYER)  # also where no rule is asked again
    product = work.products.get(trade.product)
    require_registered(product, floor=floor)
    scenario, buyer = work.scenarios.get(trade.scenario), work.participants.get(trade.buyer)
    require_running(scenario, product.number, buyer.id, floor=floor)
    policy, due = policy_of(terms, scenario, work), terms.data
    require_allowed(
        policy, scenario, product.number, Moment.DELIVERY, trade=trade, work=work, floor=floor
    )
    if product.listing is ListingState.DELISTED:
        # The sheet is out of force; what was bought before is still to be delivered.
        _require_delisted_in_order(product, due, work)
        return
    require_listed(product, work=work, floor=floor)
    require_deliverable(scenario, product, buyer, due, work=work, floor=floor)


def _require_delisted_in_order(product: Product, due: str, work: UnitOfWork) -> None:
    """Raise `NotCompliant` where the product left the board for what was wrong with it.

    Delisting ends no suspension, nor does it make good what had lapsed before it.
    """
    store, subject = work.chain.store, f"product/{product.number}"
    _require_not_core(product, work)
    published, suspended, delisted = (
        newest(store, subject, f"listing.{word}") for word in ("published", "suspended", "delisted")
    )
    if published and suspended and suspended.version > published.version:
        raise NotCompliant(f"{product.number} was suspended when it was delisted")
    if delisted:
        before = replace(product, listing=ListingState.LISTED)
        day = parse_time(delisted.time, "time").date()
        if before.as_of(day).listing is not ListingState.LISTED:
            raise NotCompliant(
                f"{product.number}: what its verdict rested on had ended when it was delisted",
                rules=("T-05",),
            )
    _require_passed(product, due, work)


def require_handed_out(trade: Trade, *, work: UnitOfWork, floor: Floor) -> None:
    """Raise `NotCompliant` where what was delivered may not be handed out to its buyer today.

    That is core data, data that was refused since, and whatever comes from a product that is
    suspended, whose verdict has ended, or that is disputed.  A product that left the board in
    order goes on serving its contracts.
    """
    product, due = work.products.get(trade.product), terms_of(trade.terms, work).data
    _require_not_core(product, work)
    if why := why_frozen(work.chain.store, f"product/{product.number}"):
        raise NotCompliant(f"{product.number}: {why}", rules=("S-10",))
    if product.listing is ListingState.DELISTED:
        _require_delisted_in_order(product, due, work)
        return
    require_listed(product, work=work, floor=floor)
    _require_passed(product, due, work)


def _require_not_core(product: Product, work: UnitOfWork) -> None:
    if is_core(work.chain.store, product.number):
        raise NotCompliant(f"{product.number}: core data is not delivered", rules=("T-04",))


def _require_passed(product: Product, due: str, work: UnitOfWork) -> None:
    if not passed_last(product, due, work):
        raise NotCompliant(f"{product.number}: the data bought was refused since", rules=("T-06",))


def _require_data(signed: SignedAct, trade: Trade, work: UnitOfWork) -> None:
    if fact(signed, "data") != data_due(trade, terms_of(trade.terms, work)):
        raise DataDiffer("act.facts.data: not the data of the contract")


def data_due(trade: Trade, terms: Terms) -> str:
    """Return the digest of the data that is due: of the part that is, or of the whole."""
    return terms.parts[trade.part - 1].data if trade.part else terms.data


def _require_part(signed: SignedAct, trade: Trade) -> None:
    if signed.act.facts.get("part", 0) != trade.part:
        words = f"part {trade.part} is due" if trade.part else "it is delivered as a whole"
        raise Refused(f"act.facts.part: {words}")


def part_facts(trade: Trade) -> dict[str, Any]:
    """Return what an act about a delivery says of its part: nothing where there are none."""
    return {"part": trade.part} if trade.part else {}


def open_delivery(
    trade: Trade, terms: Terms, identities: Sequence[str], target: Path, *, floor: Floor
) -> str:
    """Open a delivery on the buyer's side; return the digest of the data, which is the contract's.

    The identities are tried in their order, since a delivery stays sealed to the recipient that
    was the newest when it was made.  Raises `Refused` where nothing was delivered yet,
    `DataDiffer` where no identity opens it, or the opened bytes are not those of the contract;
    they are removed then.
    """
    if trade.sealed is None:
        raise Refused(f"trade {trade.id}: nothing has been delivered yet")
    sealed = floor.vault.check(trade.sealed)
    digest = _opened(floor.deliveries[terms.delivery], sealed, identities, target)
    if digest != data_due(trade, terms):
        target.unlink(missing_ok=True)
        raise DataDiffer(f"trade {trade.id}: the delivery opens to other data than was bought")
    return digest


def _opened(method: DeliveryMethod, sealed: Path, identities: Sequence[str], target: Path) -> str:
    first: DataDiffer | None = None
    for identity in identities:
        try:
            return method.open(sealed, identity, target)
        except DataDiffer as error:
            first = first or error
    raise first or Refused("there is no identity here to open a delivery with")


def receive(signed: SignedAct, *, floor: Floor) -> Trade:
    """Record the buyer's receipt: it opened the delivery and found the data it bought."""

    def check(trade: Trade, work: UnitOfWork) -> None:
        trade.delivery_moved(DeliveryState.RECEIVED)
        _require_data(signed, trade, work)
        _require_part(signed, trade)
        if fact(signed, "sealed") != trade.sealed:
            raise DataDiffer("act.facts.sealed: not the file that was delivered")

    def conclude(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:  # noqa: ARG001
        parts = len(terms_of(trade.terms, work).parts)
        return trade.answered(DeliveryState.RECEIVED, parts)

    return advance(signed, "delivery.received", Role.BUYER, check, conclude, floor=floor)
