"""The desk where plans are bought: periods renewed, use metered, contested and ended."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from exchange.metering import Batch, write_events
from exchange.seat import Seat
from exchange.services import meter_usage, quote_plan, renew_subscription
from exchange.services.meter_usage import Metered
from exchange.services.quote_plan import Wish
from exchange.services.quote_price import Priced
from exchange.subscriptions import Subscription
from ledger.acts import format_time
from pricing.billing import Outcome, UsageEvent


class BillingDesk(Seat):
    """What is signed about periods and use; the services say what they raise."""

    __slots__ = ()

    def quote_plan(self, scenario: str, wish: Wish = Wish()) -> Priced:  # noqa: B008 - frozen
        """Ask for the price of a plan: a first period, a budget for use, a trial."""
        buyer = self.participant.id
        return quote_plan.quote_plan(scenario, wish, buyer=buyer, floor=self.floor)

    def authorise(self, trade_id: str, periods: int) -> Subscription:
        """Let the exchange charge so many periods in all, the first included; as the buyer."""
        with self.floor.read() as work:
            trade = work.trades.get(trade_id)
        facts = {
            "trade": trade.id,
            "terms": trade.terms,
            "amount": trade.amount.to_record(),
            "periods": periods,
        }
        signed = self._sign("subscription.authorised", f"subscription/{trade_id}", facts)
        return renew_subscription.authorise(signed, floor=self.floor)

    def end_subscription(self, trade_id: str, reason: str) -> Subscription:
        """Give notice: the period that is paid for is the last."""
        with self.floor.read() as work:
            found = work.subscriptions.get(trade_id)
        facts = {"trade": trade_id, "reason": reason, "until": found.until}
        signed = self._sign("subscription.ended", f"subscription/{trade_id}", facts)
        return renew_subscription.end_subscription(signed, floor=self.floor)

    def refund_period(self, trade_id: str, reason: str) -> Subscription:
        """Give the fee of the next period that is held back to the buyer; as the operator."""
        with self.floor.read() as work:
            found = work.subscriptions.get(trade_id)
        facts = {
            "trade": trade_id,
            "period": found.settled + 1,
            "amount": found.amount.to_record(),
            "reason": reason,
        }
        signed = self._sign("subscription.refunded", f"subscription/{trade_id}", facts)
        return renew_subscription.refund_period(signed, floor=self.floor)

    def meter(
        self,
        trade_id: str,
        events: Sequence[UsageEvent],
        *,
        until: str = "",
        engagement: str = "",
    ) -> Metered:
        """Hand in what was used since the last batch, until a time or now, as who serves."""
        with self.floor.read() as work:
            found = meter_usage.metered(trade_id, work=work, floor=self.floor)
        since = found.batches[-1].facts["until"] if found.batches else found.since
        end = until or min(format_time(self.floor.clock()), found.until)
        batch, data = Batch(since, end, tuple(events)), write_events(events)
        facts: dict[str, object] = {
            "trade": trade_id,
            "sequence": len(found.batches) + 1,
            "since": since,
            "until": end,
            "found": batch.count(Outcome.FOUND),
            "missed": batch.count(Outcome.NOT_FOUND),
            "events": hashlib.sha256(data).hexdigest(),
        }
        if engagement:
            facts["engagement"] = engagement
        signed = self._sign("usage.metered", f"usage/{trade_id}", facts)
        return meter_usage.meter_usage(signed, data, floor=self.floor)

    def contest(self, trade_id: str, sequence: int, reason: str) -> Metered:
        """Deny a batch; as the buyer."""
        facts = {"trade": trade_id, "sequence": sequence, "reason": reason}
        signed = self._sign("usage.contested", f"usage/{trade_id}", facts)
        return meter_usage.contest_usage(signed, floor=self.floor)

    def decide(self, trade_id: str, sequence: int, outcome: str, reason: str) -> Metered:
        """Decide on a contested batch: stands or struck; as the operator."""
        facts = {"trade": trade_id, "sequence": sequence, "outcome": outcome, "reason": reason}
        signed = self._sign("usage.decided", f"usage/{trade_id}", facts)
        return meter_usage.decide_usage(signed, floor=self.floor)

    def end_usage(self, trade_id: str, reason: str) -> Metered:
        """End metered use as of now."""
        facts = {"trade": trade_id, "reason": reason, "until": format_time(self.floor.clock())}
        signed = self._sign("usage.ended", f"usage/{trade_id}", facts)
        return meter_usage.end_usage(signed, floor=self.floor)
