"""Identities and licences folded from entries, and the acts that need them."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger.entries import Entry
from ledger.errors import BadAct
from ledger.merchants import identity_of, licences_of, licences_required, licensed
from tests.ledger.floor import ORIGIN, Floor, digest

PRACTICE = ["compliance-assessor: legal-practice", "quality-expert: expert-appointment"]


def assessor(floor: Floor) -> str:
    return f"participant/{floor.ids['assessor']}"


def ready(kind: str = "compliance.attested") -> Floor:
    """Come to where the assessor is next, in an exchange that asks it for a licence."""
    floor = Floor().ready(kind)
    floor.do("licence.required", licences=PRACTICE)
    return floor


def test_an_admission_needs_an_identity_that_has_not_ended() -> None:
    floor = Floor().ready("identity.verified")
    with pytest.raises(BadAct, match=r"identity: the identity of .* was not verified"):
        floor.do("participant.admitted")
    floor.do("identity.verified", until=floor.today())
    name = floor.ids["newcomer"]
    assert identity_of(floor.log, name, floor.today())
    assert identity_of(floor.log, name, floor.today(1)) is None
    floor.do("participant.admitted")


def test_an_identity_rests_on_a_document_and_has_not_ended() -> None:
    floor = Floor().ready("identity.verified")
    with pytest.raises(BadAct, match=r"identity: .* over at least one document"):
        floor.do("identity.verified", documents=[])
    with pytest.raises(BadAct, match=r"expiry: identity.verified of .* cannot run until"):
        floor.do("identity.verified", until=floor.today(-1))


def test_licences_are_named_by_role_and_class() -> None:
    floor = Floor().ready("licence.required")
    for wrong in (["valuer"], ["valuer: "], [": x"]):
        with pytest.raises(BadAct, match="licence: licences are named as role: class"):
            floor.do("licence.required", licences=wrong)
    with pytest.raises(BadAct, match="named twice"):
        floor.do("licence.required", licences=["valuer: a", "valuer: a"])
    floor.do("licence.required", licences=["valuer: a", "valuer: b", "broker: c"])
    assert licences_required(floor.log, ORIGIN, "valuer") == {"a", "b"}
    assert licences_required(floor.log, ORIGIN, "supplier") == frozenset()
    floor.do("licence.required", licences=[])
    assert licences_required(floor.log, ORIGIN, "valuer") == frozenset()


def test_an_attestation_needs_a_licence_that_runs_that_day() -> None:
    floor = ready()
    with pytest.raises(
        BadAct, match=r"licence: .* has no licence that runs as compliance-assessor"
    ):
        floor.do("compliance.attested")
    floor.do("licence.recorded", subject=assessor(floor), licence="surveying")
    with pytest.raises(BadAct, match="has no licence that runs"):
        floor.do("compliance.attested")
    floor.do("licence.recorded", subject=assessor(floor), until=floor.today())
    name = floor.ids["assessor"]
    times = (
        f"{floor.today(-1)}T23:59:59Z",
        f"{floor.today()}T23:59:59Z",
        f"{floor.today(1)}T00:00:00Z",
    )
    # Not before it was recorded, on its last day, and not after it.
    runs = [licensed(floor.log, name, "compliance-assessor", ORIGIN, time) for time in times]
    assert runs == [False, True, False]
    floor.do("compliance.attested")


def test_a_review_needs_a_licence_as_an_attestation_does() -> None:
    floor = ready("quality.reviewed")
    with pytest.raises(BadAct, match="has no licence that runs as quality-expert"):
        floor.do("quality.reviewed")


def test_a_verdict_cannot_rest_on_what_was_signed_under_a_withdrawn_licence() -> None:
    floor = ready()
    given = floor.do("licence.recorded", subject=assessor(floor))
    floor.do("compliance.attested")
    floor.do("licence.required", licences=PRACTICE[:1])
    for step in ("quality.reviewed", "listing.requested"):
        floor.do(step)
    floor.do("licence.withdrawn", subject=assessor(floor), licence=given.leaf.hex())
    with pytest.raises(BadAct, match="licence: no licence that stands is behind entry"):
        floor.do("compliance.verdict")
    floor.do("compliance.verdict", outcome="refused", fired=["T-05"])


def attested_twice(floor: Floor, until: str) -> tuple[Entry, Entry]:
    """Have the second assessor attest, and then the first, until a day."""
    second = floor.do("compliance.attested", "second-assessor")
    return second, floor.do("compliance.attested", until=until)


def test_a_verdict_rests_on_the_newest_word_that_still_counts() -> None:
    floor = ready()
    given = floor.do("licence.recorded", subject=assessor(floor))
    name = f"participant/{floor.ids['second-assessor']}"
    floor.do("licence.recorded", subject=name)
    second, first = attested_twice(floor, floor.today(300))
    floor.do("licence.required", licences=PRACTICE[:1])
    for step in ("quality.reviewed", "listing.vetted", "listing.requested"):
        floor.do(step)
    assert (first.subject, first.leaf.hex()) in floor.do("compliance.verdict").refs
    floor.do("licence.withdrawn", subject=assessor(floor), licence=given.leaf.hex())
    floor.do("listing.requested")
    assert (second.subject, second.leaf.hex()) in floor.do("compliance.verdict").refs


def test_a_verdict_does_not_rest_on_a_newer_word_that_ended_before_an_older_one() -> None:
    floor = Floor().ready("compliance.attested")
    second, _ = attested_twice(floor, floor.today(1))
    for step in ("quality.reviewed", "listing.vetted", "listing.requested"):
        floor.do(step)
    floor.now += dt.timedelta(days=2)
    verdict = floor.do("compliance.verdict", on=floor.today())
    assert (second.subject, second.leaf.hex()) in verdict.refs


def test_a_refusal_signed_under_a_withdrawn_licence_stops_no_verdict() -> None:
    floor = ready()
    given = floor.do("licence.recorded", subject=assessor(floor))
    name = f"participant/{floor.ids['second-assessor']}"
    floor.do("licence.recorded", subject=name)
    floor.do("compliance.attested", outcome="refused")
    floor.do("compliance.attested", "second-assessor")
    floor.do("licence.required", licences=PRACTICE[:1])
    for step in ("quality.reviewed", "listing.vetted", "listing.requested"):
        floor.do(step)
    with pytest.raises(BadAct, match=r"verdict: the assessor .* refused"):
        floor.do("compliance.verdict")
    floor.do("licence.withdrawn", subject=assessor(floor), licence=given.leaf.hex())
    floor.do("compliance.verdict")


def test_a_licence_is_withdrawn_once_and_only_where_it_was_recorded() -> None:
    floor = Floor().ready("licence.withdrawn")
    floor.do("licence.withdrawn")
    assert not list(licences_of(floor.log, floor.ids["rival"]))
    with pytest.raises(BadAct, match="withdrawn already"):
        floor.do("licence.withdrawn")
    with pytest.raises(BadAct, match=r"needs licence.recorded"):
        floor.do("licence.withdrawn", subject=assessor(floor))
    with pytest.raises(BadAct, match=r"needs licence.recorded"):
        floor.do("licence.withdrawn", licence=digest("nothing"))


def test_a_listing_on_the_negative_list_ends_after_it_began() -> None:
    floor = Floor().ready("negative.listed")
    for since, until in ((1, 9), (-1, -2)):
        with pytest.raises(BadAct, match="expiry: what began on"):
            floor.do("negative.listed", since=floor.today(since), until=floor.today(until))
    floor.do("negative.listed", since=floor.today(-9), until=floor.today(-2))
    floor.do("negative.cleared")
    with pytest.raises(BadAct, match="once"):
        floor.do("negative.cleared")
