"""What is told of a product is what then happens, and whom it is told is who can do something."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from exchange.compliance import Answer, RulePack
from exchange.errors import BadField, Conflict, IllegalTransition
from exchange.formats.chinese import left_in_english, said_in
from exchange.grading import Grade
from exchange.listing import ListingState
from exchange.registration import Product, RegistrationState
from exchange.services.adopt_pack import adopt_pack
from exchange.services.explain_listing import Explanation, explain_product, obstacles
from exchange.services.explain_suspension import off_board
from exchange.services.list_product import judge
from exchange.services.read_inbox import Duty, Task, read_inbox
from exchange.specsheet import SpecSheet
from ledger.acts import format_time
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import (
    DATA,
    DERIVATION,
    DERIVED,
    EVIDENCE,
    NOTICE,
    SHEET,
    YEAR,
    Hall,
    sheet,
)
from tests.exchange.services.test_purposes import FURTHER


def explained(hall: Hall, number: str = "") -> Explanation:
    with hall.floor.read() as work:
        product = work.products.get(number or hall.number)
        return explain_product(product, work=work, floor=hall.floor)


def under(hall: Hall, pack: RulePack) -> None:
    """Let the exchange adopt another pack."""
    hall.venue.__dict__ |= {"pack": pack}
    hall.venue.__dict__.pop("floor", None)
    adopt_pack(floor=hall.floor)


# What stands on the board.


def test_what_stands_by_an_earlier_pack_is_explained_as_standing(listed: Hall) -> None:
    under(listed, RulePack("cn", "CN", "next", listed.floor.pack.rules))
    assert listed.product().listing is ListingState.LISTED
    assert explained(listed).passed
    with listed.floor.read() as work:
        assert judge(listed.product(), work=work, floor=listed.floor).review.passed
    listed.house.suspend_listing(listed.number, "a complaint")
    told = explained(listed)  # a new verdict wants words under the pack in force
    assert {"T-05", "V-01"} <= {finding.rule for finding in told.review.blocking}


def test_data_that_grew_old_on_the_board_is_explained_as_it_was_judged(hall: Hall) -> None:
    physical = SHEET["physical"] | {"update_frequency": "daily", "increment_rows": 2}
    hall.list(sheet(physical=physical))
    hall.advance(days=90)
    assert explained(hall).passed
    hall.house.suspend_listing(hall.number, "a complaint")
    assert [finding.rule for finding in explained(hall).review.blocking] == ["Q-05"]


def test_a_verdict_that_has_ended_is_explained_as_a_request_would_find_it(listed: Hall) -> None:
    over = dt.date.fromisoformat(listed.product().valid_until or "")
    listed.advance(days=(over - listed.today).days + 1)
    assert not explained(listed).passed


# What no rule is asked about, and who ends it.


def inbox(hall: Hall, handle: str, number: str = "") -> list[Task]:
    """What waits for somebody of one product."""
    with hall.floor.read() as work:
        found = read_inbox(work.participants.get(handle), work=work, floor=hall.floor)
    return [task for task in found if task.subject == f"product/{number or hall.number}"]


def told(hall: Hall, number: str = "") -> tuple[list[str], list[str]]:
    """The obstacles of a product and what ends each, all of which have their Chinese."""
    with hall.floor.read() as work:
        found = [*obstacles(work.products.get(number or hall.number), work=work, floor=hall.floor)]
    words, unlocks = [each.words for each in found], [each.unlock for each in found]
    for text in (*words, *unlocks):
        assert not left_in_english(text), said_in("zh", text)
    return words, unlocks


def for_(*purposes: str) -> SpecSheet:
    return sheet(conditions=SHEET["conditions"] | {"purposes": [*purposes]})


def test_a_parent_that_is_for_less_is_told_with_what_is_left_and_who_widens_it(
    listed: Hall,
) -> None:
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    listed.supplier.submit_sheet(listed.number, for_("research"))
    words, unlocks = told(listed, child)
    assert words == [f"{child} comes from {listed.number}, which is not for shipping"]
    (unlock,) = unlocks
    assert unlock == (
        "a sheet of its supplier's for no more than research, or, by who supplies what it comes"
        " from, a sheet or a grant for more"
    )
    assert not explained(listed, child).passed
    (task,) = inbox(listed, "contributor", child)
    assert (task.duty, task.why, task.items) == (Duty.MEND, tuple(words), tuple(unlocks))
    derived = replace(for_("research"), sources=sheet(sources=[DERIVATION]).sources)
    listed.contributor.submit_sheet(child, derived)
    listed.attest(child)
    listed.review(child)
    assert explained(listed, child).passed
    assert listed.contributor.list(child)[0].listing is ListingState.LISTED


def test_parents_that_have_no_purpose_in_common_are_told_before_anybody_writes_a_sheet(
    hall: Hall,
) -> None:
    parents = []
    for purpose, data in (("research", DATA), ("shipping", FURTHER)):
        hall.list(for_(purpose), data)
        hall.grant()
        parents.append(hall.number)
    file = hall.file("both.csv", DERIVED)
    derived = sheet(sources=[DERIVATION])
    child = hall.contributor.register(file, derived, [EVIDENCE], parents=parents).number
    words, unlocks = told(hall, child)
    assert words[0] == "no spec sheet of it stands"
    assert words[1] == (
        "no sheet of it is possible, as what it comes from has no purpose in common: "
        f"{parents[0]} is for research; {parents[1]} is for shipping"
    )
    assert unlocks[1] == (
        "sheets or grants, by who supplies what it comes from, that leave a purpose in common"
    )
    (task,) = inbox(hall, "contributor", child)
    assert (task.duty, task.why, task.items) == (Duty.MEND, (words[1],), (unlocks[1],))
    for purpose in ("research", "shipping"):
        with pytest.raises(BadField, match="has no purpose in common"):
            hall.contributor.submit_sheet(
                child, replace(derived, conditions=for_(purpose).conditions)
            )
    hall.supplier.submit_sheet(parents[1], for_("research"))
    assert told(hall, child)[0] == ["no spec sheet of it stands"]
    assert [task.duty for task in inbox(hall, "contributor", child)] == [Duty.WRITE_SHEET]


def test_a_grant_for_another_purpose_than_the_sheet_leaves_none_and_is_told_so(
    listed: Hall,
) -> None:
    listed.grant(purposes=("research",))
    listed.supplier.submit_sheet(listed.number, for_("shipping"))
    file = listed.file("both.csv", DERIVED)
    derived, parents = sheet(sources=[DERIVATION]), [listed.number]
    child = listed.contributor.register(file, derived, [EVIDENCE], parents=parents).number
    contributor = listed.participant("contributor").id
    assert told(listed, child)[0][1].endswith(
        f"{listed.number} is for shipping; {contributor} may process {listed.number} for research"
    )
    listed.grant()
    assert told(listed, child)[0] == ["no spec sheet of it stands"]


def test_what_was_delisted_is_told_to_be_cancelled_and_registered_anew_which_then_lists(
    listed: Hall,
) -> None:
    before = listed.number
    listed.supplier.delist(before, "enough")
    words, unlocks = told(listed)
    assert words == ["it was delisted, which is for good: enough"]
    (unlock,) = unlocks
    assert unlock == (
        "the cancellation of its registration, by its supplier once it owes no delivery, and the"
        " data registered anew"
    )
    way = f"registered as {before}; it was delisted for good, and they are registered anew once"
    with pytest.raises(Conflict, match=way):
        listed.register()
    listed.supplier.cancel_registration(before, "to register it anew")
    assert set(told(listed)[1]) == {"the data registered anew, under another number"}
    assert listed.list() != before
    assert explained(listed).passed


def test_a_right_taken_back_is_granted_anew_and_one_in_what_was_cancelled_is_not(
    listed: Hall,
) -> None:
    source, grant = listed.number, listed.grant()
    child = listed.derive()
    listed.supplier.revoke(source, grant, "the contract ended")
    assert told(listed, child)[1] == ["a grant of the right to process it, by who supplies it"]
    listed.grant()
    assert told(listed, child) == ([], [])
    listed.supplier.cancel_registration(source, "it is over")
    assert told(listed, child)[1] == [f"nothing: the registration of {source} was cancelled"]


def test_core_data_is_told_that_nothing_brings_it_back(listed: Hall) -> None:
    listed.house.set_grade(listed.number, Grade.CORE, "a ministry says so", "notice 7")
    assert told(listed)[1] == ["nothing: core data is never listed"]
    listed.supplier.cancel_registration(listed.number, "it is over")
    assert set(told(listed)[1]) == {"nothing: core data is never listed"}


# Whose word ends a refusal.


def refuse(hall: Hall, *rules: str, by: str = "counsel") -> str:
    """Let an assessor refuse rules of the product; return its id."""
    until = hall.today + YEAR
    hall.desk(by).attest(hall.number, rules, report=b"no", until=until, passed=False)
    return hall.participant(by).id


def unlocked_by(hall: Hall) -> dict[str, str]:
    """What unlocks each rule that stops the product, all of which has its Chinese."""
    found = {each.rule: each.unlock for each in explained(hall).review.blocking}
    for text in found.values():
        assert not left_in_english(text), said_in("zh", text)
    return found


def to_attest(hall: Hall, handle: str) -> list[tuple[str, ...]]:
    return [task.items for task in inbox(hall, handle) if task.duty is Duty.ATTEST]


def test_what_one_assessor_refused_is_told_to_wait_for_its_word_alone(hall: Hall) -> None:
    hall.number = hall.prepare()
    counsel = refuse(hall, "S-09", "C-03")
    way = f"an attestation by {counsel}, who refused it, that passes C-03, S-09"
    assert unlocked_by(hall) == dict.fromkeys(("S-09", "C-03", "T-05"), way)
    assert to_attest(hall, "assessor") == []  # whatever it says, another refuses
    assert [*map(set, to_attest(hall, "counsel"))] == [{"S-09", "C-03", "T-05"}]
    (task,) = inbox(hall, "supplier")
    assert (task.duty, task.why) == (Duty.MEND, (way,))
    hall.attest()
    assert unlocked_by(hall) == dict.fromkeys(("S-09", "C-03", "T-05"), way)
    until = hall.today + YEAR
    hall.desk("counsel").attest(hall.number, ["S-09"], report=b"yes", until=until, passed=True)
    assert unlocked_by(hall) == dict.fromkeys(("S-09", "C-03", "T-05"), way)
    rules = ["S-09", "C-03"]
    hall.desk("counsel").attest(hall.number, rules, report=b"yes", until=until, passed=True)
    assert unlocked_by(hall) == {}
    assert to_attest(hall, "counsel") == []


def test_who_refused_and_may_speak_no_more_is_verified_anew_first(hall: Hall) -> None:
    hall.number = hall.prepare()
    counsel = refuse(hall, "S-09")
    both = refuse(hall, "S-09", by="assessor")
    party = hall.participant("counsel")
    hall.house.verify(party, [b"a licence"], signatory="李四", until=hall.today)
    hall.advance(days=1)
    ways = {
        counsel: f"the operator verifies anew the identity of {counsel}; "
        f"an attestation by {counsel}, who refused it, that passes S-09",
        both: f"an attestation by {both}, who refused it, that passes S-09",
    }
    assert unlocked_by(hall)["T-05"] == "; ".join(ways[each] for each in sorted(ways))
    assert to_attest(hall, "counsel") == []  # it could not
    assert {"S-09", "T-05"} <= set(to_attest(hall, "assessor")[0])
    renewed = hall.today + YEAR
    hall.house.verify(party, [b"a licence"], signatory="李四", until=renewed)
    assert {"S-09", "T-05"} <= set(to_attest(hall, "counsel")[0])


def test_a_supplier_whose_identity_has_ended_is_verified_anew_and_not_admitted(hall: Hall) -> None:
    party = hall.participant("supplier")
    hall.house.verify(party, [b"a licence"], signatory="李四", until=hall.today)
    hall.number = hall.prepare()
    hall.advance(days=1)
    assert unlocked_by(hall) == {"P-01": f"the operator verifies anew the identity of {party.id}"}
    hall.house.verify(party, [b"a licence"], signatory="李四", until=hall.today + YEAR)
    assert explained(hall).passed


def test_a_rule_that_raises_is_told_to_wait_for_the_operator(listed: Hall) -> None:
    def raising(_: object) -> Answer:
        raise LookupError

    broken = replace(listed.floor.pack.rules[0], id="Z-01", check=raising, unlock="an attestation")
    under(listed, RulePack("cn", "CN", "next", (*listed.floor.pack.rules, broken)))
    assert unlocked_by(listed)["Z-01"] == "the rule mended in its pack, by the operator"


# What resembles another product.


def copied(hall: Hall) -> str:
    """Register the product's rows in another order, as another supplier's own."""
    head, *rows = DATA.splitlines(keepends=True)
    file = hall.file("copy.csv", "".join([head, *rows[::-1]]))
    number = hall.contributor.register(file, sheet(), [EVIDENCE]).number
    hall.contributor.submit_sheet(number, sheet())
    hall.attest(number)
    hall.review(number)
    return number


def test_what_stands_in_another_registration_names_it_by_a_change_once_its_notice_has_run(
    listed: Hall,
) -> None:
    copy = copied(listed)
    source, listed.number = listed.number, copy
    assert unlocked_by(listed)["R-01"].startswith("the claim taken back and made anew with")
    change = ("derived, after all", [EVIDENCE])

    def name_the_other() -> Product:
        sources, parents = ("derived",), [source]
        return listed.contributor.change(copy, None, *change, sources=sources, parents=parents)

    listed.supplier.grant(source, listed.terms())
    with pytest.raises(IllegalTransition):
        name_the_other()  # while the notice runs
    listed.advance(seconds=NOTICE)
    assert unlocked_by(listed)["R-01"].startswith("a change of the registration that names")
    assert name_the_other().registration is RegistrationState.ON_NOTICE
    derived = sheet(sources=[DERIVATION])
    listed.contributor.submit_sheet(copy, derived)
    listed.attest()
    listed.review()
    listed.advance(seconds=NOTICE)
    assert explained(listed).passed
    assert listed.contributor.list(copy)[0].listing is ListingState.LISTED


def test_a_claim_taken_back_is_made_anew_with_the_other_product_as_its_parent(
    listed: Hall,
) -> None:
    copy, source = copied(listed), listed.number
    listed.contributor.cancel_registration(copy, "it is derived")
    listed.supplier.grant(source, listed.terms())
    derived, file = sheet(sources=[DERIVATION]), listed.file("copy.csv", "")
    head, *rows = DATA.splitlines(keepends=True)
    file.write_text("".join([head, *rows[::-1]]), encoding="utf-8")
    anew = listed.contributor.register(file, derived, [EVIDENCE], parents=[source]).number
    listed.contributor.submit_sheet(anew, derived)
    assert "R-01" not in {each.rule for each in explained(listed, anew).review.blocking}


# What ends in one night.


def test_of_much_that_ends_in_one_night_the_grant_is_named(listed: Hall) -> None:
    last = listed.today + dt.timedelta(days=30)
    over = format_time(dt.datetime.combine(last, dt.time(23, 59, 59), dt.UTC))
    listed.grant(until=over)
    source, listed.number = listed.number, listed.derive()
    listed.desk("counsel").attest(listed.number, ("P-04",), report=b"seen", until=last, passed=True)
    for handle in ("contributor", "expert"):
        party = listed.participant(handle)
        listed.house.verify(party, [b"a licence"], signatory="李四", until=last)
    listed.contributor.list(listed.number)
    listed.advance(days=31)
    with listed.floor.read() as work:
        left = off_board(listed.product(), work=work, floor=listed.floor)
    assert left is not None
    assert f"on {last}: the right to process {source}; " in left.words
    assert left.words.endswith("; and others")
    assert not left_in_english(left.words), said_in("zh", left.words)


def test_one_thing_stands_in_the_way_and_two_stand(listed: Hall) -> None:
    guapai = Guapai(listed.folder)
    assert "and nothing stands in the way" in guapai("explain", listed.number).stdout
    listed.supplier.delist(listed.number, "enough")
    assert "and 1 stands in the way" in guapai("explain", listed.number).stdout
    assert "有 1 项妨碍挂牌" in guapai("explain", listed.number, "--lang", "zh").stdout
    listed.supplier.cancel_registration(listed.number, "enough")
    assert "and 2 stand in the way" in guapai("explain", listed.number).stdout
