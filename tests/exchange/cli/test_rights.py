"""``guapai right``: grant, revoke, list; and products derived from others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import DERIVED, Hall, open_hall


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        yield hall


def line(hall: Hall, to: str = "contributor", handle: str = "supplier", **more: str) -> list[str]:
    options = {"right": "processing", "purpose": "forecast", "region": "CN", "until": "2026-03-31"}
    said = [part for name, value in (options | more).items() for part in (f"--{name}", value)]
    return ["right", "grant", hall.number, "--to", to, *said, "--as", handle]


def holders(guapai: Guapai, hall: Hall) -> dict[str, Any]:
    rights = guapai.json("right", "list", hall.number)["rights"]
    names = {hall.participant(each).id: each for each in ("supplier", "contributor", "rival")}
    return {names[each["participant"]]: each for each in rights if each["granted_by"]}


def test_a_right_is_granted_listed_and_taken_back(market: Hall, tmp_path: Path) -> None:
    guapai = Guapai(market.folder)
    (tmp_path / "agreement.txt").write_text("seven parts in ten\n")
    agreed = ["--agreement", str(tmp_path / "agreement.txt")]
    grant = guapai.json(*line(market), *agreed, "--exclusive", "--transferable")["head"]
    held = holders(guapai, market)["contributor"]
    assert held["entries"][0] == grant
    assert (held["from"], held["until"]) == ("2026-01-05T10:00:00Z", "2026-03-31T23:59:59Z")
    assert held["exclusive"]
    assert held["transferable"]
    on = guapai.json(*line(market, "rival", "contributor"), "--under", grant)["head"]
    assert holders(guapai, market)["rival"]["entries"][:2] == [on, grant]
    guapai("right", "revoke", on, "--reason", "done", "--as", "contributor")
    assert set(holders(guapai, market)) == {"contributor"}
    with market.floor.read() as work:
        entry = work.chain.store.by_leaf(grant)
    assert entry
    revoked = guapai("right", "revoke", entry.index, "--reason", "broken", "--as", "supplier")
    assert f"the grant of entry {entry.index} in {market.number} is revoked" in revoked.stdout
    assert holders(guapai, market) == {}


def test_a_grant_begins_when_it_says(market: Hall) -> None:
    guapai = Guapai(market.folder)
    guapai(*line(market, **{"from": "2026-02-01", "until": "2026-02-28T12:00:00Z"}))
    assert holders(guapai, market) == {}
    guapai("clock", "--advance", "27d")
    held = holders(guapai, market)["contributor"]
    assert (held["from"], held["until"]) == ("2026-02-01T00:00:00Z", "2026-02-28T12:00:00Z")


def test_a_derived_product_names_its_parents(market: Hall) -> None:
    guapai = Guapai(market.folder)
    file = market.file("derived.csv", DERIVED)
    register = ["register", file, "--parent", market.number, "--as", "contributor"]
    assert guapai.error(*register, code=3)["code"] == "forbidden"
    guapai(*line(market))
    number = guapai.json(*register)["number"]
    found = guapai.json("right", "list", market.number)
    assert [kin["path"] for kin in found["descendants"]] == [[market.number, number]]
    found = guapai.json("right", "list", number)
    assert [kin["product"] for kin in found["ancestors"]] == [market.number]
    said = guapai("right", "list", number).stdout
    assert market.number in said.partition("Derived from")[2]


def test_the_list_is_for_people_too(market: Hall) -> None:
    guapai = Guapai(market.folder)
    said = guapai(*line(market), "--exclusive").stdout
    assert said.startswith(f"contributor holds the right of processing in {market.number} from")
    said = guapai("right", "list", market.number).stdout
    row = next(each for each in said.splitlines() if each.startswith("contributor"))
    assert "processing" in row
    assert "exclusive" in row
    assert "forecast" in row


# Command line, exit code, error code.
REFUSED: dict[str, tuple[Callable[[Hall], list[str]], int, str]] = {
    "nobody": (lambda hall: line(hall, "nobody"), 1, "not_found"),
    "a day that is none": (lambda hall: line(hall, until="2026-02-30"), 2, "bad_field"),
    "a time that is none": (lambda hall: line(hall, **{"from": "soon"}), 2, "bad_field"),
    "a time that is past": (lambda hall: line(hall, until="2026-01-01"), 3, "refused"),
    "the product of another": (lambda hall: line(hall, handle="contributor"), 3, "forbidden"),
    "under nothing": (lambda hall: [*line(hall), "--under", "9999"], 1, "not_found"),
    "no agreement there": (lambda hall: [*line(hall), "--agreement", "nowhere"], 1, "not_found"),
    "revoke nothing": (
        lambda _: ["right", "revoke", "0" * 64, "--reason", "x", "--as", "supplier"],
        1,
        "not_found",
    ),
    "revoke what is no grant": (
        lambda _: ["right", "revoke", "0", "--reason", "x", "--as", "supplier"],
        1,
        "not_found",
    ),
    "list nothing": (lambda _: ["right", "list", "GP-0"], 1, "not_found"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_how_it_ends(market: Hall, case: str) -> None:
    command, code, error = REFUSED[case]
    size = market.size
    assert Guapai(market.folder).error(*command(market), code=code)["code"] == error
    assert market.size == size
