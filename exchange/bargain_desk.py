"""The desk where prices are found: negotiations of a buyer with a supplier, and auctions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from exchange.auctions import Auction, Lots
from exchange.bids import Bid, opened_amount, seal_bid
from exchange.negotiation import Negotiation
from exchange.openings import Opening, open_with
from exchange.seat import Seat
from exchange.services import hold_auction, negotiate
from exchange.services.negotiate import Agreed, acceptance_facts, offer_facts
from ledger.acts import format_time
from ledger.commitments import SALT_BYTES
from ledger.note import to_base64
from pricing.money import Currency, Money

TALK: Final = dt.timedelta(days=7)  # how long a negotiation runs where nobody says


class BargainDesk(Seat):
    """What is signed on the way to a price; the services say what they raise."""

    __slots__ = ()

    def negotiate(
        self,
        *scenarios: str,
        until: str = "",
        exclusive: bool = False,
        currency: Currency = Currency.CNY,
    ) -> Sequence[Negotiation]:
        """Ask the supplier of each scenario's product for a price: all are asked, or none."""
        with self.floor.read() as work:
            found = [work.scenarios.get(scenario) for scenario in scenarios]
        acts = []
        for scenario in found:
            last = until or self._later(TALK)
            if not until and scenario.expires_on:  # at most to the end of the scenario
                last = min(last, f"{scenario.expires_on}T23:59:59Z")
            facts = {
                "product": scenario.product,
                "scenario": scenario.id,
                "currency": str(currency),
                "exclusive": exclusive,
                "until": last,
            }
            acts.append(self._sign("negotiation.opened", None, facts))
        return negotiate.open_negotiations(acts, floor=self.floor)

    def offer_price(self, negotiation: str, amount: Money, *, until: str = "") -> Negotiation:
        """Offer an amount, until the end of the negotiation if no other time is given."""
        found = self._negotiation(negotiation)
        facts = offer_facts(found, amount, until or found.until)
        signed = self._sign("negotiation.offered", f"negotiation/{negotiation}", facts)
        return negotiate.make_offer(signed, floor=self.floor)

    def accept_offer(self, negotiation: str) -> Agreed:
        """Accept the offer that stands, which makes a quote."""
        facts = acceptance_facts(self._negotiation(negotiation))
        signed = self._sign("negotiation.accepted", f"negotiation/{negotiation}", facts)
        return negotiate.accept_offer(signed, floor=self.floor)

    def end_negotiation(self, negotiation: str, reason: str) -> Negotiation:
        """End a negotiation without a price."""
        facts = {"reason": reason}
        signed = self._sign("negotiation.ended", f"negotiation/{negotiation}", facts)
        return negotiate.end_negotiation(signed, floor=self.floor)

    def open_auction(
        self, lots: Lots, *, reserve: Money | None = None, seed: int | None = None
    ) -> tuple[Auction, tuple[Opening, ...]]:
        """Put licences up for sealed bids; keep the openings of a hidden reserve and of a seed."""
        hidden: dict[str, Any] = {}
        if reserve is not None:
            hidden["reserve"] = reserve.to_record()
        if seed is not None:
            hidden["seed"] = seed
        openings = open_with(self.floor.chance, hidden)
        facts = lots.facts() | {opening.field: opening.commitment for opening in openings}
        signed = self._sign("auction.opened", None, facts)
        return hold_auction.open_auction(signed, lots.rules, floor=self.floor), openings

    def open_hidden(self, auction: str, opening: Opening) -> Auction:
        """Open the reserve or the seed that the auction committed to."""
        name = "amount" if opening.field == "reserve" else "seed"
        facts = {name: opening.value, "salt": to_base64(opening.salt)}
        kind = f"auction.{opening.field}_opened"
        signed = self._sign(kind, f"auction/{auction}", facts)
        return hold_auction.open_hidden(signed, floor=self.floor)

    def seal_bid(self, auction: str, amount: Money) -> Opening:
        """Return the opening of a bid to place: keep it, since nobody else can open the bid."""
        salt = self.floor.chance(SALT_BYTES)
        return seal_bid(auction, self.participant.id, amount, salt)

    def place_bid(self, auction: str, scenario: str, opening: Opening) -> Bid:
        """Place a sealed bid; its deposit is set aside."""
        with self.floor.read() as work:
            found = work.auctions.get(auction)
        facts = {
            "product": found.product,
            "scenario": scenario,
            "sealed": opening.commitment,
            "deposit": found.deposit.to_record(),
        }
        signed = self._sign("bid.placed", f"auction/{auction}", facts)
        return hold_auction.place_bid(signed, floor=self.floor)

    def open_bid(self, bid: str, opening: Opening) -> Bid:
        """Show the amount and the salt of one's bid."""
        with self.floor.read() as work:
            found = work.bids.get(bid)
        salt = to_base64(opening.salt)
        facts = {"bid": bid, "amount": opened_amount(opening), "salt": salt}
        signed = self._sign("bid.opened", f"auction/{found.auction}", facts)
        return hold_auction.open_bid(signed, floor=self.floor)

    def cancel_auction(self, auction: str, reason: str) -> Auction:
        """Call an auction off: every deposit is let go."""
        signed = self._sign("auction.cancelled", f"auction/{auction}", {"reason": reason})
        return hold_auction.cancel_auction(signed, floor=self.floor)

    def _negotiation(self, negotiation: str) -> Negotiation:
        with self.floor.read() as work:
            return work.negotiations.get(negotiation)

    def _later(self, span: dt.timedelta) -> str:
        return format_time(self.floor.clock() + span)
