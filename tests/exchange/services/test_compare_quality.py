from __future__ import annotations

from decimal import Decimal

import pytest

from exchange.errors import Forbidden
from exchange.expectations import Aspect
from exchange.services.compare_quality import (
    Comparison,
    compare_quality,
    is_blind,
    require_unblinded,
)
from tests.exchange.floor import COMMENTS, NOTICE, Hall, sheet


def compared(hall: Hall, number: str) -> Comparison:
    with hall.floor.read() as work:
        return compare_quality(work.products.get(number), on=hall.today, work=work)


def blind(hall: Hall, who: str, number: str) -> bool:
    with hall.floor.read() as work:
        return is_blind(hall.participant(who), work.products.get(number), work)


def ready(hall: Hall) -> str:
    number = hall.register().number
    hall.supplier.submit_sheet(number, sheet())
    return number


def test_an_expert_sees_the_figures_of_the_system_after_its_own_score(hall: Hall) -> None:
    number = ready(hall)
    assert blind(hall, "expert", number)
    with hall.floor.read() as work, pytest.raises(Forbidden, match="held back from an expert"):
        require_unblinded(hall.participant("expert"), work.products.get(number), work)
    hall.review(number)
    assert not blind(hall, "expert", number)
    with hall.floor.read() as work:
        require_unblinded(hall.participant("expert"), work.products.get(number), work)


def test_a_score_of_an_older_sheet_does_not_open_the_figures_of_a_new_one(hall: Hall) -> None:
    number = ready(hall)
    hall.review(number)
    hall.supplier.submit_sheet(number, sheet(use_cases=["another use"]))
    assert blind(hall, "expert", number)


@pytest.mark.parametrize("who", ["supplier", "house", "assessor"])
def test_who_does_not_score_is_not_blind(hall: Hall, who: str) -> None:
    number = ready(hall)
    with hall.floor.read() as work:
        require_unblinded(hall.participant(who), work.products.get(number), work)


def test_a_buyer_sees_the_quality_once_the_product_is_on_the_board(hall: Hall) -> None:
    number = hall.prepare()
    with hall.floor.read() as work, pytest.raises(Forbidden, match="open to its supplier"):
        require_unblinded(hall.participant("buyer"), work.products.get(number), work)
    hall.supplier.list(number)
    with hall.floor.read() as work:
        require_unblinded(hall.participant("buyer"), work.products.get(number), work)


def test_system_and_expert_stand_side_by_side_with_their_difference(hall: Hall) -> None:
    number = ready(hall)
    scores = {Aspect.ACCURACY: "0.6", Aspect.TIMELINESS: "0.9"}
    hall.expert.review(number, "0.7", COMMENTS, dimensions=scores)
    hall.advance(seconds=NOTICE)
    found = compared(hall, number)
    assert found.report.score == 1
    assert [(each.dimension, each.system, each.difference) for each in found.opinions] == [
        ("", Decimal(1), Decimal("-0.3")),
        ("accuracy", Decimal(1), Decimal("-0.4")),
        ("timeliness", None, None),  # static data has no period: the system measures nothing
    ]


def test_a_first_delivery_has_drifted_from_nothing(hall: Hall) -> None:
    number = ready(hall)
    (delivery,) = compared(hall, number).deliveries
    assert (delivery.profile.rows, delivery.score, delivery.drift) == (6, Decimal(1), None)
    assert delivery.record["verdict"] is None
