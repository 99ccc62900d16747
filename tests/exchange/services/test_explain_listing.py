"""What is told of a product is what then happens, and whom it is told is who can do something."""

from __future__ import annotations

import datetime as dt

from exchange.compliance import RulePack
from exchange.listing import ListingState
from exchange.services.adopt_pack import adopt_pack
from exchange.services.explain_listing import Explanation, explain_product
from exchange.services.list_product import judge
from tests.exchange.floor import SHEET, Hall, sheet


def explained(hall: Hall, number: str = "") -> Explanation:
    with hall.floor.read() as work:
        product = work.products.get(number or hall.number)
        return explain_product(product, work=work, floor=hall.floor)


def under(hall: Hall, pack: RulePack) -> None:
    """Let the exchange adopt another pack."""
    hall.venue.__dict__ |= {"pack": pack}
    hall.venue.__dict__.pop("floor", None)
    adopt_pack(floor=hall.floor)


# What stands on the board.


def test_what_stands_by_an_earlier_pack_is_explained_as_standing(listed: Hall) -> None:
    under(listed, RulePack("cn", "CN", "next", listed.floor.pack.rules))
    assert listed.product().listing is ListingState.LISTED
    assert explained(listed).passed
    with listed.floor.read() as work:
        assert judge(listed.product(), work=work, floor=listed.floor).review.passed
    listed.house.suspend_listing(listed.number, "a complaint")
    told = explained(listed)  # a new verdict wants words under the pack in force
    assert {"T-05", "V-01"} <= {finding.rule for finding in told.review.blocking}


def test_data_that_grew_old_on_the_board_is_explained_as_it_was_judged(hall: Hall) -> None:
    physical = SHEET["physical"] | {"update_frequency": "daily", "increment_rows": 2}
    hall.list(sheet(physical=physical))
    hall.advance(days=90)
    assert explained(hall).passed
    hall.house.suspend_listing(hall.number, "a complaint")
    assert [finding.rule for finding in explained(hall).review.blocking] == ["Q-05"]


def test_a_verdict_that_has_ended_is_explained_as_a_request_would_find_it(listed: Hall) -> None:
    over = dt.date.fromisoformat(listed.product().valid_until or "")
    listed.advance(days=(over - listed.today).days + 1)
    assert not explained(listed).passed
