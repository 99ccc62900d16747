from __future__ import annotations

import pytest

from exchange.errors import BadField, Forbidden
from exchange.gauge import Gauge
from exchange.quality.sampling import MASK, draw
from exchange.services.draw_sample import draw_sample
from ledger.view import newest
from tests.exchange.floor import DATA, Hall, sheet

LONG = "n,level\n" + "".join(f"{n},{n % 17}\n" for n in range(500))
STAFF = "姓名,phone,code,shift\n" + "".join(
    f"{name},1{30 + n}0000{n:04d},P{n:03d},{'day' if n % 2 else 'night'}\n"
    for n, name in enumerate(["王芳", "李强", "张伟", "刘洋", "陈静", "杨磊", "赵敏", "孙丽"])
)


def described(text: str, *personal: str) -> list[dict[str, object]]:
    names = text.splitlines()[0].split(",")
    return [{"name": name, "meaning": name, "personal": name in personal} for name in names]


def ready(hall: Hall, text: str, *personal: str) -> str:
    number = hall.register("data.csv", text).number
    content = {"fields": described(text, *personal)}
    hall.supplier.submit_sheet(number, sheet(content=content))
    return number


def test_an_expert_is_shown_the_rows_that_the_notice_draws(hall: Hall) -> None:
    number = ready(hall, LONG)
    drawn = draw_sample(number, reader=hall.participant("expert"), floor=hall.floor)
    with hall.floor.read() as work:
        opened = newest(work.chain.store, f"product/{number}", "notice.opened")
        assert opened is not None
    assert drawn.notice == opened.leaf.hex()
    places = draw(drawn.notice, hall.product(number).data, 500)
    assert drawn.sample.places == places
    assert len(places) == 20
    # The n-th row of this file begins with n.
    assert [row[0] for row in drawn.sample.rows] == [str(place) for place in places]
    assert draw_sample(number, reader=hall.participant("assessor"), floor=hall.floor) == drawn


def test_what_is_sensitive_is_masked_and_nothing_sensitive_is_left(hall: Hall) -> None:
    number = ready(hall, STAFF, "code")
    shown = draw_sample(number, reader=hall.participant("expert"), floor=hall.floor).sample
    assert {"姓名", "phone", "code"} <= set(shown.masked)
    for row in shown.rows:
        cells = dict(zip(shown.columns, row, strict=True))
        assert cells["姓名"] == cells["phone"] == cells["code"] == MASK
        assert cells["shift"] in {"day", "night"}


def test_what_slips_through_unmasked_is_found_in_the_sample_again(hall: Hall) -> None:
    path = hall.file("staff.csv", STAFF)
    shown = Gauge().show(path, "staff.csv", range(8), ())
    assert {"姓名", "phone"} <= set(shown.masked)
    flat = "".join(cell or "" for row in shown.rows for cell in row)
    assert "王芳" not in flat
    assert "130000" not in flat


def test_a_missing_cell_stays_missing_and_a_long_one_is_cut(hall: Hall) -> None:
    path = hall.file("cells.csv", f"a,b\n,{'x' * 300}\n2,y\n")
    shown = Gauge().show(path, "cells.csv", (0,), ())
    assert shown.rows == ((None, "x" * 200 + "…"),)


@pytest.mark.parametrize("who", ["supplier", "buyer", "house", "insider", "valuer"])
def test_a_sample_is_for_independent_experts_and_assessors(hall: Hall, who: str) -> None:
    number = ready(hall, DATA)
    with pytest.raises(Forbidden):
        draw_sample(number, reader=hall.participant(who), floor=hall.floor)


def test_there_is_no_sample_before_there_is_a_sheet_to_review(hall: Hall) -> None:
    number = hall.register().number
    with pytest.raises(BadField, match="no spec sheet"):
        draw_sample(number, reader=hall.participant("expert"), floor=hall.floor)
