"""A party's own dealings over HTTP."""

from __future__ import annotations

from tests.exchange.web.town import Town


def test_the_caller_sees_its_own_dealings_and_nobody_elses(market: Town) -> None:
    (line,) = market.client("tide-data").get("/dealings").json
    assert (line["matter"], line["subject"]) == ("contract", market.trade)
    assert (line["side"], line["step"], line["by"]) == ("supplier", "conclude", "supplier")
    assert (line["waits_for_me"], line["number"], line["quote"]) == (True, 0, "")
    assert market.client("shipyard").get("/dealings").json == []
    assert market.client("house").get("/dealings").json == []
