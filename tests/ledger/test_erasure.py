"""Erasing what is committed to: who may, how it is decided, and what an auditor says of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.commitments import Disclosure, Standing, commit, commitment
from ledger.erasure import (
    CommittedFields,
    commitments_of,
    erasable_fields,
    erased_fields,
    papers_of,
)
from ledger.errors import BadAct
from ledger.kinds import KINDS, Fact
from ledger.note import to_base64
from tests.ledger.floor import Floor, digest, full_history

AGREED = {"price": 7}
SALT = bytes(32)


def refused(floor: Floor, words: str, kind: str, who: str | None = None, **changes: Any) -> None:
    size = floor.log.edge().size
    with pytest.raises(BadAct, match=words):
        floor.do(kind, who, **changes)
    assert floor.log.edge().size == size


def taken(floor: Floor, *disclosures: Disclosure) -> tuple[CommittedFields, list[str]]:
    fields, said = CommittedFields(disclosures), []
    for entry in floor.log.entries():
        said += [f"{broken.rule}: {broken.words}" for broken in fields.take(entry)]
    return fields, said


def test_an_erasure_is_asked_for_by_anybody_and_carried_out_by_the_exchange() -> None:
    floor = Floor().ready("erasure.executed")
    leaf = floor.leaf("right.granted")
    assert erased_fields(floor.log, leaf) == frozenset()
    refused(floor, "role: .* may not sign erasure.executed", "erasure.executed", "rival")
    entry = floor.do("erasure.executed")
    assert erased_fields(floor.log, leaf) == {"agreement"}
    assert entry.facts["commitments"] == [commitment("agreement", AGREED, SALT)]
    refused(floor, "erasure: agreement of entry .* was erased already", "erasure.requested")


@pytest.mark.parametrize(
    "fields", [[], ["agreement", "agreement"], ["to"], ["colour"], ["agreement", "until"]]
)
def test_what_is_erased_are_committed_fields_each_once(fields: list[str]) -> None:
    floor = Floor().ready("erasure.requested")
    refused(floor, "erasure: ", "erasure.requested", fields=fields)


def test_what_is_erased_stands_in_the_log() -> None:
    floor = Floor().ready("erasure.requested")
    for leaf in (digest("nothing"), "nothing"):
        words = "erasure: no earlier entry has the leaf hash"
        refused(floor, words, "erasure.requested", subject=f"erasure/{leaf}")


def test_nothing_is_erased_unasked() -> None:
    floor = Floor().ready("erasure.requested")
    leaf = floor.leaf("right.granted")
    subject = f"erasure/{leaf}"
    refused(floor, "needs erasure.requested", "erasure.executed", subject=subject, request=leaf)


def test_a_request_is_decided_once_and_may_be_made_again() -> None:
    floor = Floor().ready("erasure.refused")
    floor.do("erasure.refused")
    for kind in ("erasure.refused", "erasure.executed"):
        refused(floor, "erasure: the request was decided at entry", kind)
    floor.do("erasure.requested")
    floor.do("erasure.executed")
    refused(floor, "erasure: the request was decided at entry", "erasure.refused")


def test_requests_of_two_participants_are_decided_one_by_one() -> None:
    floor = Floor().ready("erasure.requested")
    first = floor.do("erasure.requested").leaf.hex()
    second = floor.do("erasure.requested", "supplier").leaf.hex()
    floor.do("erasure.refused", request=second)
    entry = floor.do("erasure.executed", request=first)
    assert (entry.subject, first) in entry.refs


def test_the_very_commitments_are_listed() -> None:
    floor = Floor().ready("erasure.executed")
    other = commitment("agreement", AGREED, b"\x01" * 32)
    for listed in ([other], [], [commitment("agreement", AGREED, SALT)] * 2):
        words = "erasure: the commitments are not those of the entry"
        refused(floor, words, "erasure.executed", commitments=listed)


def test_the_grounds_of_a_request_can_be_erased_as_well() -> None:
    floor = Floor().ready("erasure.requested")
    request = floor.do("erasure.requested")
    subject = f"erasure/{request.leaf.hex()}"
    again = floor.do("erasure.requested", subject=subject, fields=["grounds"])
    facts: dict[str, Any] = {"request": again.leaf.hex(), "fields": ["grounds"]}
    listed = [request.facts["grounds"]]
    floor.do("erasure.executed", subject=subject, commitments=listed, **facts)
    assert erased_fields(floor.log, request.leaf.hex()) == {"grounds"}


def test_the_commitments_of_an_entry_are_those_of_its_kind() -> None:
    for entry in full_history().log.entries():
        facts = KINDS[entry.kind].facts
        expected = {name for name, fact in facts.items() if fact is Fact.COMMITMENT}
        assert set(commitments_of(entry)) == expected


def test_every_committed_field_is_disclosed_withheld_or_erased() -> None:
    floor = Floor().ready("right.granted")
    until = floor.later(days=365)
    grants = [floor.do("right.granted", until=until) for _ in range(3)]
    shown = Disclosure(grants[0].index, "agreement", SALT, AGREED)
    subject = f"erasure/{grants[1].leaf.hex()}"
    request = floor.do("erasure.requested", subject=subject)
    done: dict[str, Any] = {
        "request": request.leaf.hex(),
        "commitments": [grants[1].facts["agreement"]],
    }
    floor.do("erasure.executed", subject=subject, **done)
    fields, said = taken(floor, shown)
    assert (said, fields.unplaced()) == ([], ())
    told = [fields.standing(grant.leaf.hex(), "agreement") for grant in grants]
    assert told == [Standing.DISCLOSED, Standing.ERASED, Standing.WITHHELD]
    assert fields.tally()[Standing.DISCLOSED] == fields.tally()[Standing.ERASED] == 1


def test_what_was_erased_and_is_shown_all_the_same_is_disclosed() -> None:
    floor = Floor().ready("erasure.executed")
    floor.do("erasure.executed")
    grant = next(entry for entry in floor.log.entries() if entry.kind == "right.granted")
    fields, _ = taken(floor, Disclosure(grant.index, "agreement", SALT, AGREED))
    assert fields.standing(grant.leaf.hex(), "agreement") is Standing.DISCLOSED
    assert fields.tally()[Standing.ERASED] == 0


def test_a_disclosure_of_another_value_field_or_entry_is_named() -> None:
    floor = Floor().ready("right.granted")
    index = floor.do("right.granted").index
    wrong = [
        (
            Disclosure(index, "agreement", SALT, {"price": 8}),
            "agreement is not what was committed to",
        ),
        (Disclosure(index, "until", SALT, AGREED), "has no commitment to until"),
    ]
    for disclosure, words in wrong:
        fields, said = taken(floor, disclosure)
        assert said == [f"disclosure: entry {index}{'' if 'has no' in words else ':'} {words}"]
        assert fields.tally()[Standing.DISCLOSED] == 0
    beyond = Disclosure(index + 1, "agreement", SALT, AGREED)
    assert taken(floor, beyond)[0].unplaced() == (index + 1,)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(Standing), min_size=1, max_size=5))
def test_the_tally_counts_each_field_once(wanted: list[Standing]) -> None:
    floor = Floor().ready("right.granted")
    disclosures: list[Disclosure] = []
    requests = 0
    for number, standing in enumerate(wanted):
        salts = iter([bytes([number]) * 32])
        made, kept = commit(floor.log.edge().size, {"agreement": number}, lambda: next(salts))  # noqa: B023
        grant = floor.do("right.granted", **made)
        if standing is Standing.DISCLOSED:
            disclosures += kept
        if standing is Standing.ERASED:
            subject = f"erasure/{grant.leaf.hex()}"
            request = floor.do("erasure.requested", subject=subject)
            done: dict[str, Any] = {
                "request": request.leaf.hex(),
                "commitments": [made["agreement"]],
            }
            floor.do("erasure.executed", subject=subject, **done)
            requests += 1
    bare, _ = taken(Floor().ready("right.granted"))
    fields, said = taken(floor, *disclosures)
    expected = {each: wanted.count(each) for each in Standing}
    expected[Standing.WITHHELD] += requests + bare.tally()[Standing.WITHHELD]  # and their grounds
    assert (said, dict(fields.tally())) == ([], expected)


# Papers, which are named by plain digests.


@pytest.mark.parametrize(
    ("kind", "field"), [("identity.verified", "documents"), ("licence.recorded", "document")]
)
def test_papers_are_erased_as_values_are(kind: str, field: str) -> None:
    floor = Floor().ready("erasure.requested")
    leaf = floor.leaf(kind) if kind == "identity.verified" else floor.do(kind).leaf.hex()
    target = floor.log.by_leaf(leaf)
    assert target is not None
    digests = papers_of(target)
    assert digests == tuple([target.facts[field]] if kind == "licence.recorded" else digests)
    before, _ = taken(floor)
    subject = f"erasure/{leaf}"
    request = floor.do("erasure.requested", subject=subject, fields=[field]).leaf.hex()
    listed = [to_base64(bytes.fromhex(each)) for each in digests]
    facts: dict[str, Any] = {"request": request, "fields": [field], "subject": subject}
    words = "erasure: the commitments are not those of the entry"
    for wrong in ([], [*listed, listed[0]], [commitment("agreement", AGREED, SALT)]):
        refused(floor, words, "erasure.executed", commitments=wrong, **facts)
    floor.do("erasure.executed", commitments=listed, **facts)
    assert erased_fields(floor.log, leaf) == {field}
    words = f"erasure: {field} of entry .* was erased already"
    refused(floor, words, "erasure.requested", subject=subject, fields=[field])
    fields, said = taken(floor)
    told, was = fields.tally(), before.tally()
    assert said == []
    assert told[Standing.ERASED] == was[Standing.ERASED] + 1
    assert told[Standing.WITHHELD] == was[Standing.WITHHELD] + 1  # the grounds of the request


def test_a_value_and_the_papers_beside_it_are_erased_in_one() -> None:
    floor = Floor().ready("erasure.requested")
    target = floor.do("licence.recorded")
    subject, fields = f"erasure/{target.leaf.hex()}", ["document", "number"]
    request = floor.do("erasure.requested", subject=subject, fields=fields).leaf.hex()
    made = erasable_fields(target)
    listed = [*made["document"], *made["number"]]
    facts: dict[str, Any] = {"request": request, "fields": fields, "subject": subject}
    words = "erasure: the commitments are not those of the entry"
    refused(floor, words, "erasure.executed", commitments=listed[::-1], **facts)
    floor.do("erasure.executed", commitments=listed, **facts)
    assert taken(floor)[0].tally()[Standing.ERASED] == 2
    assert papers_of(floor.do("licence.withdrawn")) == ()
