"""The contract of a tariff."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

from dataclasses import replace

from pricing.billing import Bill, ChargeType, Statement, Tariff
from pricing.conformance.replaying import check_replay, unit
from pricing.money import Money, total
from pricing.plan import Plan
from pricing.record import recorded
from pricing.wire import from_wire, to_wire


class TariffContract:
    """What every tariff keeps to; `statement` has some usage that this plan has a price for.

    `maximum` is the most that the plan may charge for a statement of this length, where it has
    a maximum; `heavy` a statement of the same length with usage beyond it.  Clear `monotone`
    for a plan whose price may fall as usage grows, as a ladder by volume does.
    """

    tariff: Tariff
    statement: Statement
    heavy: Statement | None = None
    maximum: Money | None = None
    monotone: bool = True

    def test_lines_explain_the_amount(self) -> None:
        """The lines sum to the amount, and each unit used is in one line that is not a fee."""
        bill = self.tariff.rate(self.statement)
        assert total((line.amount for line in bill.lines), bill.amount.currency) == bill.amount
        used = sum(event.quantity for event in self.statement.used)
        told = bill.units(*set(ChargeType) - {ChargeType.FIXED})
        assert told == used, f"the lines tell of {told} units, and {used} were used"

    def test_the_order_of_events_means_nothing(self) -> None:
        """Nor does an event that is delivered twice."""
        turned = replace(
            self.statement,
            events=self.statement.events[::-1] + self.statement.events[:1],
            orders=self.statement.orders[::-1] + self.statement.orders[:1],
        )
        assert self.tariff.rate(turned) == self.tariff.rate(self.statement), "order moves the bill"

    def test_more_usage_never_costs_less(self) -> None:
        """A use more, and the bill is as high or higher; no use costs less than nothing."""
        if not self.monotone:
            return
        used = self.statement.used
        bills = [
            self.tariff.rate(replace(self.statement, events=used[:count])).amount.minor
            for count in range(len(used) + 1)
        ]
        assert bills == sorted(bills), f"amounts by growing usage: {bills}"

    def test_time_gives_nothing_back(self) -> None:
        """A statement that ends later, with the same usage, is as dear or dearer."""
        later = replace(self.statement, until_ms=self.statement.until_ms + 100 * 86_400_000)
        assert self.tariff.rate(self.statement).amount <= self.tariff.rate(later).amount

    def test_never_above_the_maximum(self) -> None:
        """Usage beyond the maximum costs no more, and the bill says that it was reached."""
        if self.maximum is None or self.heavy is None:
            return
        bill = self.tariff.rate(self.heavy)
        assert bill.amount <= self.maximum, f"{bill.amount} is above {self.maximum}"
        assert bill.units(ChargeType.MAX_REACHED), "the maximum is not told of"

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of a bill, a statement or a plan is lost in a record."""
        bill, plan = self.tariff.rate(self.statement), Plan(self.tariff)
        assert from_wire(Bill, to_wire(bill)) == bill
        assert from_wire(Statement, to_wire(self.statement)) == self.statement
        assert from_wire(Plan, to_wire(plan)) == plan

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to bill again."""
        bill, record = recorded(self.tariff, self.statement)
        assert bill == self.tariff.rate(self.statement), "recording changed it"
        check_replay(record, {"amount": (bill.amount + unit(bill.amount)).to_record()})
