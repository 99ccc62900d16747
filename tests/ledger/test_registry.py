"""What stands registered: changes, transfers, renewals, cancellations, disputes; and activities."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.activities import withdrawals
from ledger.acts import format_time, parse_time
from ledger.errors import BadAct
from ledger.registry import (
    disputes_open,
    registered_now,
    registered_until,
    supplier_of,
    versions_of,
    why_ended,
    why_frozen,
)
from ledger.rights import holds, rights_of
from tests.ledger.floor import NOTICE, PATH, TERM_DAYS, Floor, committed, digest

NEWER = digest("newer data")


def refused(floor: Floor, words: str, kind: str, who: str | None = None, **changes: Any) -> None:
    size = floor.log.edge().size
    with pytest.raises(BadAct, match=words):
        floor.do(kind, who, **changes)
    assert floor.log.edge().size == size


def confirmed() -> Floor:
    return Floor().ready("sheet.submitted")


def listed() -> Floor:
    return Floor().ready("scenario.filed")


def subject(floor: Floor) -> str:
    return floor.subjects["product"]


def changed(floor: Floor, *, confirm: bool = True) -> Floor:
    """Register other data, have it inspected and put on notice, and confirm it."""
    floor.do("registration.changed")
    floor.do("inspection.recorded", data=NEWER)
    floor.do("notice.opened")
    if confirm:
        floor.now += NOTICE
        floor.do("registration.confirmed", data=NEWER)
    return floor


def transferred(floor: Floor) -> Floor:
    floor.do("transfer.offered")
    floor.do("registration.transferred")
    return floor


def relist(floor: Floor, who: str, **bound: Any) -> None:
    """Sign a sheet, have it judged and published, as whose product it is."""
    for step in PATH[PATH.index("sheet.submitted") : PATH.index("scenario.filed")]:
        signer = who if step in {"sheet.submitted", "listing.requested"} else None
        floor.do(step, signer, **bound)


# Changes.


def test_a_change_is_inspected_put_on_notice_and_confirmed_like_a_claim() -> None:
    floor = confirmed()
    floor.do("registration.changed")
    refused(floor, "data: .* stands registered over other data", "inspection.recorded")
    floor.do("inspection.recorded", data=NEWER)
    notice = floor.do("notice.opened")
    refused(floor, "notice: what stands registered .* was on notice already", "notice.opened")
    refused(floor, "notice: the public notice runs", "registration.confirmed", data=NEWER)
    floor.now += NOTICE
    refused(floor, "data: ", "registration.confirmed")
    done = floor.do("registration.confirmed", data=NEWER)
    assert done.version > notice.version
    refused(floor, "once: ", "registration.confirmed", data=NEWER)
    standing = registered_now(floor.log, subject(floor))
    assert standing is not None
    assert standing.facts["data"] == NEWER


def test_a_changed_product_is_listed_on_a_new_sheet_of_its_confirmed_data_alone() -> None:
    floor = changed(listed(), confirm=False)
    refused(floor, "data: ", "sheet.submitted")
    floor.do("sheet.submitted", data=NEWER)
    for step in ("compliance.attested", "quality.reviewed", "listing.vetted", "listing.requested"):
        floor.do(step, data=NEWER)
    floor.do("compliance.verdict", data=NEWER)
    refused(floor, "needs registration.confirmed|notice", "listing.published", data=NEWER)
    floor.now += NOTICE
    floor.do("registration.confirmed", data=NEWER)
    floor.do("compliance.verdict", data=NEWER)
    floor.do("listing.published", data=NEWER)


def test_a_change_of_particulars_alone_is_confirmed_before_the_next_listing() -> None:
    floor = confirmed()
    same: dict[str, Any] = {"data": digest("data"), "bytes": 12_345, "sources": ["bought"]}
    floor.do("registration.changed", **same)
    floor.do("inspection.recorded")
    floor.do("notice.opened")
    for step in PATH[PATH.index("sheet.submitted") : PATH.index("listing.published")]:
        floor.do(step)
    refused(floor, "notice: the change of entry .* is not confirmed", "listing.published")


def test_a_change_that_changes_nothing_or_comes_on_top_of_another_is_refused() -> None:
    floor = confirmed()
    refused(
        floor, "nothing would be changed", "registration.changed", data=digest("data"), bytes=12_345
    )
    floor.do("registration.changed")
    refused(floor, "order: what stands registered", "registration.changed", data=digest("third"))


def test_a_change_that_is_objected_to_with_success_never_happened() -> None:
    floor = changed(confirmed(), confirm=False)
    floor.do("objection.filed")
    refused(floor, "an objection is open", "registration.confirmed", data=NEWER)
    floor.do("objection.closed", outcome="upheld")
    standing = registered_now(floor.log, subject(floor))
    assert standing is not None
    assert standing.facts["data"] == digest("data")
    assert [entry.kind for entry in versions_of(floor.log, subject(floor))] == [
        "product.registered"
    ]
    floor.now += NOTICE
    refused(floor, "data: |once: ", "registration.confirmed", data=NEWER)
    floor.do("inspection.recorded")
    relist(floor, "supplier")
    floor.do("registration.changed")


def test_a_claim_that_is_objected_to_with_success_leaves_nothing_registered() -> None:
    floor = Floor().ready("registration.confirmed")
    floor.now -= NOTICE
    floor.do("objection.filed")
    floor.do("objection.closed", outcome="upheld")
    floor.now += NOTICE
    assert registered_now(floor.log, subject(floor)) is None
    refused(floor, "an objection was upheld", "registration.confirmed")


def test_what_was_ordered_is_delivered_whatever_is_registered_since() -> None:
    floor = changed(Floor().ready("delivery.made"))
    relist(floor, "supplier", data=NEWER)
    refused(floor, "data: .* was ordered over other data", "delivery.made", data=NEWER)
    floor.do("delivery.made")


# Transfer.


def test_a_registration_passes_to_who_takes_the_offer_with_its_rights() -> None:
    floor = transferred(confirmed())
    number, rival = floor.number("product"), floor.ids["rival"]
    assert supplier_of(floor.log, subject(floor)) == rival
    assert {held.participant for held in rights_of(floor.log, number, floor.later())} == {rival}
    assert not holds(floor.log, floor.ids["supplier"], number, "holding", floor.later())
    for kind in ("sheet.submitted", "registration.changed", "registration.renewed"):
        refused(floor, "party: .* is not a product of", kind)
    floor.do("sheet.submitted", "rival")


def test_who_took_a_product_over_lists_sells_and_ends_what_was_granted_before() -> None:
    floor = confirmed()
    floor.do("right.granted", to=floor.ids["buyer"])
    transferred(floor)
    refused(floor, "rights: .* was not granted by", "right.revoked")
    floor.do("right.revoked", "rival")
    relist(floor, "rival")
    for step in PATH[PATH.index("scenario.filed") : PATH.index("trade.contracted")]:
        floor.do(step)
    floor.do("account.deposited")
    refused(floor, "party: ", "trade.contracted")
    floor.do("trade.contracted", "rival")


@pytest.mark.parametrize(
    ("who", "changes", "words"),
    [
        ("buyer", {}, "role: "),
        ("supplier", {}, "transfer: the offer is to"),
        ("rival", {"to": "PT-0000-0000-0000"}, "transfer: .* is not to"),
        ("rival", {"offer": []}, "transfer: a transfer rests on one offer, or on one decision"),
        ("rival", {"offer": ["0" * 64]}, "needs transfer.offered"),
    ],
)
def test_an_offer_is_taken_by_whom_it_is_to(who: str, changes: Any, words: str) -> None:
    floor = Floor().ready("registration.transferred")
    refused(floor, words, "registration.transferred", who, **changes)


def test_an_offer_ends_is_replaced_and_is_taken_once() -> None:
    floor = Floor().ready("registration.transferred")
    first = floor.leaf("transfer.offered")
    floor.do("transfer.offered")
    refused(floor, "another offer stands", "registration.transferred", offer=[first])
    taken = floor.leaf("transfer.offered")
    floor.do("registration.transferred")
    refused(floor, "the product passed on", "registration.transferred", offer=[taken])
    floor = Floor().ready("registration.transferred")
    floor.now += NOTICE * 2
    refused(floor, "expiry: the offer ended", "registration.transferred")


def test_an_offer_is_made_to_another_supplier_alone() -> None:
    floor = confirmed()
    for nobody in (floor.ids["buyer"], floor.ids["supplier"], "PT-0000-0000-0000"):
        refused(floor, "no other supplier in good standing", "transfer.offered", to=nobody)
    refused(floor, "party: ", "transfer.offered", "rival", to=floor.ids["supplier"])


# Term.


def test_a_registration_runs_for_its_term_and_is_renewed_before_or_after() -> None:
    floor = listed()
    until = registered_until(floor.log, subject(floor))
    refused(floor, "term: ", "registration.renewed", until=floor.later())
    refused(floor, "term: ", "registration.renewed", until=floor.later(days=7))
    floor.do("scenario.filed")
    floor.now += NOTICE * 200
    assert until is not None
    assert "ended at" in why_ended(floor.log, subject(floor), floor.later())
    refused(floor, f"registration: .* ended at {until}", "scenario.filed")
    refused(floor, "registration: ", "right.granted")
    refused(floor, "registration: ", "transfer.offered")
    floor.do("registration.renewed", until=floor.later(days=TERM_DAYS))
    assert why_ended(floor.log, subject(floor), floor.later()) == ""
    floor.do("right.granted")


def test_nothing_is_delivered_of_a_registration_that_ended() -> None:
    floor = Floor().ready("delivery.made")
    floor.now += NOTICE * 200
    refused(floor, "registration: .* ended at", "delivery.made")


# Cancellation.


def test_a_cancelled_registration_gives_nobody_any_right() -> None:
    floor = confirmed()
    floor.do("right.granted")
    floor.do("registration.cancelled")
    assert rights_of(floor.log, floor.number("product"), floor.later()) == ()
    for kind in ("right.granted", "sheet.submitted", "registration.changed", "dispute.opened"):
        refused(floor, "order: .* cannot follow registration.cancelled", kind)
    refused(floor, "once", "registration.cancelled")


def test_a_registration_is_cancelled_by_its_supplier_or_the_operator() -> None:
    refused(confirmed(), "party: ", "registration.cancelled", "rival")
    confirmed().do("registration.cancelled", "operator")


def on_notice() -> Floor:
    floor = Floor().ready("registration.confirmed")
    floor.now -= NOTICE
    return floor


def test_a_claim_on_notice_is_taken_back_by_its_supplier_alone() -> None:
    floor = on_notice()
    for other, rule in (("rival", "is not a product of"), ("operator", "its supplier's to take")):
        refused(floor, f"party: .*{rule}", "registration.cancelled", other)
    floor.do("registration.cancelled")
    assert "was cancelled" in why_ended(floor.log, subject(floor), floor.later())
    for kind in ("objection.filed", "notice.opened", "sheet.submitted"):
        refused(floor, "order: .* cannot follow registration.cancelled", kind)
    floor.now += NOTICE
    refused(floor, "order: .* cannot follow registration.cancelled", "registration.confirmed")
    refused(floor, "once", "registration.cancelled")


def test_nobody_evades_an_objection_by_taking_the_claim_back() -> None:
    floor = on_notice()
    floor.do("objection.filed")
    refused(floor, "objection: an objection is open", "registration.cancelled")
    floor.do("objection.closed", outcome="dismissed")
    floor.do("registration.cancelled")
    floor = on_notice()
    floor.do("objection.filed")
    floor.do("objection.closed", outcome="upheld")
    refused(floor, "objection: an objection was upheld", "registration.cancelled")


def test_a_registration_is_cancelled_while_a_change_of_it_is_on_notice_unless_objected_to() -> None:
    changed(confirmed(), confirm=False).do("registration.cancelled")
    changed(confirmed(), confirm=False).do("registration.cancelled", "operator")
    floor = changed(confirmed(), confirm=False)
    floor.do("objection.filed")
    for who in ("supplier", "operator"):
        refused(floor, "objection: an objection is open", "registration.cancelled", who)


# Disputes.


def test_a_dispute_freezes_a_product_until_it_is_decided() -> None:
    floor = listed()
    dispute = floor.do("dispute.opened")
    assert [each.leaf for each in disputes_open(floor.log, subject(floor))] == [dispute.leaf]
    for kind in ("registration.changed", "transfer.offered", "registration.cancelled"):
        refused(floor, "dispute: a dispute is open", kind)
    for kind in ("right.granted", "scenario.filed", "listing.published"):
        refused(floor, "registration: a dispute over .* is open", kind)
    decided = floor.do("dispute.decided")
    over = f"dispute: the dispute was decided at {re.escape(decided.named)}"
    refused(floor, over, "dispute.decided", dispute=dispute.leaf.hex())
    refused(floor, "dispute: no such dispute is open", "dispute.decided", dispute="0" * 64)
    floor.do("scenario.filed")


def test_a_dispute_freezes_what_came_of_the_product() -> None:
    floor = confirmed()
    floor.do("right.granted", to=floor.ids["rival"])
    parent, first = floor.number("product"), subject(floor)
    for step in PATH[: PATH.index("listing.published")]:
        derived: dict[str, Any] = {"parents": [parent]} if step == "product.registered" else {}
        theirs = step in {"product.registered", "sheet.submitted", "listing.requested"}
        floor.wait_for(step).do(step, "rival" if theirs else None, **derived)
    child = subject(floor)
    floor.do("dispute.opened", "buyer", first)
    assert first in why_frozen(floor.log, child)
    refused(floor, f"a dispute over {first} is open", "listing.published")


def test_a_dispute_is_withdrawn_by_who_opened_it_and_never_the_supplier_s_own() -> None:
    floor = Floor().ready("dispute.withdrawn")
    refused(floor, "needs dispute.opened", "dispute.withdrawn", "buyer")
    floor.do("dispute.withdrawn")
    assert not disputes_open(floor.log, subject(floor))
    refused(floor, "a supplier does not dispute its own", "dispute.opened", "supplier")


def test_a_decision_may_cancel_the_registration() -> None:
    floor = Floor().ready("dispute.decided")
    assert rights_of(floor.log, floor.number("product"), floor.later())
    decided = floor.do("dispute.decided", outcome="cancelled")
    assert rights_of(floor.log, floor.number("product"), floor.later()) == ()
    assert decided.named in why_ended(floor.log, subject(floor), floor.later())
    refused(floor, "registration: .* was cancelled", "right.granted")
    floor.do("registration.cancelled", "operator")


def test_a_decision_may_pass_the_registration_on_by_the_order_of_a_document() -> None:
    floor = Floor().ready("dispute.decided")
    order = [digest("judgment")]
    to = [floor.ids["rival"]]
    wrong: list[dict[str, Any]] = [
        {"to": to},
        {"order": order},
        {"to": [floor.ids["buyer"]], "order": order},
    ]
    for changes in wrong:
        refused(floor, "dispute: |transfer: ", "dispute.decided", outcome="transferred", **changes)
    refused(floor, "dispute: ", "dispute.decided", to=to, order=order)
    refused(floor, "outcome: ", "dispute.decided", outcome="settled")
    decided = floor.do("dispute.decided", outcome="transferred", to=to, order=order)
    ground: dict[str, Any] = {"offer": [], "decision": [decided.leaf.hex()]}
    refused(floor, "the operator alone", "registration.transferred", **ground)
    floor.do("registration.transferred", "operator", **ground)
    assert supplier_of(floor.log, subject(floor)) == floor.ids["rival"]


# Activities.


def test_an_activity_is_recorded_by_the_supplier_or_who_may_process() -> None:
    floor = confirmed()
    floor.do("activity.recorded")
    refused(floor, "rights: .* had no right to process", "activity.recorded", "rival")
    floor.do("right.granted")
    floor.now += dt.timedelta(days=4)  # the activity was three days ago, and within the grant
    floor.do("activity.recorded", "rival", cost=committed("cost", "theirs"))


def worked(begins: str, ends: str = "") -> dict[str, Any]:
    return {"from": begins, "until": ends or begins, "cost": committed("cost", begins)}


def test_a_supplier_collected_before_it_registered() -> None:
    floor = confirmed()
    floor.do("activity.recorded", **worked("0001-01-01T00:00:00Z", floor.later()))


def test_an_activity_is_not_dated_before_the_grant_under_which_it_was_done() -> None:
    floor = confirmed()
    before = floor.later(seconds=-1)
    floor.do("right.granted")
    granted, late = floor.later(), floor.later(days=2)
    floor.now += dt.timedelta(days=3)
    words = "rights: .* had no right to process .* at .*, when the activity began"
    for begins, ends in ((before, late), (before, before), ("2020-01-01T00:00:00Z", late)):
        refused(floor, words, "activity.recorded", "rival", **worked(begins, ends))
    floor.do("activity.recorded", "rival", **worked(granted, late))


def test_an_activity_does_not_run_on_after_its_right_has_ended() -> None:
    floor = confirmed()
    first, last = floor.later(), floor.later(days=2)
    floor.do("right.granted", until=last)
    floor.now += dt.timedelta(days=1)
    other = floor.do("right.granted", **{"from": floor.later(days=2), "until": floor.later(days=9)})
    floor.now += dt.timedelta(days=4)
    begun, now = other.facts["from"], floor.later()
    between = format_time(parse_time(begun, "from") - dt.timedelta(seconds=1))
    after = f"rights: .* had no right to process .* after {last}"
    refused(floor, after, "activity.recorded", "rival", **worked(first, now))
    refused(floor, "when the activity began", "activity.recorded", "rival", **worked(between))
    floor.do("activity.recorded", "rival", **worked(first, last))  # it has another right now
    floor.do("activity.recorded", "rival", **worked(begun, now))


def test_an_activity_is_recorded_after_its_right_has_ended() -> None:
    floor = confirmed()
    first, last = floor.later(), floor.later(days=2)
    floor.do("right.granted", until=last)
    floor.now += dt.timedelta(days=9)
    assert not holds(
        floor.log, floor.ids["rival"], floor.number("product"), "processing", floor.later()
    )
    past = format_time(parse_time(last, "until") + dt.timedelta(seconds=1))
    refused(floor, f"after {last}", "activity.recorded", "rival", **worked(first, past))
    refused(floor, "when the activity began", "activity.recorded", "rival", **worked(past))
    floor.do("activity.recorded", "rival", **worked(first, last))
    floor.do("participant.suspended", subject=f"participant/{floor.ids['rival']}")
    refused(floor, "standing", "activity.recorded", "rival", **worked(last))


def test_a_right_ends_with_its_registration_and_what_was_done_before_is_still_told() -> None:
    floor = confirmed()
    first = floor.later()
    floor.do("right.granted")
    floor.now += dt.timedelta(days=2)
    ended = floor.do("registration.cancelled", "operator")
    floor.now += dt.timedelta(days=1)
    after = f"rights: .* after {ended.time}"
    refused(floor, after, "activity.recorded", "rival", **worked(first, floor.later()))
    floor.do("activity.recorded", "rival", **worked(first, ended.time))


def test_a_right_that_begins_where_another_ends_goes_on_with_it() -> None:
    floor = confirmed()
    first = floor.later()
    ended, begun = floor.later(days=1), floor.later(days=1, seconds=1)
    floor.do("right.granted", until=ended)
    floor.do("right.granted", **{"from": begun})
    floor.now += dt.timedelta(days=3)
    floor.do("activity.recorded", "rival", **worked(first, floor.later()))


def test_a_right_that_was_revoked_gave_its_time_until_then() -> None:
    floor = confirmed()
    first = floor.later()
    grant = floor.do("right.granted")
    floor.now += dt.timedelta(days=2)
    revoked = floor.do("right.revoked", grant=grant.leaf.hex())
    floor.now += dt.timedelta(days=1)
    floor.do("right.granted")
    floor.now += dt.timedelta(days=1)
    after = f"rights: .* after {revoked.time}"
    refused(floor, after, "activity.recorded", "rival", **worked(first, floor.later()))
    floor.do("activity.recorded", "rival", **worked(first, revoked.time))


def test_who_passed_a_product_on_still_tells_what_it_did_before() -> None:
    floor = transferred(confirmed())
    taken = floor.log.last(subject(floor))
    assert taken is not None
    floor.now += dt.timedelta(days=1)
    refused(floor, f"after {taken.time}", "activity.recorded", **worked(taken.time, floor.later()))
    floor.do("activity.recorded", **worked("2020-01-01T00:00:00Z", taken.time))


def test_who_took_a_product_over_did_nothing_with_it_before() -> None:
    floor = transferred(confirmed())
    taken = floor.log.last(subject(floor))
    assert taken is not None
    floor.now += dt.timedelta(days=1)
    before = format_time(parse_time(taken.time, "time") - dt.timedelta(seconds=1))
    words = "had no right to process .* when the activity began"
    refused(floor, words, "activity.recorded", "rival", **worked(before, floor.later()))
    floor.do("activity.recorded", "rival", **worked(taken.time, floor.later()))


def record(floor: Floor, who: str = "supplier", *, used: Any = (), made: Any = ()) -> str:
    """Record an activity and return its leaf hash."""
    changes: dict[str, Any] = {
        "used": [digest(each) for each in used],
        "made": [digest(each) for each in made],
        "from": floor.later(minutes=-1),
        "until": floor.later(),
        "cost": committed("cost", f"of {floor.log.edge().size}"),
    }
    return floor.do("activity.recorded", who, **changes).leaf.hex()


def test_an_activity_is_withdrawn_once_and_by_who_recorded_it_alone() -> None:
    floor = confirmed()
    floor.do("right.granted")
    floor.now += dt.timedelta(hours=1)
    mine, theirs = record(floor), record(floor, "rival")
    assert not withdrawals(floor.log, subject(floor))
    words = "needs activity.recorded"
    refused(floor, words, "activity.withdrawn", "rival", activity=mine)
    refused(floor, words, "activity.withdrawn", activity=theirs)
    refused(floor, words, "activity.withdrawn", "operator", activity=theirs)
    refused(floor, words, "activity.withdrawn", activity=digest("none"))
    gone = floor.do("activity.withdrawn", activity=mine)
    assert withdrawals(floor.log, subject(floor)) == {mine: gone}
    again = f"once: the activity was withdrawn at {gone.named}"
    refused(floor, again, "activity.withdrawn", activity=mine, reason="indeed")
    # Not only while it may process the data.
    floor.do("registration.cancelled", "operator")
    floor.do("activity.withdrawn", "rival", activity=theirs)


def test_what_a_later_activity_goes_on_from_is_not_withdrawn() -> None:
    floor = confirmed()
    early = record(floor, used=["clean"])  # recorded before, so that it rests on nothing
    wrong = record(floor, used=["raw"], made=["clean", "log"])
    later = record(floor, used=["clean"], made=["sums"])
    words = f"order: entry .* uses a file that entry .* alone made: {digest('clean')}"
    refused(floor, words, "activity.withdrawn", activity=wrong)
    right = record(floor, used=["raw"], made=["clean"])
    floor.do("activity.withdrawn", activity=wrong)
    floor.do("activity.withdrawn", activity=right)  # was recorded after what uses it
    floor.do("activity.withdrawn", activity=later)
    floor.do("activity.withdrawn", activity=early)


def test_who_made_a_file_anew_does_not_go_on_from_itself() -> None:
    floor = confirmed()
    first = record(floor, made=["table"])
    record(floor, used=["table"], made=["table"])
    refused(floor, "alone made", "activity.withdrawn", activity=first)


FILES = st.sets(st.sampled_from("ab"))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.tuples(FILES, FILES), st.integers(0, 5)), max_size=9))
def test_what_goes_on_from_a_file_keeps_where_the_file_comes_from(steps: list[Any]) -> None:
    floor, told = confirmed(), []  # each activity: its leaf, its files, whether it stands
    for step in steps:
        if not isinstance(step, int):
            used, made = step
            told.append([record(floor, used=sorted(used), made=sorted(made)), used, made, True])
        elif step < len(told):
            leaf, _, made, stands = told[step]
            left = [each for each in told if each[3] and each[0] != leaf]
            orphans = [
                file
                for each in told[step + 1 :]
                for file in each[1] & made
                if each[3] and not any(file in other[2] for other in left if other is not each)
            ]
            if stands and not orphans:
                floor.do("activity.withdrawn", activity=leaf)
                told[step][3] = False
            else:
                refused(floor, "once|order", "activity.withdrawn", activity=leaf)
    gone = withdrawals(floor.log, subject(floor))
    assert {leaf for leaf, *_, stands in told if not stands} == set(gone)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"activity": "sell"}, "one of collect, label, clean, analyse, store, transmit"),
        ({"until": "2036-01-01T00:00:00Z"}, "when it is over"),
        ({"from": "2026-01-09T00:00:00Z", "until": "2026-01-08T00:00:00Z"}, "its beginning first"),
        ({"inputs": ["GP-0000-0000-0000"]}, "needs product.registered in product/GP-0000"),
    ],
)
def test_an_activity_says_what_was_done_when_and_to_what(changes: Any, words: str) -> None:
    floor = confirmed()
    refused(floor, words, "activity.recorded", **changes)


def test_a_shorter_grant_takes_nothing_from_a_longer_one() -> None:
    floor = confirmed()
    floor.do("right.granted")
    begun, soon = floor.later(hours=1), floor.later(hours=9)
    floor.do("right.granted", **{"from": begun, "until": soon})
    floor.now += dt.timedelta(days=2)
    floor.do("activity.recorded", "rival", **worked(begun, floor.later()))


def test_who_passed_a_product_on_works_on_it_under_a_grant_alone() -> None:
    floor = transferred(confirmed())
    taken = floor.log.last(subject(floor))
    assert taken is not None
    floor.now += dt.timedelta(days=1)
    granted = floor.do("right.granted", "rival", to=floor.ids["supplier"])
    floor.now += dt.timedelta(days=1)
    now = floor.later()
    refused(floor, f"after {taken.time}", "activity.recorded", **worked(taken.time, now))
    floor.do("activity.recorded", **worked(granted.facts["from"], now))
    floor.do("activity.recorded", **worked("2020-01-01T00:00:00Z", taken.time))
