"""Whose words are wanted beside the rules, and which rules an assessor may name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from exchange.compliance import (
    ListingCase,
    Opinion,
    Rule,
    RulePack,
    Severity,
    Stage,
    clear,
    fired,
    review_listing,
)
from exchange.compliance.china import PACK
from exchange.compliance.wanted import Word, attestable, words_wanted
from exchange.vetting import Decision
from tests.exchange.compliance.cases import ON, SHEET, attestation, listing, vetting


def rule(name: str, **changes: Any) -> Rule:
    made = Rule(
        id=name,
        statement="a rule",
        basis={"CN": "a law"},
        severity=Severity.BLOCK,
        check=lambda _: clear(),
        evidence="the sheet",
    )
    return replace(made, **changes)


def pack(*rules: Rule) -> RulePack:
    return RulePack("test", "CN", "1", rules)


FREE = pack(rule("A-01"))  # asks nobody
NOT_DECIDED = (Word.DECISION,)


def spoken(**changes: Any) -> ListingCase:
    """Return a case on which everybody has spoken under a pack that asks nobody."""
    acts = {
        "attestations": (attestation(SHEET, rule_pack=FREE.digest),),
        "vettings": (vetting(SHEET, rule_pack=FREE.digest),),
    }
    return listing(**{**acts, **changes})


def test_what_everybody_answers_for_wants_no_word() -> None:
    assert not words_wanted(listing(), review_listing(listing(), PACK), PACK)
    assert not words_wanted(spoken(), review_listing(spoken(), FREE), FREE)


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        (spoken(attestations=()), (Word.ATTESTATION,)),
        (
            spoken(
                attestations=(attestation(SHEET, rule_pack=FREE.digest, outcome=Opinion.REFUSED),)
            ),
            (Word.ATTESTATION,),
        ),
        (spoken(reviews=()), (Word.SCORE,)),
        (spoken(vettings=()), NOT_DECIDED),
        *(
            (spoken(vettings=(vetting(SHEET, rule_pack=FREE.digest, decision=word),)), NOT_DECIDED)
            for word in Decision
            if word is not Decision.APPROVED
        ),
        (listing(reviews=()), (Word.ATTESTATION, Word.SCORE, Word.DECISION)),  # of another pack
    ],
)
def test_the_record_wants_each_word_though_no_rule_does(
    case: ListingCase, wanted: tuple[Word, ...]
) -> None:
    review = review_listing(case, FREE)
    assert review.passed
    assert words_wanted(case, review, FREE) == wanted


def test_of_a_case_that_a_rule_stops_nothing_else_is_told() -> None:
    stops = pack(rule("A-01", check=lambda _: fired("no", "sheet")))
    case = listing(attestations=(), reviews=(), vettings=())
    assert not words_wanted(case, review_listing(case, stops), stops)


def test_an_assessor_passes_what_its_word_can_clear() -> None:
    heard, checked = rule("A-01", severity=Severity.ATTEST), rule("A-02")
    assert attestable(pack(heard, checked), ON) == ("A-01",)


def test_where_no_word_clears_a_rule_before_listing_any_rule_may_be_named() -> None:
    at_a_trade = rule("A-01", severity=Severity.ATTEST, stage=Stage.TRADE)
    assert attestable(pack(at_a_trade, rule("A-02")), ON) == ("A-01", "A-02")
