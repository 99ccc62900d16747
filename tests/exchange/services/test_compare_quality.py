from __future__ import annotations

import datetime as dt
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from exchange.errors import Forbidden
from exchange.expectations import Aspect
from exchange.quality import measure
from exchange.records import read_stored
from exchange.services.compare_quality import (
    Comparison,
    compare_quality,
    is_blind,
    pending_of,
    require_unblinded,
)
from exchange.specsheet import SpecSheet
from tests.exchange.floor import (
    ATTESTED,
    COMMENTS,
    DATA,
    EVIDENCE,
    NOTICE,
    SHEET,
    Hall,
    open_hall,
    sheet,
)


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
    assert found.report is not None
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


NEWER = DATA + "RZ,2026-01-04T02:00:00Z,119.63,35.43,7.1\n"
MONTHLY = {"update_frequency": "monthly", "first_collected": "2026-01-04", "increment_rows": 6}
AGEING = {"physical": SHEET["physical"] | MONTHLY | {"rows": None}}


def listed_again(hall: Hall, number: str, **changes: Any) -> None:
    hall.supplier.submit_sheet(number, sheet(**AGEING, **changes), [EVIDENCE])
    late_is_fine(hall, number)
    hall.review(number, "0.9")
    hall.supplier.list(number)


def late_is_fine(hall: Hall, number: str) -> None:
    until = hall.today + dt.timedelta(days=365)
    rules = [*ATTESTED, "Q-05"]
    hall.assessor.attest(number, rules, report=b"late, and fine", until=until, passed=True)


def test_every_sheet_keeps_the_scores_that_it_was_listed_with(tmp_path: Path) -> None:
    """Data that ages is listed, suspended, listed later, and changed: three sheets and listings."""
    with open_hall(tmp_path / "exchange") as hall:
        number = hall.prepare(sheet(**AGEING))
        hall.supplier.list(number)
        first = hall.today
        hall.house.suspend_listing(number, "a question")
        hall.advance(days=62)
        late_is_fine(hall, number)
        hall.supplier.list(number)
        again = hall.today
        hall.supplier.submit_sheet(number, sheet(**AGEING, use_cases=["another use"]))
        hall.advance(days=1)
        hall.supplier.change(number, hall.file("newer.csv", NEWER), "another hour")
        changed = compared(hall, number)
        assert changed.report is None
        assert changed.record["score"] is changed.record["report"] is None
        assert [(each.number, each.listed is None) for each in changed.versions] == [
            (1, False),
            (1, False),
            (2, True),
        ]
        hall.advance(seconds=NOTICE)
        listed_again(hall, number)
        found = compared(hall, number)
        old, new = (hall.file(data=each).read_bytes() for each in (DATA, NEWER))
        assert [
            (each.number, each.signed.facts["data"], each.experts) for each in found.versions
        ] == [
            (1, sha256(old).hexdigest(), (Decimal("0.95"),)),
            (1, sha256(old).hexdigest(), (Decimal("0.95"),)),
            (2, sha256(old).hexdigest(), ()),
            (3, sha256(new).hexdigest(), (Decimal("0.9"),)),
        ]
        # As of the days of the listings, whatever is measured today.
        with hall.floor.read() as work:
            signed = read_stored(
                SpecSheet, work.records.get(found.versions[0].signed.facts["sheet"])
            )
            profile = found.deliveries[0].profile
        then = [measure(signed, profile, day).score for day in (first, again, hall.today)]
        assert len(set(then)) == 3
        assert [each.score for each in found.versions[:3]] == [*then[:2], None]
        assert [each.today for each in found.versions[:2]] == [then[2], then[2]]
        assert found.report is not None
        assert found.versions[3].score == found.versions[3].today == found.report.score


def test_what_is_pending_is_said_until_it_is_on_the_board(hall: Hall) -> None:
    def pending(number: str) -> tuple[str, ...]:
        with hall.floor.read() as work:
            return pending_of(hall.product(number), work=work, floor=hall.floor)

    number = hall.register().number
    assert pending(number) == ("no spec sheet of it stands",)
    hall.advance(seconds=NOTICE)
    hall.supplier.submit_sheet(number, sheet(), [EVIDENCE])
    assert pending(number) == ("version 1 of its spec sheet is not on the board",)
    hall.attest(number)
    hall.review(number)
    hall.supplier.list(number)
    assert pending(number) == ()
    hall.supplier.change(number, hall.file("newer.csv", NEWER), "another hour")
    words = (
        "no spec sheet of it stands, and is to be signed anew after the change of its registration"
    )
    assert pending(number) == (words,)
