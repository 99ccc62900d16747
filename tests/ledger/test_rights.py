"""Rights: claims, grants and what they allow, by named examples and against a naive model."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ledger.acts import format_time
from ledger.entries import Entry
from ledger.errors import BadAct
from ledger.rights import RIGHTS, confirmed_claim, holds, rights_of, stands
from tests.ledger.floor import PATH, SIGNERS, Floor, digest

DAY = dt.timedelta(days=1)


def refused(floor: Floor, words: str, kind: str, who: str | None = None, **changes: Any) -> None:
    size = floor.log.edge().size
    with pytest.raises(BadAct, match=words):
        floor.do(kind, who, **changes)
    assert floor.log.edge().size == size


def play(floor: Floor, start: str, end: str, who: str = "supplier", **claim: Any) -> Floor:
    """Play the path with another supplier and other facts of its registration."""
    for step in PATH[PATH.index(start) : PATH.index(end)]:
        signer = who if SIGNERS.get(step) == "supplier" else None
        facts = claim if step == "product.registered" else {}
        floor.wait_for(step).do(step, signer, **facts)
    return floor


def derive(floor: Floor, *parents: str, who: str = "rival", end: str = "scenario.filed") -> str:
    """Register a product derived from others and take it up to an act of the path."""
    play(floor, "product.registered", end, who, parents=list(parents), data=digest("data"))
    return floor.number("product")


def held_by(floor: Floor, who: str, number: str) -> set[str]:
    at = format_time(floor.now)
    return {
        held.right
        for held in rights_of(floor.log, number, at)
        if held.participant == floor.ids[who]
    }


# Claims.


@pytest.mark.parametrize("rights", [[], ["operate"], ["holding", "holding"], ["holding", "all"]])
def test_the_rights_are_three_and_claimed_once(rights: list[str]) -> None:
    floor = Floor().ready("product.registered")
    refused(floor, "rights: ", "product.registered", rights=rights)


def test_a_supplier_holds_what_it_claimed_once_it_is_confirmed() -> None:
    floor = Floor().ready("product.registered")
    play(floor, "product.registered", "registration.confirmed", rights=["holding", "operating"])
    number = floor.number("product")
    assert rights_of(floor.log, number, floor.later()) == ()
    confirmed = floor.wait_for("registration.confirmed").do("registration.confirmed")
    held = rights_of(floor.log, number, floor.later())
    assert [each.right for each in held] == ["holding", "operating"]
    claim = confirmed_claim(floor.log, number)
    assert [each.rests_on for each in held] == [(claim, confirmed)] * 2


def test_nothing_is_held_in_a_product_that_is_not() -> None:
    assert rights_of(Floor().open().log, "GP-AAAA-AAAA-AAAA", "2026-01-05T09:00:00Z") == ()


def test_an_upheld_objection_leaves_no_right_whatever_was_confirmed() -> None:
    floor = Floor().ready("objection.closed")
    floor.do("objection.closed", outcome="upheld")
    floor.force(floor.compose(floor.sign("registration.confirmed")))
    assert rights_of(floor.log, floor.number("product"), floor.later()) == ()


def test_nothing_is_listed_without_the_right_to_operate_it() -> None:
    floor = Floor().ready("product.registered")
    play(floor, "product.registered", "listing.published", rights=["holding", "processing"])
    refused(floor, "rights: the right to operate .* was not claimed", "listing.published")


# Grants.


def test_a_grant_gives_the_right_for_its_time_and_rests_on_its_entries() -> None:
    floor = Floor().ready("right.granted")
    number = floor.number("product")
    grant = floor.do("right.granted", until=floor.later(days=30))
    (held,) = (
        each
        for each in rights_of(floor.log, number, floor.later())
        if each.participant == floor.ids["rival"]
    )
    assert (held.right, held.purposes, held.regions) == (
        "processing",
        ("ocean forecast",),
        ("Qingdao",),
    )
    assert [entry.kind for entry in held.rests_on] == [
        "right.granted",
        "product.registered",
        "registration.confirmed",
    ]
    last, after = grant.facts["until"], floor.later(days=30)
    assert stands(grant, floor.log, last)
    assert not stands(grant, floor.log, after)
    assert not stands(grant, floor.log, floor.later(hours=-1))
    assert held_by(floor, "rival", number) == {"processing"}
    floor.now += 31 * DAY
    assert held_by(floor, "rival", number) == set()


def test_a_right_is_granted_by_who_holds_it() -> None:
    floor = Floor().ready("right.granted")
    refused(floor, "is not a product of", "right.granted", "rival", to=floor.ids["buyer"])
    refused(floor, "was not claimed", "right.granted", right="reading")
    floor = Floor().ready("product.registered")
    play(floor, "product.registered", "sheet.submitted", rights=["holding"])
    refused(floor, "rights: the right 'processing' was not claimed", "right.granted")


def test_nothing_is_granted_before_the_claim_is_confirmed() -> None:
    floor = Floor().ready("registration.confirmed")
    refused(floor, "right.granted needs registration.confirmed", "right.granted")


@pytest.mark.parametrize("who", ["supplier", "applicant", "suspended", "nobody"])
def test_a_right_is_granted_to_another_in_good_standing(who: str) -> None:
    floor = Floor().ready("right.granted")
    floor.ids["applicant"] = floor.do("participant.key", "applicant").actor
    floor.do("participant.suspended", subject=f"participant/{floor.ids['expert']}")
    floor.ids |= {"suspended": floor.ids["expert"], "nobody": "PT-AAAA-AAAA-AAAA"}
    refused(floor, "is no other participant", "right.granted", to=floor.ids[who])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ({"minutes": -11}, {"days": 1}),
        ({"minutes": -5}, {"minutes": -1}),
        ({"days": 1}, {"days": 1}),
    ],
)
def test_a_grant_has_a_time_to_come(start: dict[str, int], end: dict[str, int]) -> None:
    floor = Floor().ready("right.granted")
    changes = {"from": floor.later(**start), "until": floor.later(**end)}
    refused(floor, "rights: a grant begins", "right.granted", **changes)


@pytest.mark.parametrize("name", ["purposes", "regions"])
@pytest.mark.parametrize("scope", [[], ["any", "Qingdao"]])
def test_a_grant_names_its_scope(name: str, scope: list[str]) -> None:
    floor = Floor().ready("right.granted")
    changes: dict[str, Any] = {name: scope}
    refused(floor, f"rights: {name}: one or more", "right.granted", **changes)


def test_a_grant_on_stays_within_the_grant_it_is_under() -> None:
    floor = Floor().ready("right.granted")
    buyer = floor.ids["buyer"]
    grant = floor.do("right.granted", regions=["Qingdao", "Yantai"])
    on: dict[str, Any] = {"to": buyer, "under": [grant.leaf.hex()], "until": floor.later(days=30)}
    beyond: list[dict[str, Any]] = [
        {"right": "operating"},
        {"until": floor.later(days=366)},
        {"from": floor.later(minutes=-5)},
        {"purposes": ["resale"]},
        {"purposes": ["ocean forecast", "resale"]},
        {"regions": ["any"]},
        {"exclusive": True},
    ]
    for changes in beyond:
        words = "rights: the grant goes beyond entry"
        refused(floor, words, "right.granted", "rival", **on | changes)
    floor.do("right.granted", "rival", **on | {"regions": ["Yantai"]})
    assert held_by(floor, "buyer", floor.number("product")) == {"processing"}


def test_a_grant_of_a_country_is_granted_on_for_its_parts_but_not_for_what_is_set_apart() -> None:
    floor = Floor().ready("right.granted")
    grant = floor.do("right.granted", regions=["CN", "EU"])
    on: dict[str, Any] = {
        "to": floor.ids["buyer"],
        "under": [grant.leaf.hex()],
        "until": floor.later(days=30),
    }
    for regions in (["CN-HK"], ["CN-SD", "US"], ["GB"], ["Shandong"]):
        words = "rights: the grant goes beyond entry"
        refused(floor, words, "right.granted", "rival", **on, regions=regions)
    floor.do("right.granted", "rival", **on, regions=["CN-37", "DE-HH"])


def test_only_the_grantee_grants_on_and_only_what_is_transferable() -> None:
    floor = Floor().ready("right.granted")
    closed = floor.do("right.granted", transferable=False).leaf.hex()
    opened = floor.do("right.granted").leaf.hex()
    buyer, until = floor.ids["buyer"], floor.later(days=30)
    words = "may not grant on under"
    refused(floor, words, "right.granted", "rival", to=buyer, under=[closed], until=until)
    refused(floor, words, "right.granted", "expert", to=buyer, under=[opened], until=until)
    two = [opened, closed]
    refused(floor, "under one other", "right.granted", "rival", to=buyer, under=two, until=until)
    elsewhere = [digest("nothing")]
    words = "right.granted needs right.granted .*, the one that under names"
    refused(floor, words, "right.granted", "rival", to=buyer, under=elsewhere, until=until)
    floor.do("right.granted", "rival", to=buyer, under=[opened], until=until)


def test_a_revocation_is_the_grantors_and_ends_what_is_under_the_grant() -> None:
    floor = Floor().ready("right.granted")
    number, buyer = floor.number("product"), floor.ids["buyer"]
    grant = floor.do("right.granted").leaf.hex()
    on = floor.do(
        "right.granted", "rival", to=buyer, under=[grant], until=floor.later(days=3)
    ).leaf.hex()
    words = "rights: .* was not granted by"
    refused(floor, words, "right.revoked", "rival", grant=grant)
    refused(floor, words, "right.revoked", grant=on)
    refused(floor, "needs right.granted", "right.revoked", grant=digest("nothing"))
    floor.do("right.revoked", grant=grant)
    assert held_by(floor, "rival", number) == held_by(floor, "buyer", number) == set()
    refused(floor, "was revoked already", "right.revoked", grant=grant)
    refused(floor, "was revoked already", "right.revoked", "rival", grant=on)
    words = "may not grant on under"
    refused(floor, words, "right.granted", "rival", to=buyer, under=[grant])


@pytest.mark.parametrize("first", [True, False])
def test_an_exclusive_grant_meets_no_other_of_its_right(first: bool) -> None:  # noqa: FBT001
    floor = Floor().ready("right.granted")
    buyer = floor.ids["buyer"]
    grant = floor.do("right.granted", exclusive=first).leaf.hex()
    words = "exclusive: the grant meets that of entry"
    refused(floor, words, "right.granted", to=buyer, exclusive=not first)
    refused(floor, words, "right.granted", to=buyer, exclusive=True, regions=["any"])
    last = next(floor.log.of_kind(floor.subjects["product"], "right.granted")).facts["until"]
    touching: dict[str, Any] = {"from": last, "until": floor.later(days=400), "exclusive": True}
    refused(floor, words, "right.granted", to=buyer, **touching)
    apart: list[dict[str, Any]] = [
        {"right": "operating"},
        {"regions": ["Yantai"]},
        {"purposes": ["fishing"]},
        {"from": floor.later(days=366), "until": floor.later(days=400)},
    ]
    for changes in apart:
        alone: dict[str, Any] = {"to": buyer, "exclusive": True}
        floor.do("right.granted", **alone | changes)
    floor.do("right.revoked", grant=grant)
    floor.do("right.granted", to=buyer, exclusive=True)


def test_a_grant_on_may_meet_the_exclusive_one_it_is_under() -> None:
    floor = Floor().ready("right.granted")
    grant = floor.do("right.granted", exclusive=True).leaf.hex()
    on: dict[str, Any] = {"under": [grant], "until": floor.later(days=30)}
    first = floor.do("right.granted", "rival", to=floor.ids["buyer"], exclusive=True, **on)
    words = "exclusive: the grant meets that of"
    refused(floor, words, "right.granted", "rival", to=floor.ids["expert"], **on)
    deeper: dict[str, Any] = {"under": [first.leaf.hex()], "until": floor.later(days=20)}
    floor.do("right.granted", "buyer", to=floor.ids["expert"], **deeper)


def test_a_contract_keeps_out_of_what_another_alone_may_operate() -> None:
    floor = Floor().ready("trade.contracted")
    alone: dict[str, Any] = {"right": "operating", "exclusive": True}
    grants = [
        floor.do("right.granted", **alone, regions=["Yantai"]),
        floor.do("right.granted", **alone, purposes=["fishing"]),
        floor.do("right.granted", **alone | {"right": "processing"}),
        floor.do("right.granted", right="operating", until=floor.later(days=2)),
    ]
    floor.do("right.revoked", grant=grants[3].leaf.hex())
    foreign = floor.do("right.granted", **alone, until=floor.later(days=30))
    words = f"exclusive: {floor.ids['rival']} alone operates this use by entry"
    refused(floor, words, "trade.contracted")
    floor.do("right.revoked", grant=foreign.leaf.hex())
    later: dict[str, Any] = {"from": floor.later(days=366), "until": floor.later(days=400)}
    floor.do("right.granted", **alone, **later)
    own: dict[str, Any] = {"to": floor.ids["buyer"], "until": floor.later(days=365)}
    floor.do("right.granted", **alone, **own)
    floor.do("trade.contracted")


# Derivation.


def test_a_product_is_derived_from_what_one_may_process() -> None:
    floor = Floor().ready("right.granted")
    parent = floor.number("product")
    claim: dict[str, Any] = {"parents": [parent], "data": digest("derived")}
    words = "rights: .* has no right to process"
    refused(floor, words, "product.registered", "rival", **claim)
    floor.do("right.granted")
    twice = claim | {"parents": [parent, parent]}
    refused(floor, "parents: a parent is named twice", "product.registered", "rival", **twice)
    entry = floor.do("product.registered", "rival", **claim)
    confirmed = next(floor.log.of_kind(f"product/{parent}", "registration.confirmed"))
    assert entry.refs == ((f"product/{parent}", confirmed.leaf.hex()),)


def test_a_supplier_derives_from_its_own_product_if_it_claimed_to_process_it() -> None:
    floor = Floor().ready("product.registered")
    play(floor, "product.registered", "sheet.submitted", rights=["holding", "operating"])
    refused(floor, "no right to process", "product.registered", parents=[floor.number("product")])
    play(floor, "product.registered", "sheet.submitted")
    floor.do("product.registered", parents=[floor.number("product")])


def test_a_parent_is_confirmed_before() -> None:
    floor = Floor().ready("registration.confirmed")
    parents = [floor.number("product"), "GP-AAAA-AAAA-AAAA"]
    for parent in parents:
        words = f"product.registered needs registration.confirmed in product/{parent}"
        refused(floor, words, "product.registered", parents=[parent])


def test_a_grant_that_has_ended_ends_the_listing_and_the_sale_of_what_was_derived() -> None:
    floor = Floor().ready("right.granted")
    parent = floor.number("product")
    grant = floor.do("right.granted")
    derive(floor, parent, end="listing.published")
    story = floor.subjects["product"]
    floor.do("right.revoked", subject=f"product/{parent}", grant=grant.leaf.hex())
    refused(floor, "lineage: .* has no right to process", "listing.published")
    again = floor.do("right.granted", subject=f"product/{parent}")
    floor.do("listing.published", subject=story)
    play(floor, "scenario.filed", "trade.contracted")
    floor.do("right.revoked", subject=f"product/{parent}", grant=again.leaf.hex())
    refused(floor, "lineage: ", "trade.contracted", "rival")


def test_a_right_that_ended_two_derivations_back_counts_too() -> None:
    floor = Floor().ready("right.granted")
    first = floor.number("product")
    grant = floor.do("right.granted")
    second = derive(floor, first, end="sheet.submitted")
    floor.do("right.granted", "rival", subject=f"product/{second}", to=floor.ids["supplier"])
    derive(floor, second, who="supplier", end="listing.published")
    floor.do("right.revoked", subject=f"product/{first}", grant=grant.leaf.hex())
    words = f"lineage: {floor.ids['rival']} derived product/{second} from {first}"
    refused(floor, words, "listing.published")


# Against a model that counts in cells: a right, a purpose, a region and a day.

PURPOSES, DAYS = ("fishing", "forecast"), range(6)
REGIONS = ("CN-SD", "CN-SH", "the rest of CN")
PEOPLE = ("supplier", "rival", "buyer", "expert")
CLAIMED = ("processing", "operating")
SCOPES = {
    "purposes": [["any"], ["fishing"], ["forecast"], ["fishing", "forecast"]],
    "regions": [["any"], ["CN"], ["CN-SD"], ["CN-SH"]],
}
WISHES = st.fixed_dictionaries(
    {
        "right": st.sampled_from(RIGHTS),
        "to": st.sampled_from(PEOPLE),
        "purposes": st.sampled_from(SCOPES["purposes"]),
        "regions": st.sampled_from(SCOPES["regions"]),
        "exclusive": st.booleans(),
        "transferable": st.booleans(),
    }
)
Cell = tuple[str, str, str, int]


def covered(regions: list[str]) -> list[str]:
    """Return the cells of a list of regions."""
    if regions == ["any"]:
        return [*REGIONS, "elsewhere"]
    return list(REGIONS) if regions == ["CN"] else regions


@dataclass
class Given:
    entry: Entry
    giver: str
    to: str
    cells: frozenset[Cell]
    exclusive: bool
    transferable: bool
    above: Given | None
    ended: bool = False

    @property
    def line(self) -> list[Given]:
        return [self, *(self.above.line if self.above else [])]

    @property
    def alive(self) -> bool:
        return not any(each.ended for each in self.line)


class Grants(RuleBasedStateMachine):
    """Grants and revocations are accepted as the model says, and never meet where exclusive."""

    @initialize()
    def register(self) -> None:
        self.floor = Floor().ready("product.registered")
        play(self.floor, "product.registered", "sheet.submitted", rights=list(CLAIMED))
        self.number = self.floor.number("product")
        self.start = self.floor.now + DAY
        self.given: list[Given] = []

    def day(self, number: int) -> str:
        return format_time(self.start + number * DAY)

    @rule(
        wish=WISHES,
        days=st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)),
        under=st.none() | st.integers(0, 9),
        impostor=st.none() | st.sampled_from(PEOPLE),
    )
    def grant(
        self,
        wish: dict[str, Any],
        days: tuple[int, int],
        under: int | None,
        impostor: str | None,
    ) -> None:
        above = self.given[under % len(self.given)] if under is not None and self.given else None
        giver = impostor or (above.to if above else "supplier")
        right, to, exclusive = wish["right"], wish["to"], wish["exclusive"]
        cells = frozenset(
            product(
                [right],
                [*PURPOSES, "else"] if wish["purposes"] == ["any"] else wish["purposes"],
                covered(wish["regions"]),
                range(days[0], days[1] + 1),
            )
        )
        facts: dict[str, Any] = wish | {
            "to": self.floor.ids[to],
            "from": self.day(days[0]),
            "until": self.day(days[1]),
            "under": [above.entry.leaf.hex()] if above else [],
        }
        if above:
            may = giver == above.to and above.transferable and above.alive
            may = may and cells <= above.cells and (above.exclusive or not exclusive)
        else:
            may = giver == "supplier" and right in CLAIMED
        line = above.line if above else []
        meets = any(
            other.alive and (exclusive or other.exclusive) and cells & other.cells
            for other in self.given
            if not any(other is each for each in line)
        )
        if may and not meets and days[0] < days[1] and to != giver:
            entry = self.floor.do("right.granted", giver, **facts)
            given = Given(entry, giver, to, cells, exclusive, wish["transferable"], above)
            self.given.append(given)
        else:
            refused(self.floor, "rights: |exclusive: ", "right.granted", giver, **facts)

    @rule(which=st.integers(0, 9), by=st.none() | st.sampled_from(PEOPLE))
    def revoke(self, which: int, by: str | None) -> None:
        if not self.given:
            return
        grant = self.given[which % len(self.given)]
        facts = {"grant": grant.entry.leaf.hex()}
        who = by or grant.giver
        if grant.alive and who == grant.giver:
            self.floor.do("right.revoked", who, **facts)
            grant.ended = True
        else:
            refused(self.floor, "rights: |needs: ", "right.revoked", who, **facts)

    @invariant()
    def exclusive_grants_never_meet(self) -> None:
        alive = [grant for grant in self.given if grant.alive]
        for one, other in combinations(alive, 2):
            if one.exclusive or other.exclusive:
                related = any(one is each for each in other.line)
                assert related or not one.cells & other.cells

    @invariant()
    def the_fold_is_the_model(self) -> None:
        for day, who, right in product(DAYS, PEOPLE, RIGHTS):
            expected = who == "supplier" and right in CLAIMED
            for grant in self.given:
                kept = any(cell[0] == right and cell[3] == day for cell in grant.cells)
                expected = expected or (grant.to == who and grant.alive and kept)
            name = self.floor.ids[who]
            assert holds(self.floor.log, name, self.number, right, self.day(day)) == expected


Grants.TestCase.settings = settings(max_examples=25, stateful_step_count=14, deadline=None)
test_grants_are_accepted_as_the_model_says = Grants.TestCase
