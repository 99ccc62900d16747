"""Named refusals: each rule of the house that somebody could wish to get around."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from ledger.errors import BadAct
from ledger.rules import broken_rules, find_needed, keys_of, roles_of
from ledger.scores import DIMENSIONS
from tests.ledger.floor import NOTICE, ORIGIN, PATH, Floor, digest, line, pair


def refused(floor: Floor, words: str, kind: str, who: str | None = None, **changes: Any) -> None:
    size = floor.log.edge().size
    with pytest.raises(BadAct, match=words):
        floor.do(kind, who, **changes)
    assert floor.log.edge().size == size


def walk(floor: Floor, start: str, end: str) -> Floor:
    """Play the path from one act up to, not including, another."""
    for step in PATH[PATH.index(start) : PATH.index(end)]:
        floor.wait_for(step).do(step)
    return floor


def relist(floor: Floor) -> Floor:
    """Play from a signed sheet to a listing again."""
    return walk(floor, "sheet.submitted", "scenario.filed")


# Opening, admission and who may sign.


def test_only_the_first_participant_opens_the_exchange_and_at_once() -> None:
    floor = Floor().ready("exchange.opened")
    floor.ids["other"] = floor.do("participant.key", "other").actor
    refused(floor, "opening: exchange.opened is entry 1", "exchange.opened")
    refused(floor, "opening: exchange.opened is entry 1", "exchange.opened", "other")


def test_the_second_participant_cannot_open_the_exchange() -> None:
    floor = Floor()
    floor.do("participant.key", "first")
    floor.ids["operator"] = floor.do("participant.key", "operator").actor
    refused(floor, "opening", "exchange.opened")


def test_an_exchange_opens_under_the_name_of_its_log() -> None:
    floor = Floor().ready("exchange.opened")
    words = "opening: exchange/other is not the exchange of this log"
    refused(floor, words, "exchange.opened", subject="exchange/other")


def test_an_exchange_opens_once() -> None:
    refused(Floor().open(), "once", "exchange.opened")


@pytest.mark.parametrize("roles", [["operator"], ["supplier", "operator"], []])
def test_nobody_is_admitted_as_operator_or_in_no_role(roles: list[str]) -> None:
    floor = Floor().ready("participant.admitted")
    refused(floor, "role: ", "participant.admitted", roles=roles)


@pytest.mark.parametrize("role", ["supplier", "buyer", "compliance-assessor"])
def test_the_operator_cannot_take_another_role_in_its_own_exchange(role: str) -> None:
    floor = Floor().open()
    own = f"participant/{floor.ids['operator']}"
    refused(
        floor, "cannot stand in another role", "participant.admitted", subject=own, roles=[role]
    )


def test_the_operator_cannot_sign_for_the_assessor() -> None:
    floor = Floor().ready("compliance.attested")
    refused(floor, "it takes compliance-assessor", "compliance.attested", "operator")
    signed = floor.sign("compliance.attested")
    theirs = type(signed)(signed.act, pair("operator").sign(signed.act.message))
    with pytest.raises(BadAct, match=r"signature: .* does not cover the act"):
        floor.put(theirs)


def test_a_participant_cannot_introduce_itself_with_a_key_it_does_not_hold() -> None:
    floor = Floor().open()
    theirs = pair("buyer").public_key.hex()
    refused(floor, "signature|key", "participant.key", "thief", public_key=theirs)


def test_a_suspended_participant_acts_again_once_readmitted() -> None:
    floor = Floor().ready("product.registered")
    subject = f"participant/{floor.ids['supplier']}"
    floor.do("participant.suspended", subject=subject)
    assert not roles_of(floor.log, floor.ids["supplier"], ORIGIN)
    refused(floor, "role", "product.registered")
    floor.do("participant.admitted", subject=subject, roles=["supplier"])
    floor.do("product.registered")


def test_a_readmission_in_other_roles_replaces_the_earlier_ones() -> None:
    floor = Floor().ready("product.registered")
    subject = f"participant/{floor.ids['supplier']}"
    floor.do("participant.admitted", subject=subject, roles=["broker"])
    assert roles_of(floor.log, floor.ids["supplier"], ORIGIN) == {"broker"}
    refused(floor, "role", "product.registered")


def test_keys_and_roles_are_those_of_the_log() -> None:
    floor = Floor().open()
    (key,) = keys_of(floor.log, floor.ids["buyer"], floor.later())
    assert (key.public_key, key.recipient) == (pair("buyer").public_key, "age1buyer")
    assert not keys_of(floor.log, "PT-AAAA-AAAA-AAAA", floor.later())
    assert roles_of(floor.log, floor.ids["operator"], ORIGIN) == {"operator"}
    assert not roles_of(floor.log, floor.ids["operator"], "other.example/ledger")


# Registration: claim, notice, objection, confirmation.


def test_a_claim_of_no_right_is_refused() -> None:
    refused(Floor().ready("product.registered"), "rights", "product.registered", rights=[])


def test_a_notice_shorter_than_the_rules_of_the_house_is_refused() -> None:
    floor = Floor().ready("notice.opened")
    short = floor.later(days=7, seconds=-1)
    refused(floor, "notice: the notice is shorter", "notice.opened", until=short)


def test_a_confirmation_waits_for_the_notice_to_run() -> None:
    floor = Floor().ready("notice.opened")
    notice = floor.do("notice.opened")
    floor.now = dt.datetime.fromisoformat(notice.facts["until"]) - dt.timedelta(seconds=1)
    refused(floor, "notice: the public notice runs until", "registration.confirmed")
    floor.now += dt.timedelta(seconds=1)
    floor.do("registration.confirmed")


def test_a_confirmation_dated_ahead_holds_up_everything_after_it() -> None:
    floor = Floor().ready("registration.confirmed")
    floor.do("registration.confirmed")
    floor.now -= NOTICE
    refused(floor, "time: .* is before entry", "sheet.submitted")


def test_an_open_objection_holds_up_the_confirmation() -> None:
    floor = Floor().ready("registration.confirmed")
    floor.now -= NOTICE
    floor.do("objection.filed")
    floor.now += NOTICE
    refused(floor, "objection: an objection is open", "registration.confirmed")
    floor.do("objection.closed")
    floor.do("registration.confirmed")


def twice_objected() -> tuple[Floor, str, str]:
    """Return a floor on which two object to a claim on notice, and the hashes of both."""
    floor = Floor().ready("registration.confirmed")
    floor.now -= NOTICE
    first, second = (floor.do("objection.filed", who).leaf.hex() for who in ("rival", "buyer"))
    return floor, first, second


def test_two_objections_take_two_decisions() -> None:
    floor, first, second = twice_objected()
    floor.now += NOTICE
    closed = floor.do("objection.closed", objection=first)
    assert closed.refs == ((closed.subject, first),)
    refused(floor, "objection: an objection is open", "registration.confirmed")
    words = "objection: the objection was decided at entry"
    refused(floor, words, "objection.closed", objection=first)
    floor.do("objection.closed", objection=second)
    refused(floor, words, "objection.closed", objection=second)
    floor.do("registration.confirmed")


def test_a_participant_objects_once_at_a_time() -> None:
    floor = Floor().ready("registration.confirmed")
    floor.now -= NOTICE
    first = floor.do("objection.filed").leaf.hex()
    refused(floor, "once: an objection of", "objection.filed")
    floor.do("objection.filed", "buyer")
    floor.do("objection.closed", objection=first)
    floor.do("objection.filed")


def test_one_objection_that_is_upheld_ends_the_others() -> None:
    floor, first, second = twice_objected()
    floor.do("objection.closed", objection=second, outcome="upheld")
    words = "objection: the objection ended when another one was upheld"
    refused(floor, words, "objection.closed", objection=first)


def test_an_objection_is_withdrawn_once_by_who_filed_it_and_decided_no_more() -> None:
    floor, first, second = twice_objected()
    for who in ("buyer", "supplier", "operator"):
        refused(floor, "needs objection.filed", "objection.withdrawn", who, objection=first)
    gone = floor.do("objection.withdrawn", objection=first)
    words = f"objection: the objection was withdrawn at {gone.named}"
    refused(floor, words, "objection.withdrawn", objection=first)
    refused(floor, words, "objection.closed", objection=first)
    floor.now += NOTICE
    refused(floor, "an objection is open", "registration.confirmed")
    closed = floor.do("objection.closed", objection=second)
    words = f"objection: the objection was decided at {closed.named}"
    refused(floor, words, "objection.withdrawn", "buyer", objection=second)
    floor.do("registration.confirmed")


def test_an_objection_that_another_one_ended_is_not_withdrawn() -> None:
    floor, first, second = twice_objected()
    floor.do("objection.closed", objection=second, outcome="upheld")
    words = "objection: the objection ended when another one was upheld"
    refused(floor, words, "objection.withdrawn", objection=first)


def test_a_decision_names_an_objection_to_this_claim() -> None:
    floor = Floor().ready("objection.closed")
    notice = floor.leaf("notice.opened")
    for other in (digest("nothing"), notice):
        words = "objection.closed needs objection.filed .*, the one that objection names"
        refused(floor, words, "objection.closed", objection=other)


def test_an_objection_upheld_ends_the_registration() -> None:
    floor = Floor().ready("registration.confirmed")
    floor.now -= NOTICE
    for outcome in ("upheld", "dismissed"):  # a dismissal of another does not heal it
        floor.do("objection.filed")
        floor.do("objection.closed", outcome=outcome)
    floor.now += NOTICE
    refused(floor, "objection: an objection was upheld", "registration.confirmed")


def test_an_objection_after_the_notice_is_refused() -> None:
    floor = Floor().ready("registration.confirmed")
    refused(floor, "notice: the public notice ended", "objection.filed")


def test_an_objection_is_dismissed_or_upheld_and_nothing_else() -> None:
    floor = Floor().ready("objection.closed")
    refused(floor, "outcome", "objection.closed", outcome="postponed")


# No compliance, no listing.


def _sheet_of_another_supplier(floor: Floor) -> None:
    refused(floor, "party: .* is not a product of", "sheet.submitted", "rival")


def _attested_by_its_supplier(floor: Floor) -> None:
    floor.do(
        "participant.admitted",
        subject=f"participant/{floor.ids['supplier']}",
        roles=["supplier", "compliance-assessor"],
    )
    refused(floor, "signed by another participant", "compliance.attested", "supplier")


def _attested_with_a_second_key(floor: Floor) -> None:
    floor.rotate("supplier", "another key")
    own = f"participant/{floor.ids['supplier']}"
    floor.do("participant.admitted", subject=own, roles=["supplier", "compliance-assessor"])
    refused(floor, "signed by another participant", "compliance.attested", "supplier")


def _attested_over_an_older_sheet(floor: Floor) -> None:
    floor.do("sheet.submitted", sheet=digest("another sheet"))
    refused(floor, "the latest of its kind", "compliance.attested")


def _attested_over_no_rule(floor: Floor) -> None:
    refused(floor, "rules: an attestation names", "compliance.attested", rules=[])


def _attested_neither_way(floor: Floor) -> None:
    refused(floor, "outcome", "compliance.attested", outcome="maybe")


def _attested_over_an_older_inspection(floor: Floor) -> None:
    before = floor.compose(floor.sign("compliance.attested"))
    old = find_needed(before, floor.log)
    floor.do("inspection.recorded", profile=digest("another profile"))
    entry = floor.compose(floor.sign("compliance.attested"), refs=old)
    broken = list(broken_rules(entry, floor.log, ORIGIN))
    assert any("needs inspection.recorded" in one.words for one in broken)


@pytest.mark.parametrize(
    "trick",
    [
        _attested_by_its_supplier,
        _attested_with_a_second_key,
        _attested_over_an_older_sheet,
        _attested_over_no_rule,
        _attested_neither_way,
        _attested_over_an_older_inspection,
    ],
)
def test_an_attestation_is_independent_and_about_what_stands(
    trick: Callable[[Floor], None],
) -> None:
    trick(Floor().ready("compliance.attested"))


def test_a_sheet_is_signed_by_who_registered_the_product() -> None:
    _sheet_of_another_supplier(Floor().ready("sheet.submitted"))


def test_a_quality_review_by_the_supplier_is_refused() -> None:
    floor = Floor().ready("quality.reviewed")
    own = f"participant/{floor.ids['supplier']}"
    floor.do("participant.admitted", subject=own, roles=["supplier", "quality-expert"])
    refused(floor, "signed by another participant", "quality.reviewed", "supplier")


def test_a_listing_is_requested_by_who_signed_the_sheet() -> None:
    floor = Floor().ready("listing.requested")
    refused(floor, "listing.requested needs sheet.submitted", "listing.requested", "rival")


def test_a_verdict_passes_on_a_passed_attestation_alone() -> None:
    floor = Floor().ready("compliance.attested")
    floor.do("compliance.attested", outcome="refused")
    walk(floor, "quality.reviewed", "compliance.verdict")
    words = "compliance.verdict needs compliance.attested .* with outcome passed"
    refused(floor, words, "compliance.verdict")
    floor.do("compliance.verdict", outcome="refused", fired=["I-03"])


@pytest.mark.parametrize("who", ["operator", "supplier", "buyer"])
def test_nobody_comes_twice_with_one_key(who: str) -> None:
    floor = Floor().open()
    refused(floor, "opens a subject, and participant/.* is open", "participant.key", who)
    floor.rotate("rival", "another key")
    refused(floor, "key: .* showed this key", "participant.key", "another key")
    assert floor.do("participant.key", f"{who}'s other key").version == 1


def test_a_verdict_under_another_rule_pack_than_the_attestation_is_refused() -> None:
    floor = Floor().ready("compliance.verdict")
    words = "same sheet and data and pack"
    refused(floor, words, "compliance.verdict", pack=digest("another pack"))


@pytest.mark.parametrize(
    "kind", ["compliance.attested", "compliance.verdict", "scenario.approved", "scenario.refused"]
)
def test_the_rule_pack_is_the_one_that_was_adopted_last(kind: str) -> None:
    floor = Floor().ready(kind)
    refused(floor, "pack: the exchange applies the rule pack", kind, pack=digest("another pack"))
    floor.do("pack.adopted", pack=digest("another pack"))
    refused(floor, "pack: the exchange applies the rule pack", kind)
    floor.do("pack.adopted")
    floor.do(kind)


def test_a_verdict_without_a_quality_review_is_refused() -> None:
    floor = Floor().ready("quality.reviewed")
    floor.do("listing.requested")
    refused(floor, "compliance.verdict needs quality.reviewed", "compliance.verdict")


@pytest.mark.parametrize("score", ["good", "1.5", "-0.1", "NaN", "0.12345", ".5", "1e-1"])
def test_an_expert_scores_from_0_to_1(score: str) -> None:
    floor = Floor().ready("quality.reviewed")
    refused(floor, "score: must be a decimal from 0 to 1", "quality.reviewed", score=score)
    told = [f"accuracy {score}"]
    refused(floor, "scores no dimension", "quality.reviewed", dimensions=told)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (["beauty 0.9"], "scores no dimension"),
        (["accuracy"], "scores no dimension"),
        (["accuracy 0.9", "accuracy 0.8"], "scored twice"),
    ],
)
def test_an_expert_scores_each_of_the_six_dimensions_at_most_once(
    told: list[str], words: str
) -> None:
    floor = Floor().ready("quality.reviewed")
    refused(floor, words, "quality.reviewed", dimensions=told)
    floor.do("quality.reviewed", dimensions=[f"{name} 1" for name in DIMENSIONS])


@pytest.mark.parametrize(("expected", "met"), [(0, 0), (3, 4)])
def test_no_more_expectations_are_met_than_there_are(expected: int, met: int) -> None:
    floor = Floor().ready("quality.measured")
    refused(floor, "expectations cannot be", "quality.measured", expected=expected, met=met)


def test_a_sample_is_drawn_by_the_house_and_is_short() -> None:
    floor = Floor().ready("sample.drawn")
    refused(floor, "signed by another participant|role", "sample.drawn", "supplier")
    refused(floor, "sample.drawn.rows: at most 20", "sample.drawn", rows=21)
    floor.do("sheet.submitted", sheet=digest("another sheet"))
    refused(floor, "sample.drawn needs sheet.submitted", "sample.drawn")


def test_a_later_notice_draws_no_other_rows_of_the_same_data() -> None:
    floor = Floor().ready("sheet.submitted")
    first = floor.leaf("notice.opened")
    floor.do("registration.changed", data=digest("data"))
    floor.do("inspection.recorded")
    floor.do("notice.opened")
    floor.do("sheet.submitted")
    again = floor.leaf("notice.opened")
    assert again != first
    refused(floor, "not the first notice over that data", "sample.drawn", notice=again)
    floor.do("sample.drawn", notice=first)


def test_quality_is_measured_by_the_house_over_the_sheet_that_stands() -> None:
    floor = Floor().ready("quality.measured")
    refused(floor, "signed by another participant|role", "quality.measured", "supplier")
    floor.do("sheet.submitted", sheet=digest("another sheet"))
    refused(floor, "quality.measured needs sheet.submitted", "quality.measured")


@pytest.mark.parametrize(
    ("outcome", "fired"), [("passed", ["I-03"]), ("refused", []), ("maybe", ["I-03"])]
)
def test_a_verdict_passes_if_and_only_if_no_rule_fired(outcome: str, fired: list[str]) -> None:
    floor = Floor().ready("compliance.verdict")
    refused(floor, "verdict: |outcome: ", "compliance.verdict", outcome=outcome, fired=fired)


@pytest.mark.parametrize("days", [-2, 2])
def test_a_verdict_of_another_day_is_refused(days: int) -> None:
    floor = Floor().ready("compliance.verdict")
    refused(floor, "expiry: a verdict of", "compliance.verdict", on=floor.today(days))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_verdict_may_be_of_the_day_before_or_after_for_time_zones(days: int) -> None:
    floor = Floor().ready("compliance.verdict")
    floor.do("compliance.verdict", on=floor.today(days))


@pytest.mark.parametrize("kind", ["compliance.verdict", "listing.published", "scenario.filed"])
def test_an_attestation_counts_on_its_last_day(kind: str) -> None:
    floor = Floor().ready(kind)
    floor.now += dt.timedelta(days=90)
    floor.do(kind)


def test_a_refusal_counts_on_its_last_day() -> None:
    floor = Floor().ready("compliance.verdict")
    floor.do("compliance.attested", "second-assessor", outcome="refused", until=floor.today())
    refused(floor, "verdict: the assessor .* refused at entry", "compliance.verdict")


def test_a_verdict_on_an_attestation_that_has_ended_is_refused() -> None:
    floor = Floor().ready("compliance.verdict")
    floor.now += dt.timedelta(days=91)
    refused(floor, "expiry: the attestation ended", "compliance.verdict")
    floor.do("compliance.verdict", outcome="refused", fired=["Q-01"])


def test_an_assessor_may_take_its_attestation_back() -> None:
    floor = Floor().ready("compliance.verdict")
    floor.do("compliance.attested", outcome="refused")
    refused(floor, "verdict: the assessor .* refused at entry", "compliance.verdict")
    floor.do("compliance.attested")
    floor.do("compliance.verdict")


def test_a_pass_does_not_come_back_when_the_refusal_after_it_ends() -> None:
    floor = Floor().ready("compliance.verdict")
    floor.do("compliance.attested", outcome="refused", until=floor.today())
    floor.now += dt.timedelta(days=1)
    refused(floor, "verdict: every assessor who passed it has refused", "compliance.verdict")
    floor.do("compliance.attested", "second-assessor")
    floor.do("compliance.verdict")


def test_a_refusal_is_not_healed_by_asking_another_assessor() -> None:
    floor = Floor().ready("compliance.attested")
    floor.do("compliance.attested", "second-assessor", outcome="refused")
    walk(floor, "compliance.attested", "compliance.verdict")
    refused(floor, "verdict: the assessor .* refused at entry", "compliance.verdict")


def test_a_refusal_by_an_assessor_since_suspended_no_longer_counts() -> None:
    floor = Floor().ready("compliance.attested")
    floor.do("compliance.attested", "second-assessor", outcome="refused")
    walk(floor, "compliance.attested", "compliance.verdict")
    floor.do("participant.suspended", subject=f"participant/{floor.ids['second-assessor']}")
    floor.do("compliance.verdict")


def test_a_refusal_that_has_ended_or_of_another_pack_no_longer_counts() -> None:
    floor = Floor().ready("compliance.attested")
    floor.do("compliance.attested", "second-assessor", outcome="refused", until=floor.today())
    other = digest("another pack")
    floor.do("pack.adopted", pack=other)
    floor.do("compliance.attested", "second-assessor", outcome="refused", pack=other)
    floor.do("pack.adopted")
    floor.now += dt.timedelta(days=1)
    walk(floor, "compliance.attested", "compliance.verdict")
    floor.do("compliance.verdict")


def test_a_verdict_on_what_was_signed_before_a_change_is_refused() -> None:
    """The sheet and the data are the same as before: particulars alone have changed."""
    floor = Floor().ready("compliance.attested")
    walk(floor, "compliance.attested", "listing.requested")
    floor.do("registration.changed", data=digest("data"), bytes=1_000)
    floor.do("inspection.recorded")
    floor.do("notice.opened")
    floor.now += NOTICE
    floor.do("registration.confirmed")
    walk(floor, "sheet.submitted", "compliance.attested")
    floor.do("listing.requested")
    for kind in ("compliance.attested", "quality.reviewed", "listing.vetted"):
        refused(floor, "is about what stood registered before", "compliance.verdict")
        floor.do(kind)
    floor.do("compliance.verdict")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("compliance.attested", "listing.vetted"),
        ("quality.reviewed", "listing.vetted"),
        ("listing.vetted", "compliance.attested"),
        ("listing.vetted", "quality.reviewed"),
    ],
)
def test_who_assessed_one_sheet_of_a_product_vets_no_other_and_the_other_way_round(
    first: str, then: str
) -> None:
    """An exchange of before 2027 asked it of each sheet: what it took stays valid."""
    roles = ["compliance-assessor", "quality-expert", "reviewer"]
    another = digest("another sheet")

    def signed_in(now: dt.datetime) -> None:
        floor = Floor().ready("compliance.attested")
        floor.join("dual", roles)
        floor.do(first, "dual")
        floor.do("sheet.submitted", sheet=another)
        floor.now = now
        floor.do(then, "dual", sheet=another)

    signed_in(dt.datetime(2026, 12, 31, tzinfo=dt.UTC))
    with pytest.raises(BadAct, match=r"party: .* signed the other part at"):
        signed_in(dt.datetime(2027, 1, 1, tzinfo=dt.UTC))


def test_a_listing_is_not_requested_by_who_passed_the_product_on() -> None:
    floor = Floor().ready("compliance.attested")
    floor.do("transfer.offered")
    floor.do("registration.transferred")
    refused(floor, "party: .* is not a product of", "listing.requested")


@pytest.mark.parametrize("who", ["assessor", "expert"])
def test_the_word_of_a_reviewer_since_suspended_does_not_carry_a_verdict(who: str) -> None:
    floor = Floor().ready("compliance.verdict")
    floor.do("participant.suspended", subject=f"participant/{floor.ids[who]}")
    refused(floor, "by a participant still in that role", "compliance.verdict")


def test_a_listing_without_any_verdict_is_refused() -> None:
    floor = Floor().ready("compliance.verdict")
    refused(floor, "listing.published needs compliance.verdict", "listing.published")


def test_a_listing_on_a_refused_verdict_is_refused() -> None:
    floor = Floor().ready("compliance.verdict")
    floor.do("compliance.verdict", outcome="refused", fired=["I-03"])
    refused(floor, "with outcome passed", "listing.published")


def test_a_listing_on_a_verdict_older_than_a_refused_one_is_refused() -> None:
    floor = Floor().ready("listing.published")
    signed = floor.sign("listing.published")
    old = find_needed(floor.compose(signed), floor.log)
    floor.do("compliance.verdict", outcome="refused", fired=["I-03"])
    entry = floor.compose(signed, refs=old)
    broken = [one for one in broken_rules(entry, floor.log, ORIGIN) if one.rule == "needs"]
    assert ["compliance.verdict" in one.words for one in broken] == [True]


@pytest.mark.parametrize("name", ["sheet", "data"])
def test_a_listing_of_another_sheet_or_other_data_is_refused(name: str) -> None:
    floor = Floor().ready("listing.published")
    refused(floor, "needs compliance.verdict", "listing.published", **{name: digest("another")})


def test_a_listing_before_the_registration_is_confirmed_is_refused() -> None:
    floor = Floor().ready("registration.confirmed")
    walk(floor, "sheet.submitted", "listing.published")
    refused(floor, "listing.published needs registration.confirmed", "listing.published")


def test_a_listing_on_an_attestation_that_has_ended_is_refused() -> None:
    floor = Floor().ready("listing.published")
    floor.now += dt.timedelta(days=91)
    refused(floor, "expiry: the attestation ended", "listing.published")


def test_a_suspended_listing_returns_through_a_new_verdict_alone() -> None:
    floor = Floor().ready("listing.suspended")
    floor.do("listing.suspended")
    refused(floor, "not ended by listing.suspended", "listing.published")
    refused(floor, "listing.suspended needs listing.published", "listing.suspended")
    floor.do("compliance.verdict")
    floor.do("listing.published")


def test_a_delisted_product_does_not_return() -> None:
    floor = Floor().ready("listing.delisted")
    floor.do("listing.delisted")
    for kind in ("listing.requested", "listing.published"):
        refused(floor, "cannot follow listing.delisted", kind)


def test_a_supplier_delists_its_own_product_alone() -> None:
    floor = Floor().ready("listing.delisted")
    refused(floor, "party: .* is not a product of", "listing.delisted", "rival")
    floor.do("listing.delisted", "operator")


# No scenario, no trade.

OFF_BOARD = ("listing.suspended", "listing.delisted")


@pytest.mark.parametrize("ended", OFF_BOARD)
@pytest.mark.parametrize(
    "kind", ["scenario.filed", "price.quoted", "trade.ordered", "trade.contracted"]
)
def test_nothing_is_traded_off_the_board(kind: str, ended: str) -> None:
    floor = Floor().ready(kind)
    floor.do(ended)
    refused(floor, "not ended by listing.suspended", kind)


@pytest.mark.parametrize(
    "kind", ["scenario.filed", "price.quoted", "trade.ordered", "trade.contracted"]
)
def test_nothing_is_traded_after_a_refused_verdict_though_still_on_the_board(kind: str) -> None:
    floor = Floor().ready(kind)
    floor.do("compliance.verdict", outcome="refused", fired=["I-03"])
    refused(floor, "verdict: product/.* was refused", kind)


@pytest.mark.parametrize(
    "kind", ["scenario.filed", "price.quoted", "trade.ordered", "trade.contracted"]
)
def test_nothing_is_traded_once_the_attestation_has_ended(kind: str) -> None:
    floor = Floor().ready(kind)
    floor.now += dt.timedelta(days=91)
    refused(floor, "expiry: the attestation ended", kind)


def _delivering_for_long() -> Floor:
    """Play up to a delivery under a scenario that outlasts the attestation."""
    floor = Floor().ready("scenario.approved")
    floor.do("scenario.approved", until=floor.later(days=120))
    for step in PATH[PATH.index("price.quoted") : PATH.index("delivery.made")]:
        floor.wait_for(step).do(step)
    return floor


def test_nothing_is_delivered_once_the_attestation_has_ended_unless_delisted_before() -> None:
    floor = _delivering_for_long()
    floor.now += dt.timedelta(days=91)
    refused(floor, "expiry: the attestation ended", "delivery.made")
    floor.do("listing.delisted")  # too late to make it good
    refused(floor, "expiry: the attestation ended", "delivery.made")
    floor = _delivering_for_long()
    floor.do("listing.delisted")
    floor.now += dt.timedelta(days=91)
    floor.do("delivery.made")


def test_core_data_is_not_delivered() -> None:
    floor = Floor().ready("delivery.made")
    floor.do("grade.set", subject=floor.subjects["product"], grade="core")
    refused(floor, "is core data", "delivery.made")


def test_a_refused_verdict_on_another_sheet_leaves_the_listing_in_force() -> None:
    floor = Floor().ready("scenario.filed")
    other = digest("another sheet")
    floor.do("sheet.submitted", sheet=other)
    floor.do("listing.requested", sheet=other)
    floor.do("compliance.verdict", sheet=other, outcome="refused", fired=["I-03"])
    floor.do("scenario.filed")


def test_a_scenario_is_decided_once() -> None:
    floor = Floor().ready("scenario.approved")
    floor.do("scenario.refused")
    refused(floor, "cannot follow scenario.refused", "scenario.approved")
    floor = Floor().ready("scenario.refused")
    floor.do("scenario.approved")
    refused(floor, "cannot follow scenario.approved", "scenario.refused")


def test_a_withdrawn_scenario_cannot_be_approved() -> None:
    floor = Floor().ready("scenario.approved")
    floor.do("scenario.withdrawn")
    refused(floor, "cannot follow scenario.withdrawn", "scenario.approved")


def test_a_scenario_is_withdrawn_by_who_filed_it() -> None:
    floor = Floor().ready("scenario.withdrawn")
    refused(floor, "scenario.withdrawn needs scenario.filed", "scenario.withdrawn", "other-buyer")


@pytest.mark.parametrize("kind", ["price.quoted", "trade.ordered", "trade.contracted"])
def test_no_scenario_no_trade(kind: str) -> None:
    floor = Floor().ready(kind)
    floor.do("scenario.withdrawn")
    refused(floor, "needs scenario.approved|was withdrawn", kind)


@pytest.mark.parametrize("kind", ["price.quoted", "trade.contracted", "delivery.made"])
def test_a_scenario_that_has_ended_carries_no_trade(kind: str) -> None:
    floor = Floor().ready(kind)
    floor.now += dt.timedelta(days=61)
    refused(floor, "expiry: scenario/.* ended", kind)


def test_an_order_on_a_scenario_that_has_ended_is_refused() -> None:
    floor = Floor().ready("price.quoted")
    floor.do("price.quoted", until=floor.later(days=80))
    floor.now += dt.timedelta(days=61)
    refused(floor, "expiry: scenario/.* ended", "trade.ordered")


def test_a_quote_without_an_approved_scenario_is_refused() -> None:
    floor = Floor().ready("scenario.approved")
    refused(floor, "price.quoted needs scenario.approved", "price.quoted")


def test_a_quote_for_another_buyers_scenario_is_refused() -> None:
    floor = Floor().ready("price.quoted")
    buyer = floor.ids["other-buyer"]
    refused(floor, "quote: the scenario was filed by", "price.quoted", buyer=buyer)


def test_an_order_with_another_buyers_scenario_and_quote_is_refused() -> None:
    floor = Floor().ready("trade.ordered")
    words = "trade.ordered needs scenario.filed .*; quote: the price was quoted to"
    refused(floor, words, "trade.ordered", "other-buyer")


def test_an_order_with_another_buyers_quote_alone_is_refused() -> None:
    floor = Floor().ready("trade.ordered")
    theirs = floor.number("quote")
    floor.do("scenario.filed", "other-buyer")
    floor.do("scenario.approved")
    refused(floor, "needs price.quoted", "trade.ordered", "other-buyer", quote=theirs)


def test_an_order_on_a_quote_that_has_ended_is_refused() -> None:
    floor = Floor().ready("trade.ordered")
    floor.now += dt.timedelta(days=3)
    refused(floor, "expiry: quote/.* ended", "trade.ordered")


def test_an_order_cannot_be_dated_back_into_its_quote() -> None:
    floor = Floor().ready("trade.ordered")
    until = next(floor.log.of_kind(f"quote/{floor.number('quote')}", "price.quoted")).facts["until"]
    floor.now += dt.timedelta(days=3)
    signed = floor.sign("trade.ordered")
    with pytest.raises(BadAct, match="time: recorded at"):
        floor.chain.append(signed, clock=lambda: until)


def test_a_quote_is_used_once() -> None:
    floor = Floor().ready("trade.ordered")
    first = floor.do("trade.ordered")
    assert first.subject == f"trade/TR-{floor.number('quote')[3:]}"
    refused(floor, "quote: the quote was used already", "trade.ordered")
    floor.do("trade.lapsed")
    refused(floor, "quote: the quote was used already", "trade.ordered")


def test_an_order_on_no_quote_is_refused() -> None:
    floor = Floor().ready("trade.ordered")
    for quote in ("QT-AAAA-AAAA-AAAA", "nothing"):
        refused(floor, "trade.ordered needs price.quoted", "trade.ordered", quote=quote)


# Frozen terms.


@pytest.mark.parametrize("kind", ["trade.ordered", "trade.contracted"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("terms", digest("better terms")),
        ("amount", {"minor": 99_999, "currency": "CNY"}),
        ("amount", {"minor": 100_000, "currency": "JPY"}),
        ("product", "GP-AAAA-AAAA-AAAA"),
    ],
)
def test_terms_and_price_stand_as_quoted(kind: str, name: str, value: object) -> None:
    changes: dict[str, Any] = {name: value}
    refused(Floor().ready(kind), f"{kind} needs", kind, **changes)


def test_a_contract_by_another_supplier_is_refused() -> None:
    floor = Floor().ready("trade.contracted")
    refused(floor, "party: .* is not a product of", "trade.contracted", "rival")


def test_a_supplier_cannot_trade_with_itself() -> None:
    floor = Floor().ready("scenario.filed")
    own = f"participant/{floor.ids['supplier']}"
    floor.do("participant.admitted", subject=own, roles=["supplier", "buyer"])
    floor.do("scenario.filed", "supplier")
    floor.do("scenario.approved")
    floor.do("price.quoted", buyer=floor.ids["supplier"])
    floor.do("trade.ordered", "supplier")
    refused(floor, "signed by another participant", "trade.contracted")


def test_a_contract_with_a_buyer_since_suspended_is_refused() -> None:
    floor = Floor().ready("trade.contracted")
    floor.do("participant.suspended", subject=f"participant/{floor.ids['buyer']}")
    refused(floor, "still in that role", "trade.contracted")


@pytest.mark.parametrize("purposes", [[], ["resale"], ["ocean forecast", "resale"]])
def test_a_use_right_for_what_nobody_approved_is_refused(purposes: list[str]) -> None:
    floor = Floor().ready("trade.contracted")
    refused(floor, "scenario: the use approved is", "trade.contracted", purposes=purposes)


@pytest.mark.parametrize("span", [{"days": 365, "minutes": 11}, {"seconds": 0}, {"days": -1}])
def test_a_use_right_outside_the_scenarios_term_is_refused(span: dict[str, int]) -> None:
    floor = Floor().ready("trade.contracted")
    until = floor.later(**span)
    refused(floor, "scenario: the use approved is for 365 days", "trade.contracted", until=until)


@pytest.mark.parametrize("who", ["other-buyer", "rival"])
def test_an_order_is_ended_by_its_parties_alone(who: str) -> None:
    refused(Floor().ready("trade.lapsed"), "party: .* is no party", "trade.lapsed", who)


@pytest.mark.parametrize("who", ["buyer", "supplier", "operator"])
def test_each_party_may_end_an_order_before_the_contract(who: str) -> None:
    floor = Floor().ready("trade.lapsed")
    floor.do("trade.lapsed", who)
    refused(floor, "cannot follow trade.lapsed", "trade.contracted")


def test_a_contract_cannot_lapse() -> None:
    floor = Floor().ready("delivery.made")
    refused(floor, "cannot follow trade.contracted", "trade.lapsed")


# Delivery.


def test_a_delivery_without_a_contract_is_refused() -> None:
    floor = Floor().ready("trade.contracted")
    refused(floor, "delivery.made needs trade.contracted", "delivery.made")


def test_a_delivery_of_other_data_is_refused() -> None:
    floor = Floor().ready("delivery.made")
    words = "data: .* was ordered over other data"
    refused(floor, words, "delivery.made", data=digest("other data"))


def test_a_delivery_by_another_supplier_is_refused() -> None:
    floor = Floor().ready("delivery.made")
    refused(floor, "delivery.made needs trade.contracted", "delivery.made", "rival")


def test_a_delivery_sealed_to_another_recipient_is_refused() -> None:
    floor = Floor().ready("delivery.made")
    refused(floor, "recipient: ", "delivery.made", recipient="age1thief")


def test_a_delivery_of_a_suspended_listing_waits_and_of_a_delisted_one_does_not() -> None:
    floor = Floor().ready("delivery.made")
    floor.do("listing.suspended")
    refused(floor, "delivery.made needs listing.published", "delivery.made")
    floor = Floor().ready("delivery.made")
    floor.do("listing.delisted")
    floor.do("delivery.made")


def test_a_receipt_is_the_buyers_and_of_the_latest_delivery() -> None:
    floor = Floor().ready("delivery.received")
    refused(floor, "delivery.received needs trade.ordered", "delivery.received", "other-buyer")
    old = floor.sign("delivery.received")
    refs = find_needed(floor.compose(old), floor.log)
    floor.do("delivery.made", sealed=digest("sealed again"))
    entry = floor.compose(old, refs=refs)
    broken = [one for one in broken_rules(entry, floor.log, ORIGIN) if one.rule == "needs"]
    assert ["delivery.made" in one.words for one in broken] == [True]
    floor.do("delivery.received", sealed=digest("sealed again"))
    refused(floor, "cannot follow delivery.received", "delivery.made")


def test_a_receipt_for_other_data_is_refused() -> None:
    floor = Floor().ready("delivery.received")
    refused(floor, "needs delivery.made", "delivery.received", data=digest("other data"))


# Money.


def test_a_settlement_without_a_receipt_is_refused() -> None:
    floor = Floor().ready("delivery.received")
    words = "settlement.executed needs delivery.received"
    refused(floor, words, "settlement.executed")


def test_a_settlement_of_another_amount_is_refused() -> None:
    floor = Floor().ready("settlement.executed")
    supplier = f"participant/{floor.ids['supplier']}"
    half: dict[str, Any] = {
        "amount": {"minor": 50_000, "currency": "CNY"},
        "lines": [line(supplier, 50_000, "x")],
    }
    refused(floor, "needs trade.contracted", "settlement.executed", **half)


@pytest.mark.parametrize("minor", [96_999, 97_001])
def test_the_lines_of_a_settlement_sum_to_its_amount(minor: int) -> None:
    floor = Floor().ready("settlement.executed")
    lines = [
        line(f"participant/{floor.ids['supplier']}", minor, "price"),
        line("house/fees", 3_000, "fee"),
    ]
    refused(floor, "money: the lines sum to", "settlement.executed", lines=lines)


def test_the_lines_of_a_settlement_are_in_its_currency() -> None:
    floor = Floor().ready("settlement.executed")
    supplier = f"participant/{floor.ids['supplier']}"
    lines = [line(supplier, 97_000, "price", "JPY"), line("house/fees", 3_000, "fee")]
    refused(floor, "money: the lines are in more than one", "settlement.executed", lines=lines)


@pytest.mark.parametrize("account", ["house/fees", "house/more", "participant/PT-AAAA-AAAA-AAAA"])
def test_the_house_takes_no_more_than_its_fee(account: str) -> None:
    floor = Floor().ready("settlement.executed")
    lines = [
        line(f"participant/{floor.ids['supplier']}", 96_999, "price"),
        line("house/fees", 3_000, "fee"),
        line(account, 1, "more"),
    ]
    refused(floor, "money: 3001 go to nobody admitted", "settlement.executed", lines=lines)


def test_the_operator_cannot_pay_itself_as_a_participant() -> None:
    floor = Floor().ready("settlement.executed")
    lines = [line(f"participant/{floor.ids['operator']}", 100_000, "price")]
    refused(floor, "money: 100000 go to nobody admitted", "settlement.executed", lines=lines)


@pytest.mark.parametrize(("minor", "fee"), [(50, 2), (150, 4), (149, 4), (17, 1), (16, 0)])
def test_the_fee_is_rounded_half_to_even(minor: int, fee: int) -> None:
    price = {"minor": minor, "currency": "CNY"}
    floor = Floor().ready("price.quoted")
    for kind in ("price.quoted", "trade.ordered", "trade.contracted"):
        floor.do(kind, amount=price)
    walk(floor, "delivery.made", "settlement.executed")
    supplier = f"participant/{floor.ids['supplier']}"

    def lines(kept: int) -> list[dict[str, Any]]:
        return [line(supplier, minor - kept, "price"), line("house/fees", kept, "fee")]

    refused(floor, "money: ", "settlement.executed", amount=price, lines=lines(fee + 1))
    floor.do("settlement.executed", amount=price, lines=lines(fee))


def test_a_trade_is_settled_once() -> None:
    floor = Floor().ready("settlement.executed")
    floor.do("settlement.executed")
    refused(floor, "once: settlement.executed stands already", "settlement.executed")


def cny(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


def test_an_estimate_moves_after_the_trade_is_settled_and_once() -> None:
    floor = Floor().ready("settlement.executed")
    refused(floor, "price.estimated needs settlement.executed", "price.estimated")
    floor.do("settlement.executed")
    refused(floor, "needs trade.ordered", "price.estimated", product="DP-OTHER")
    floor.do("price.estimated")
    refused(floor, "once: price.estimated stands already", "price.estimated")


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ({"low": cny(99_001)}, "an estimate from 99001 by 99000"),
        ({"high": cny(98_999)}, "by 99000 to 98999 is none"),
        ({"mid": {"minor": 99_000, "currency": "USD"}}, "not in CNY, which was paid"),
    ],
)
def test_an_estimate_is_a_band_in_the_currency_paid(ends: dict[str, Any], said: str) -> None:
    floor = Floor().ready("price.estimated")
    refused(floor, f"money: .*{said}", "price.estimated", **ends)
    floor.do("price.estimated", low=cny(0), mid=cny(0), high=cny(0))


def test_what_was_earned_is_withdrawn_without_a_deposit() -> None:
    floor = Floor().ready("account.withdrawn")
    subject = f"account/{floor.ids['supplier']}"
    assert floor.do("account.withdrawn", subject=subject).version == 1


def test_references_are_the_newest_entries_that_fit() -> None:
    floor = Floor().ready("compliance.attested")
    newest = floor.do("inspection.recorded", profile=digest("another profile"))
    entry = floor.do("compliance.attested")
    assert (newest.subject, newest.leaf.hex()) in entry.refs
    assert len(entry.refs) == len(set(entry.refs))


def test_a_listing_may_be_renewed_under_a_new_sheet() -> None:
    floor = relist(Floor().ready("scenario.filed"))
    floor.do("scenario.filed")
