"""Where a product comes from and what came of it, and where it was listed without the right to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.errors import BadAct
from ledger.lineage import LineageFinding, ancestors, descendants, lineage_findings
from ledger.registry import why_circular
from ledger.rights import lineage_processed, parents_processed
from tests.ledger.floor import PATH, Floor, digest
from tests.ledger.test_grades import registered
from tests.ledger.test_rights import derive, play

Graph = Mapping[str, list[str]]


def products(graph: Graph) -> tuple[Floor, dict[str, str]]:
    """Register products of one supplier, each with its parents, and return their numbers."""
    floor = Floor().ready("product.registered")
    numbers: dict[str, str] = {}
    for name, parents in graph.items():
        above = [numbers[parent] for parent in parents]
        play(floor, "product.registered", "sheet.submitted", parents=above)
        numbers[name] = floor.number("product")
    return floor, numbers


def named(found: tuple[object, ...], numbers: Mapping[str, str]) -> list[tuple[str, int]]:
    by_number = {number: name for name, number in numbers.items()}
    return [(by_number[kin.product], kin.depth) for kin in found]  # type: ignore[attr-defined]


def test_a_graph_is_walked_both_ways_by_the_shortest_paths() -> None:
    graph = {"radar": [], "buoy": [], "currents": ["radar"], "fusion": ["currents", "buoy"]}
    graph |= {"forecast": ["fusion", "radar"]}
    floor, numbers = products(graph)
    entries = list(floor.log.entries())
    above = ancestors(numbers["forecast"], entries)
    assert named(above, numbers) == [("fusion", 1), ("radar", 1), ("currents", 2), ("buoy", 2)]
    below = descendants(numbers["radar"], entries)
    assert named(below, numbers) == [("currents", 1), ("forecast", 1), ("fusion", 2)]
    assert below[2].path == tuple(numbers[name] for name in ("radar", "currents", "fusion"))
    assert ancestors(numbers["radar"], entries) == ()
    assert descendants(numbers["forecast"], entries) == ()
    assert ancestors("GP-AAAA-AAAA-AAAA", entries) == ()
    source, derived = above[1], above[2]
    assert source.words.endswith(f"at entry {source.entry.index}: its own sources")
    assert derived.words == (
        f"{numbers['currents']}, registered by {floor.ids['supplier']} at entry "
        f"{derived.entry.index}: {numbers['radar']}"
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sets(st.integers(0, 5), max_size=3), min_size=1, max_size=6))
def test_the_walks_are_those_of_a_naive_closure(drawn: list[set[int]]) -> None:
    graph = {
        f"p{place}": sorted({f"p{parent % place}" for parent in parents} if place else [])
        for place, parents in enumerate(drawn)
    }
    floor, numbers = products(graph)
    entries = list(floor.log.entries())

    def closure(name: str) -> set[str]:
        return {found for parent in graph[name] for found in ({parent} | closure(parent))}

    for name, number in numbers.items():
        above = {found for found, _ in named(ancestors(number, entries), numbers)}
        below = {found for found, _ in named(descendants(number, entries), numbers)}
        assert above == closure(name)
        assert below == {other for other in graph if name in closure(other)}


# Circles.


def in_2027(floor: Floor) -> Floor:
    floor.now = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    return floor


def named_as_parent(floor: Floor, number: str, parent: str) -> None:
    """Let a product of the path name a parent."""
    subject = f"product/{number}"
    floor.do("registration.changed", subject=subject, data=digest("data"), parents=[parent])


@pytest.mark.parametrize("remove", [0, 1, 2])
def test_no_product_names_itself_or_what_came_of_it_as_a_parent(remove: int) -> None:
    floor = Floor().ready("sheet.submitted")
    first = last = floor.number("product")
    for data in ("child", "grandchild")[:remove]:
        registered(floor, data, last)
        last = floor.number("product")
    with pytest.raises(BadAct, match=f"lineage: product/{first} comes from {last}, and so"):
        named_as_parent(in_2027(floor), first, last)


def test_what_an_exchange_of_before_let_come_from_itself_stays_valid_and_goes_no_further() -> None:
    floor = Floor().ready("sheet.submitted")
    number = floor.number("product")
    floor.now = dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
    named_as_parent(floor, number, number)
    for step in ("notice.opened", "registration.confirmed"):
        floor.wait_for(step)
        floor.do(step)
    with pytest.raises(BadAct, match=f"lineage: product/{number} comes from {number}, and so"):
        floor.do("sheet.submitted")
    assert why_circular(floor.log, f"product/{number}") != ""
    assert [kin.product for kin in ancestors(number, floor.log.entries())] == []


def test_nothing_is_listed_that_comes_from_itself() -> None:
    floor = Floor().ready("sheet.submitted")
    number = floor.number("product")
    named_as_parent(floor, number, number)
    for step in PATH[PATH.index("notice.opened") : PATH.index("listing.published")]:
        floor.wait_for(step).do(step)
    with pytest.raises(BadAct, match=f"lineage: product/{number} comes from {number}, and so"):
        in_2027(floor).do("listing.published")


# Terms.


def test_nothing_is_listed_or_derived_while_the_term_of_a_source_is_over_and_before_that_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    floor = Floor().ready("registration.confirmed")
    until = floor.later(days=20)
    floor.do("registration.confirmed", until=until)
    source = floor.number("product")
    number = derive(floor, source, who="supplier", end="listing.published")

    def broken() -> list[set[str]]:
        listing = floor.sign("listing.published", subject=f"product/{number}")
        claim = floor.sign("product.registered", parents=[number, source], data=digest("other"))
        return [
            {each.words for each in rule(floor.compose(signed), floor.log)}
            for signed, rule in ((listing, lineage_processed), (claim, parents_processed))
        ]

    monkeypatch.setattr("ledger.rights.STRICTER_SINCE", format_time(floor.now))
    assert broken() == [set(), set()]
    floor.now = parse_time(until, "until")
    assert broken() == [set(), set()]  # its last second
    floor.now += dt.timedelta(seconds=1)
    ended = f"the registration of product/{source} ended at {until}"
    assert broken() == [{ended}, {ended}]
    later = format_time(floor.now + dt.timedelta(seconds=1))
    monkeypatch.setattr("ledger.rights.STRICTER_SINCE", later)
    assert broken() == [set(), set()]
    monkeypatch.setattr("ledger.rights.STRICTER_SINCE", format_time(floor.now))
    floor.do("registration.renewed", subject=f"product/{source}", until=floor.later(days=9))
    assert broken() == [set(), set()]


def listed_after(floor: Floor, number: str, *, force: str = "listing.published") -> list[Entry]:
    """List a derived product without asking any rule."""
    floor.force(floor.compose(floor.sign(force, subject=f"product/{number}")))
    return list(floor.log.entries())


def test_a_history_that_keeps_the_rules_has_no_finding() -> None:
    floor = Floor().ready("right.granted")
    floor.do("right.granted")
    derive(floor, floor.number("product"))
    assert list(lineage_findings(floor.log.entries())) == []


@pytest.mark.parametrize("ended", ["revoked", "expired", "never granted"])
def test_a_listing_without_the_right_to_process_a_parent_is_found(ended: str) -> None:
    floor = Floor().ready("right.granted")
    parent = floor.number("product")
    if ended != "never granted":
        grant = floor.do("right.granted", until=floor.later(days=20)).leaf.hex()
        number = derive(floor, parent, end="listing.published")
    else:
        claim = floor.sign("product.registered", "rival", parents=[parent], data=digest("other"))
        number = floor.force(floor.compose(claim)).subject.partition("/")[2]
    if ended == "revoked":
        floor.do("right.revoked", subject=f"product/{parent}", grant=grant)
    if ended == "expired":
        floor.wait_for("registration.confirmed").wait_for("registration.confirmed")
    entries = listed_after(floor, number)
    words = f"{floor.ids['rival']} derived product/{number} from {parent} and has no right "
    expected = LineageFinding(entries[-1].index, "lineage", f"{words}to process that")
    assert list(lineage_findings(entries)) == [expected]


def test_a_listing_is_found_whose_parents_claim_was_not_upheld() -> None:
    floor = Floor().ready("objection.closed")
    parent = floor.number("product")
    floor.do("objection.closed", outcome="upheld")
    claim = floor.sign("product.registered", parents=[parent], data=digest("other"))
    number = floor.force(floor.compose(claim)).subject.partition("/")[2]
    found = list(lineage_findings(listed_after(floor, number)))
    assert [each.rule for each in found] == ["lineage"]


def test_a_listing_without_the_right_to_operate_is_found() -> None:
    floor = Floor().ready("product.registered")
    play(floor, "product.registered", "listing.published", rights=["holding"])
    entries = listed_after(floor, floor.number("product"))
    assert [each.rule for each in lineage_findings(entries)] == ["rights"]


def test_a_sale_of_what_was_derived_is_found_once_the_grant_has_ended() -> None:
    floor = Floor().ready("right.granted")
    parent = floor.number("product")
    grant = floor.do("right.granted").leaf.hex()
    derive(floor, parent)
    for step in PATH[PATH.index("scenario.filed") : PATH.index("trade.contracted")]:
        floor.do(step)
    floor.do("right.revoked", subject=f"product/{parent}", grant=grant)
    sold = floor.force(floor.compose(floor.sign("trade.contracted", "rival")))
    found = list(lineage_findings(floor.log.entries()))
    assert [(each.index, each.rule) for each in found] == [(sold.index, "lineage")]
