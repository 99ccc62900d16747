"""Who may engage whom, and who is owed what, from the entries alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ledger.errors import BadAct
from tests.ledger.floor import FEE, Floor


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": "buyer"}, "nobody is engaged as buyer"),
        ({"role": "valuer"}, "is not admitted as valuer"),
        ({"contingent": True}, "does not depend on the outcome"),
        ({"due": "2026-01-01T00:00:00Z"}, "the work was due at"),
        ({"amount": FEE | {"minor": 0}}, "the fee is above zero"),
    ],
)
def test_an_offer_out_of_order_is_refused(changes: dict[str, Any], words: str) -> None:
    floor = Floor().ready("engagement.proposed")
    with pytest.raises(BadAct, match=f"engagement: .*{words}"):
        floor.do("engagement.proposed", **changes)


def test_nobody_engages_itself() -> None:
    floor = Floor().ready("engagement.proposed")
    with pytest.raises(BadAct, match="nobody engages itself"):
        floor.do("engagement.proposed", to=floor.ids["supplier"], role="supplier")


def test_work_is_taken_by_who_was_asked_in_time_and_under_a_licence() -> None:
    floor = Floor().ready("engagement.accepted")
    with pytest.raises(BadAct, match=r"party: "):
        floor.do("engagement.accepted", "second-assessor")
    floor.do("licence.required", licences=["compliance-assessor: legal-practice"])
    with pytest.raises(BadAct, match=r"licence: .* has no licence that runs"):
        floor.do("engagement.accepted")
    floor.do("licence.required", licences=[])
    floor.now += dt.timedelta(days=31)
    with pytest.raises(BadAct, match="the work was due at"):
        floor.do("engagement.accepted")


def test_who_engaged_cancels_only_what_is_overdue_and_undone_or_contingent() -> None:
    floor = Floor().ready("engagement.cancelled")
    with pytest.raises(BadAct, match="who engaged owes the fee until the work is overdue"):
        floor.do("engagement.cancelled", "supplier")
    floor.now += dt.timedelta(days=31)
    floor.do("engagement.cancelled", "supplier")
    floor = Floor().ready("engagement.paid")
    floor.now += dt.timedelta(days=31)
    with pytest.raises(BadAct, match=r"who engaged owes the fee"):
        floor.do("engagement.cancelled", "supplier")
    with pytest.raises(BadAct, match=r"party: .* is no party to"):
        floor.do("engagement.cancelled", "rival")


def test_only_who_engaged_or_the_operator_pays() -> None:
    floor = Floor().ready("engagement.paid")
    with pytest.raises(BadAct, match="is paid for by"):
        floor.do("engagement.paid", "assessor")
    floor.do("engagement.paid", "operator")
    with pytest.raises(BadAct, match=r"order: engagement.cancelled cannot follow engagement.paid"):
        floor.do("engagement.cancelled")


def test_the_fee_is_the_one_offered() -> None:
    floor = Floor().ready("engagement.accepted")
    with pytest.raises(BadAct, match=r"needs engagement.proposed"):
        floor.do("engagement.accepted", amount=FEE | {"minor": 1})
