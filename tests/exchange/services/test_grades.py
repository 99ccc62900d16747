"""Derived products inherit the strictest grade and the fewest purposes; re-grading suspends."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.errors import BadField, Forbidden, NotCompliant, Refused
from exchange.grading import Grade
from exchange.listing import ListingState
from exchange.services.audit_provenance import export_bundle
from exchange.services.explain_listing import Explanation, Reason, explain_product, obstacles
from exchange.services.find_similar import similar_now, similar_of
from exchange.services.read_inbox import Duty, read_inbox
from exchange.services.set_grade import graded, set_grade
from exchange.specsheet import SpecSheet
from ledger.audit import audit
from ledger.similarity import LARGELY
from ledger.view import newest
from tests.exchange.floor import DATA, DERIVATION, DERIVED, EVIDENCE, SHEET, Hall, sheet


def derived(hall: Hall, made: SpecSheet) -> str:
    """Register what the contributor derives, and sign a sheet for it."""
    plain = sheet(sources=[DERIVATION])
    file = hall.file("derived.csv", DERIVED)
    number = hall.contributor.register(file, plain, [EVIDENCE], parents=[hall.number]).number
    hall.contributor.submit_sheet(number, made)
    return number


def of_parent(**changes: object) -> SpecSheet:
    return sheet(sources=[DERIVATION], **changes)


def test_a_grade_below_the_parents_is_refused_with_the_parent_named(hall: Hall) -> None:
    hall.list(sheet(grade="general-3"))
    hall.grant()
    words = f"grade: general-2: {hall.number}, which it comes from, is general-3"
    with pytest.raises(BadField, match=words):
        derived(hall, of_parent(grade="general-2"))


def test_purposes_beyond_the_parents_are_refused_with_the_parent_named(listed: Hall) -> None:
    listed.grant()
    conditions = SHEET["conditions"] | {"purposes": ["research", "insurance"]}
    with pytest.raises(BadField, match=f"insurance: {listed.number}, which it comes from"):
        derived(listed, of_parent(conditions=conditions))


def test_purposes_beyond_the_grant_to_process_are_refused_too(listed: Hall) -> None:
    listed.grant(purposes=("research",))
    with pytest.raises(BadField, match=r"conditions.purposes: shipping"):
        derived(listed, of_parent())
    narrower = SHEET["conditions"] | {"purposes": ["research"]}
    with listed.floor.read() as work:
        number = next(p.number for p in work.products.all() if p.number != listed.number)
    listed.contributor.submit_sheet(number, of_parent(conditions=narrower))


def test_the_grade_of_a_sheet_is_no_lower_than_what_its_grading_comes_to(hall: Hall) -> None:
    number = hall.register().number
    impact = {"harmed": "personal-rights", "degree": "serious", "reason": "names"}
    grading = {"impacts": [impact]}
    with pytest.raises(BadField, match="grade: general-1: its grading comes to general-3"):
        hall.supplier.submit_sheet(number, sheet(grading=grading))
    for names in (["nowhere"], ["station", "station"]):
        columns = [{"name": name, "grade": "general-1"} for name in names]
        with pytest.raises(BadField, match=r"grading.columns.name"):
            hall.supplier.submit_sheet(
                number, sheet(grade="general-3", grading=grading | {"columns": columns})
            )
    columns = [{"name": name, "grade": "general-1"} for name in ("station", "time")]
    graded_ = sheet(grade="general-3", grading=grading | {"columns": columns})
    assert hall.supplier.submit_sheet(number, graded_).sheet == graded_.digest


def test_raising_a_grade_suspends_the_product_and_what_came_of_it(listed: Hall) -> None:
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    listed.house.set_grade(listed.number, Grade.GENERAL_4, "an accident", "App. J")
    assert listed.product().listing is ListingState.SUSPENDED
    assert listed.product(child).listing is ListingState.SUSPENDED
    for number, desk in ((listed.number, listed.supplier), (child, listed.contributor)):
        with pytest.raises(NotCompliant) as caught:
            desk.list(number)
        assert caught.value.rules == ("D-01",)
    with pytest.raises(BadField, match="the operator has set general-4"):
        listed.supplier.submit_sheet(listed.number, sheet())


def test_the_same_or_a_lower_grade_leaves_the_board_alone(listed: Hall) -> None:
    product = listed.house.set_grade(listed.number, Grade.GENERAL_1, "looked again", "App. J")
    assert product.listing is ListingState.LISTED
    assert product == listed.product()


def test_core_data_is_delisted_for_good_and_never_listed(listed: Hall) -> None:
    product = listed.house.set_grade(listed.number, Grade.CORE, "a ministry says so", "notice 7")
    assert product.listing is ListingState.DELISTED
    assert product == listed.product()


def test_core_data_that_is_suspended_is_delisted_too(listed: Hall) -> None:
    """It would come back with the next verdict otherwise."""
    listed.house.suspend_listing(listed.number, "a complaint")
    product = listed.house.set_grade(listed.number, Grade.CORE, "a ministry says so", "notice 7")
    assert product.listing is ListingState.DELISTED


def test_a_grade_is_set_before_there_is_a_sheet_and_the_sheet_is_held_to_it(hall: Hall) -> None:
    number = hall.register().number
    graded_ = hall.house.set_grade(number, Grade.GENERAL_2, "looked at", "App. J")
    assert graded_ == hall.product(number)
    with pytest.raises(BadField, match="the operator has set general-2"):
        hall.supplier.submit_sheet(number, sheet())
    assert hall.supplier.submit_sheet(number, sheet(grade="general-2")).sheet


def test_core_data_that_was_never_listed_stays_off_the_board(hall: Hall) -> None:
    number = hall.prepare()
    hall.house.set_grade(number, Grade.CORE, "a ministry says so", "notice 7")
    with pytest.raises(NotCompliant) as caught:
        hall.supplier.list(number)
    assert caught.value.rules == ("D-01", "D-02")
    assert hall.kinds(f"product/{number}")[-2:] == ["listing.requested", "compliance.verdict"]


def explained(hall: Hall, number: str) -> Explanation:
    with hall.floor.read() as work:
        return explain_product(work.products.get(number), work=work, floor=hall.floor)


def because(explanation: Explanation, rule: str) -> Reason:
    return next(r for r in explanation.reasons if r.explained.finding.rule == rule)


def test_explaining_and_listing_say_the_same_of_a_grade_that_the_operator_set(
    listed: Hall,
) -> None:
    """The refusal stands on the chain, as every other does, with the rule and who set the grade."""
    listed.grant()
    child = listed.derive()
    assert explained(listed, child).passed
    listed.house.set_grade(listed.number, Grade.GENERAL_4, "an accident", "App. J")
    for number, desk, words in (
        (listed.number, listed.supplier, "the operator has set general-4"),
        (child, listed.contributor, f"{listed.number}, which it comes from, is general-4"),
    ):
        told = explained(listed, number)
        assert not told.passed
        assert [finding.rule for finding in told.review.blocking] == ["D-01"]
        assert told.review.blocking[0].message == f"declared general-1, and {words}"
        with pytest.raises(NotCompliant, match=words):
            desk.list(number)
        kinds = listed.kinds(f"product/{number}")
        assert kinds[-2:] == ["listing.requested", "compliance.verdict"]
        with listed.floor.read() as work:
            verdict = newest(work.chain.store, f"product/{number}", "compliance.verdict")
        assert verdict is not None
        assert (verdict.facts["outcome"], verdict.facts["fired"]) == ("refused", ["D-01"])
    for number in (listed.number, child):
        behind = because(explained(listed, number), "D-01").evidence
        looked_at = [(entry.kind, entry.subject) for entry in behind]
        assert ("grade.set", f"product/{listed.number}") in looked_at


def test_what_comes_of_core_data_is_refused_and_explained_as_core(listed: Hall) -> None:
    listed.grant()
    child = listed.derive()
    listed.house.set_grade(listed.number, Grade.CORE, "a ministry says so", "notice 7")
    fired = {finding.rule for finding in explained(listed, child).review.blocking}
    assert {"D-01", "D-02"} <= fired
    told = explained(listed, listed.number)
    assert [each.words for each in told.obstacles] == [
        "it was delisted, which is for good: core data is never listed"
    ]
    assert [each.entry and each.entry.kind for each in told.obstacles] == ["listing.delisted"]


def test_what_no_rule_is_asked_about_is_explained_as_well(listed: Hall) -> None:
    assert explained(listed, listed.number).passed
    listed.supplier.delist(listed.number, "no longer sold")
    told = explained(listed, listed.number)
    assert told.review.passed
    assert not told.passed
    assert [each.words for each in told.obstacles] == [
        "it was delisted, which is for good: no longer sold"
    ]


def test_a_dispute_a_term_that_ended_and_a_right_taken_back_are_explained(listed: Hall) -> None:
    grant = listed.grant()
    child = listed.derive()
    listed.rival.dispute(listed.number, "the buoys are ours")
    (frozen,) = explained(listed, child).obstacles
    assert f"a dispute over product/{listed.number} is open" in frozen.words
    assert frozen.entry is not None
    assert frozen.entry.kind == "dispute.opened"
    for number in (listed.number, child):
        behind = because(explained(listed, number), "S-10").evidence
        told = [(entry.kind, entry.subject) for entry in behind]
        assert ("dispute.opened", f"product/{listed.number}") in told
    listed.rival.withdraw_dispute(listed.number, "settled")
    assert explained(listed, child).passed
    listed.supplier.revoke(listed.number, grant, "the contract ended")
    (unprocessed,) = explained(listed, child).obstacles
    assert "has no right to process that" in unprocessed.words
    listed.advance(days=366 * 12)
    words = [each.words for each in explained(listed, listed.number).obstacles]
    assert any("the registration of" in each and "ended at" in each for each in words)


def test_nobody_is_asked_to_request_a_listing_that_no_rule_stops_and_the_ledger_refuses(
    listed: Hall,
) -> None:
    def tasks() -> list[tuple[Duty, tuple[str, ...]]]:
        with listed.floor.read() as work:
            found = read_inbox(listed.participant("contributor"), work=work, floor=listed.floor)
        return [(each.duty, each.why) for each in found if each.subject == f"product/{child}"]

    grant = listed.grant()
    child = listed.derive()
    assert tasks() == [(Duty.REQUEST_LISTING, ())]
    listed.supplier.revoke(listed.number, grant, "the contract ended")
    ((duty, (words,)),) = tasks()
    assert duty is Duty.MEND
    assert "has no right to process that" in words
    with pytest.raises(Refused, match=r"which P.* has no grant to process for research") as refused:
        listed.contributor.list(child)
    assert "which is not for" not in str(refused.value)  # its sheet is
    listed.grant()
    assert tasks() == [(Duty.REQUEST_LISTING, ())]


def test_parents_that_a_change_named_are_explained_by_the_change(listed: Hall) -> None:
    listed.grant()
    child = listed.derive()
    assert [obstacle.words for obstacle in explained(listed, child).obstacles] == []
    listed.advance(days=1)
    listed.contributor.list(child)
    listed.contributor.change(
        child,
        None,
        "another source",
        [EVIDENCE],
        parents=[listed.number],
        sources=("derived", "public-collection"),
    )
    with listed.floor.read() as work:
        product = work.products.get(child)
        (unsigned,) = obstacles(product, work=work, floor=listed.floor)
    assert unsigned.words == (
        "no spec sheet of it stands, and is to be signed anew after the change of its registration"
    )
    listed.contributor.submit_sheet(child, of_parent())
    behind = because(explained(listed, child), "S-05").evidence
    assert "registration.changed" in [entry.kind for entry in behind]


@pytest.mark.parametrize(
    ("wider", "told"),
    [
        ({"regions": ["CN", "JP"]}, "regions"),
        ({"term_days": 3_650}, "term_days"),
        ({"time_limit": "none"}, "time_limit"),
        ({"transfer": True}, "transfer"),
        ({"public_release": True}, "public_release"),
    ],
)
def test_a_sheet_wider_than_that_of_its_source_is_not_listed(
    listed: Hall, wider: dict[str, object], told: str
) -> None:
    listed.grant()
    child = listed.derive()
    made = of_parent(conditions=SHEET["conditions"] | wider)
    listed.contributor.submit_sheet(child, made)
    listed.attest(child)
    listed.review(child)
    with pytest.raises(NotCompliant) as refused:
        listed.contributor.list(child)
    assert "S-03" in refused.value.rules
    reason = because(explained(listed, child), "S-03")
    assert reason.explained.finding.message == (
        f"wider than {listed.number}, which it comes from, in {told}"
    )
    told_by = {(entry.kind, entry.subject) for entry in reason.evidence}
    assert ("sheet.submitted", f"product/{listed.number}") in told_by


def test_a_source_whose_new_sheet_is_narrower_takes_what_came_of_it_off_the_board(
    listed: Hall,
) -> None:
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    same = sheet(contact="another@supplier.example")
    listed.supplier.submit_sheet(listed.number, same)
    assert listed.product(child).listing is ListingState.LISTED
    narrower = sheet(conditions=SHEET["conditions"] | {"term_days": 30})
    listed.supplier.submit_sheet(listed.number, narrower)
    assert listed.product(child).listing is ListingState.SUSPENDED
    with listed.floor.read() as work:
        entry = newest(work.chain.store, f"product/{child}", "listing.suspended")
    assert entry is not None
    words = f"S-03: wider than {listed.number}, which it comes from, in term_days"
    assert entry.facts["reason"] == words


def test_only_the_operator_sets_a_grade_that_there_is(listed: Hall) -> None:
    with pytest.raises(Forbidden):
        listed.supplier.set_grade(listed.number, Grade.GENERAL_2, "x", "x")
    signed = listed.act(
        "house",
        "grade.set",
        f"product/{listed.number}",
        {"grade": "secret", "reason": "x", "basis": "x"},
    )
    with pytest.raises(BadField, match=r"act.facts.grade"):
        set_grade(signed, floor=listed.floor)


def test_what_is_shown_tells_declared_set_estimated_and_inherited(listed: Hall) -> None:
    listed.grant()
    child = listed.derive()
    listed.house.set_grade(listed.number, Grade.GENERAL_2, "x", "x")
    with listed.floor.read() as work:
        found = graded(work.products.get(child), work)
        parent = graded(work.products.get(listed.number), work)
    assert (found.declared, found.set, found.grade) == (Grade.GENERAL_1, None, Grade.GENERAL_1)
    assert found.line == ((listed.number, Grade.GENERAL_2, (child, listed.number)),)
    assert (parent.set, parent.grade) == (Grade.GENERAL_2, Grade.GENERAL_2)
    assert found.estimate
    told = found.to_record()
    assert told["estimate"] == "general-1"
    assert [each["words"] for each in told["reasons"]] == [
        each.words for each in found.estimate.reasons
    ]


def test_an_auditor_finds_what_the_exchange_refuses(listed: Hall, tmp_path: Path) -> None:
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    listed.house.set_grade(listed.number, Grade.IMPORTANT, "x", "x")
    listed.number = child
    with pytest.raises(Refused):
        listed.scenario()
    export_bundle(tmp_path / "bundle", floor=listed.floor)
    report = audit(tmp_path / "bundle", key=listed.floor.log_key)
    assert report.passed, report.findings


# Other water on another way at the same hours, as a model of it may have.
UNLIKE = """station,time,longitude,latitude,temperature
QD,2026-01-04T00:00:00Z,120.34,36.06,3.9
QD,2026-01-04T01:00:00Z,120.31,36.08,9.2
QD,2026-01-04T02:00:00Z,120.33,36.05,5.5
QD,2026-01-04T03:00:00Z,120.32,36.07,4.4
RZ,2026-01-04T00:00:00Z,119.62,35.41,8.1
RZ,2026-01-04T01:00:00Z,119.61,35.42,2.7
"""


def elsewhere(station: str, count: int) -> list[str]:
    """Rows of a station that is not in the data, none like another."""
    return [
        f"{station}{n:02},2026-01-04T{n % 24:02}:30:00Z,{121 + n / 100:.2f},{35 + n / 99:.2f},{n}.5"
        for n in range(count)
    ]


def copied(hall: Hall, lines: int = 0) -> str:
    """Let the supplier register its own data again, in another order, with some rows more."""
    header, *rows = DATA.splitlines()
    more = elsewhere("X", lines)
    file = hall.file(f"again-{lines}.csv", "\n".join([header, *reversed(rows), *more, ""]))
    return hall.supplier.register(file, sheet(), [EVIDENCE]).number


def test_core_data_is_core_under_another_number(listed: Hall) -> None:
    listed.house.set_grade(listed.number, Grade.CORE, "a ministry says so", "notice 7")
    listed.supplier.cancel_registration(listed.number, "made anew")
    again = copied(listed)
    words = f"the data largely stands in {listed.number}, which is held to core"
    with pytest.raises(BadField, match=words):
        listed.supplier.submit_sheet(again, sheet())


def test_what_is_listed_and_largely_the_same_leaves_the_board_with_what_is_graded(
    listed: Hall,
) -> None:
    first = listed.number
    newer = copied(listed, 1)
    # The newer one is graded; the older is told by that act that it is like it.
    listed.house.set_grade(newer, Grade.IMPORTANT, "an accident", "App. J")
    with listed.floor.read() as work:
        product = work.products.get(first)
        told = newest(work.chain.store, f"product/{first}", "similarity.found")
        assert product.listing is ListingState.SUSPENDED
        assert told is not None
        assert (told.facts["other"], told.facts["how"]) == (newer, "rows")
        # All of its rows stand in the newer one, which has one more.
        assert told.facts["of_other_ppm"] < told.facts["of_this_ppm"] == 1_000_000
        assert similar_of(product, work) == ()  # what came later is no source of it
    with pytest.raises(BadField, match=f"the data largely stands in {newer}"):
        listed.supplier.submit_sheet(first, sheet())
    listed.house.set_grade(newer, Grade.CORE, "once more", "notice 8")
    with listed.floor.read() as work:
        again = list(work.chain.store.of_kind(f"product/{first}", "similarity.found"))
    assert len(again) == 1


def test_what_stands_whole_in_more_data_that_is_graded_leaves_the_board(listed: Hall) -> None:
    newer = copied(listed, 40)
    with listed.floor.read() as work:
        (match,) = similar_now(newer, work)
    assert match.likeness.this_ppm < LARGELY < match.likeness.other_ppm == 1_000_000
    listed.house.set_grade(newer, Grade.IMPORTANT, "an accident", "App. J")
    assert listed.product().listing is ListingState.SUSPENDED


def test_what_is_little_alike_or_ended_is_told_nothing_of_a_grade(listed: Hall) -> None:
    header, few = DATA.splitlines()[0], [*elsewhere("X", 12), *elsewhere("Y", 40)]
    little = listed.supplier.register(
        listed.file("little.csv", "\n".join([header, *few, ""])), sheet(), [EVIDENCE]
    ).number
    ended = copied(listed, 1)
    listed.house.set_grade(ended, Grade.GENERAL_1, "looked at", "App. J")  # so that it is found
    listed.supplier.cancel_registration(ended, "not needed")
    newer = copied(listed, 24)
    listed.house.set_grade(newer, Grade.IMPORTANT, "an accident", "App. J")
    assert listed.product().listing is ListingState.SUSPENDED
    with listed.floor.read() as work:
        like = {match.product.number: match.likeness for match in similar_now(newer, work)}
        assert max(like[little].this_ppm, like[little].other_ppm) < LARGELY
        for number in (little, ended):
            told = work.chain.store.of_kind(f"product/{number}", "similarity.found")
            assert newer not in {each.facts["other"] for each in told}


def test_half_of_it_is_enough_to_be_told_of_a_grade(listed: Hall) -> None:
    header, half = DATA.splitlines()[0], [*elsewhere("X", 12), *elsewhere("Y", 12)]
    file = listed.file("half.csv", "\n".join([header, *half, ""]))
    number = listed.supplier.register(file, sheet(), [EVIDENCE]).number
    newer = copied(listed, 18)
    listed.house.set_grade(newer, Grade.IMPORTANT, "an accident", "App. J")
    with listed.floor.read() as work:
        told = newest(work.chain.store, f"product/{number}", "similarity.found")
    assert told is not None
    facts = told.facts
    assert (facts["other"], facts["of_this_ppm"], facts["of_other_ppm"]) == (
        newer,
        LARGELY,
        LARGELY,
    )


def test_the_operators_word_binds_like_data_where_the_suppliers_own_did_not(listed: Hall) -> None:
    newer = copied(listed, 1)
    listed.supplier.submit_sheet(newer, sheet(grade="important"))
    assert listed.product().listing is ListingState.LISTED
    listed.house.set_grade(newer, Grade.IMPORTANT, "so it is", "App. J")
    assert listed.product().listing is ListingState.SUSPENDED


def test_a_copy_of_ones_own_derived_product_owes_its_parents(listed: Hall) -> None:
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    header, *rows = DERIVED.splitlines()
    file = listed.file("anew.csv", "\n".join([header, *reversed(rows), ""]))
    again = listed.contributor.register(file).number
    with listed.floor.read() as work:
        found = {each.product: each for each in similar_of(work.products.get(again), work)}
    assert {*found} == {child, listed.number}
    assert (found[child].own, found[child].declared) == (False, False)


def test_what_comes_of_it_leaves_the_board_though_its_data_is_another(listed: Hall) -> None:
    listed.grant()
    child = listed.derive(data=UNLIKE)
    listed.contributor.list(child)
    listed.house.set_grade(listed.number, Grade.IMPORTANT, "an accident", "App. J")
    assert listed.product(child).listing is ListingState.SUSPENDED


def test_what_comes_of_like_data_leaves_the_board_with_it(listed: Hall) -> None:
    listed.grant()
    child = listed.derive(data=UNLIKE)
    listed.contributor.list(child)
    newer = copied(listed, 1)
    bare = copied(listed, 2)  # which has no sheet, and so no grade of its own
    listed.house.set_grade(newer, Grade.IMPORTANT, "an accident", "App. J")
    assert listed.product().listing is ListingState.SUSPENDED
    assert listed.product(child).listing is ListingState.SUSPENDED
    assert listed.product(bare).listing is not ListingState.SUSPENDED
