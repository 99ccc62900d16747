from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from exchange.web.client import Problem
from tests.exchange.web.town import Town


def test_a_product_shows_its_head_as_its_etag(market: Town) -> None:
    answer = market.client().get(f"/products/{market.product}")
    assert answer.headers["ETag"] == f'"{answer.json["head"]}"'


def test_what_has_not_changed_is_not_sent_again(market: Town) -> None:
    client = market.client()
    head = market.head()
    answer = client.get(f"/products/{market.product}", if_none_match=head)
    assert (answer.status, answer.body) == (304, b"")
    assert client.get(f"/products/{market.product}", if_none_match="0" * 64).status == 200


def test_a_change_says_which_version_it_is_meant_for(market: Town) -> None:
    client = market.client("harbour")
    act = client.act("trade.lapsed", f"trade/{market.trade}", {"reason": "no need"})
    with pytest.raises(Problem) as refused:
        client.post(f"/trades/{market.trade}/lapse", act)
    assert (refused.value.status, refused.value.code) == (428, "precondition_required")


@pytest.mark.parametrize("path", ["suspension", "delisting"])
def test_a_change_of_an_older_version_is_refused(market: Town, path: str) -> None:
    old = market.head()
    market.desk("house").suspend_listing(market.product, "on the desk")
    client = market.client("house")
    kind = {"suspension": "listing.suspended", "delisting": "listing.delisted"}[path]
    act = client.act(kind, f"product/{market.product}", {"reason": "again"})
    with pytest.raises(Problem) as refused:
        client.post(f"/products/{market.product}/{path}", act, if_match=old)
    assert (refused.value.status, refused.value.code) == (412, "stale")


def test_of_eight_changes_of_one_version_one_is_made(market: Town) -> None:
    client, head = market.client("house"), market.head()
    subject = f"product/{market.product}"
    acts = [client.act("listing.suspended", subject, {"reason": str(n)}) for n in range(8)]

    def suspend(n: int) -> str:
        try:
            client.post(f"/products/{market.product}/suspension", acts[n], if_match=head)
        except Problem as problem:
            return problem.code
        return "done"

    with ThreadPoolExecutor(8) as threads:
        results = sorted(threads.map(suspend, range(8)))
    assert results == ["done"] + ["stale"] * 7
