"""The contract of a versioner."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

import itertools
import math

from pricing.conformance.replaying import check_replay, must_refuse, unit
from pricing.money import Money
from pricing.record import recorded
from pricing.tariffs.knapsack import cheapest
from pricing.versions import Demand, Menu, Versioner, revenue
from pricing.wire import from_wire, to_wire


class VersionerContract:
    """What every versioner keeps to; `demand` is enough for this one to work with."""

    versioner: Versioner
    demand: Demand

    def test_prices_alike_twice(self) -> None:
        """The same demand gets the same menu."""
        first, second = (self.versioner.menu(self.demand) for _ in range(2))
        assert first == second, "two menus for one demand differ"

    def test_refuses_to_price_what_nobody_is_known_to_want(self) -> None:
        """Without demand there is no menu."""
        must_refuse(lambda: self.versioner.menu(Demand()), "priced without any demand")

    def test_better_versions_never_cost_less(self) -> None:
        """Prices are monotone in quality."""
        versions = self.versioner.menu(self.demand).versions
        for one, other in itertools.pairwise(versions):
            assert one.quality < other.quality, "versions out of order"
            assert one.price <= other.price, f"{other} costs less than {one}"

    def test_no_combination_of_versions_undercuts_one(self) -> None:
        """Prices are subadditive: whatever makes up a quality costs as much or more."""
        versions = self.versioner.menu(self.demand).versions
        scale = math.lcm(1, *(version.quality.denominator for version in versions))
        sizes = [(int(version.quality * scale), version.price.minor) for version in versions]
        for size, price in sizes:
            found = cheapest(sizes, size, price)
            assert found is None, f"{dict(found or {})} make up {size} for less than {price}"

    def test_the_revenue_is_what_the_menu_brings_in(self) -> None:
        """The stated revenue can be counted from the demand, or is that of the fees."""
        menu = self.versioner.menu(self.demand)
        if menu.versions:
            by_quality = {version.quality: version.price for version in menu.versions}
            prices = tuple(by_quality[point.quality] for point in self.demand.points)
            counted = revenue(self.demand, prices)
        else:
            assert menu.two_part is not None
            assert self.demand.line is not None
            fee = menu.two_part.fee
            counted = Money(fee.minor * self.demand.line.buyers, fee.currency)
        assert menu.revenue == counted, f"states {menu.revenue}, brings in {counted}"

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of a menu is lost in a record."""
        menu = self.versioner.menu(self.demand)
        assert from_wire(Menu, to_wire(menu)) == menu

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to price the versions again."""
        menu, record = recorded(self.versioner, self.demand)
        assert menu == self.versioner.menu(self.demand), "recording changed it"
        check_replay(record, {"revenue": (menu.revenue + unit(menu.revenue)).to_record()})
