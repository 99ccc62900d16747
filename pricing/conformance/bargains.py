"""The contract of a protocol of bargaining."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

from dataclasses import replace

from pricing.bargain import Agreement, Bargain, Protocolled, Side
from pricing.conformance.replaying import check_replay, must_refuse, unit
from pricing.record import recorded
from pricing.wire import from_wire, to_wire


class BargainContract:
    """What every protocol keeps to; `bargain` is one that ends in an agreement by it."""

    protocol: Protocolled
    bargain: Bargain

    def test_agrees_alike_twice(self) -> None:
        """The same rounds come to the same price."""
        first, second = (self.protocol.agree(self.bargain) for _ in range(2))
        assert first == second, "two agreements of one bargain differ"

    def test_the_amount_was_offered(self) -> None:
        """Nobody agrees on what was never said."""
        agreed = self.protocol.agree(self.bargain)
        assert agreed.amount == self.bargain.rounds[agreed.round - 1].amount

    def test_nobody_accepts_its_own_offer(self) -> None:
        """An agreement has two sides."""
        agreed = self.protocol.agree(self.bargain)
        alone = replace(self.bargain, accepted_by=self.bargain.rounds[agreed.round - 1].by)
        must_refuse(lambda: self.protocol.agree(alone), "an offer is accepted by who made it")
        assert set(Side) == {alone.accepted_by, self.bargain.accepted_by}

    def test_an_offer_that_ended_is_not_accepted(self) -> None:
        """The last second counts, the one after does not."""
        last = max(one.until for one in self.bargain.rounds)
        late = replace(self.bargain, accepted_at=f"9{last[1:]}")
        must_refuse(lambda: self.protocol.agree(late), "an offer is accepted after its end")

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of an agreement is lost in a record."""
        agreed = self.protocol.agree(self.bargain)
        assert from_wire(Agreement, to_wire(agreed)) == agreed

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to come to the price again."""
        agreed, record = recorded(self.protocol, self.bargain)
        assert agreed == self.protocol.agree(self.bargain), "recording changed it"
        check_replay(record, {"amount": (agreed.amount + unit(agreed.amount)).to_record()})
