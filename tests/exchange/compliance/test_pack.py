"""Packs: what is refused at construction, what the digest covers, how they are found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from exchange.compliance import (
    Answer,
    ListingCase,
    Rule,
    RulePack,
    Severity,
    Stage,
    clear,
    discover_packs,
    fired,
)
from exchange.compliance.china import PACK
from exchange.compliance.conformance import (
    RulePackContract,
    misbehaved,
    not_monotone,
    undescribed,
    unsaid,
    untranslated,
)
from exchange.errors import ExchangeError
from tests.exchange.compliance.cases import listing, trade

RULE = Rule(
    id="Z-01",
    statement="It is so",
    basis={"CN": "an article"},
    severity=Severity.BLOCK,
    check=lambda _: clear(),
    evidence="none",
)


def pack(*rules: Rule, **changes: Any) -> RulePack:
    return replace(RulePack("test", "CN", "1", rules), **changes)


def test_a_pack_with_one_id_twice_is_refused() -> None:
    with pytest.raises(ExchangeError, match="rule pack test has two rules Z-01"):
        pack(RULE, RULE)


def test_a_pack_whose_rule_cites_another_jurisdiction_is_refused() -> None:
    with pytest.raises(ExchangeError, match="Z-01 cites nothing for EU"):
        RulePack("test", "EU", "1", (RULE,))


def test_the_digest_covers_everything_but_the_checks() -> None:
    made = pack(RULE)
    others = [
        pack(RULE, version="2"),
        pack(RULE, name="other"),
        pack(replace(RULE, basis={"CN": "an article", "EU": "one"})),
        pack(replace(RULE, id="Z-02")),
        pack(replace(RULE, statement="It is not")),
        pack(replace(RULE, severity=Severity.ADVISE)),
        pack(replace(RULE, stage=Stage.TRADE)),
        pack(replace(RULE, evidence="some")),
        pack(replace(RULE, unlock="never")),
        pack(replace(RULE, effective_from=dt.date(2026, 1, 1))),
        pack(replace(RULE, effective_to=dt.date(2026, 1, 1))),
        pack(RULE, replace(RULE, id="Z-02")),
        pack(),
    ]
    digests = {other.digest for other in others} | {made.digest}
    assert len(digests) == len(others) + 1
    assert pack(replace(RULE, check=lambda _: fired("no"))).digest == made.digest


def test_a_pack_in_another_language_is_the_same_pack() -> None:
    translated = pack(RULE, chinese={RULE.statement: "如此"})

    assert translated.record == pack(RULE).record
    assert translated.digest == pack(RULE).digest
    assert translated == pack(RULE)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("the tide is out", " "),
        ("the tide is out", "{place} 正在退潮"),
        ("the tide is out at {place}", "正在退潮"),
        ("the tide is out at {place}", "{station} 正在退潮"),
        ("the tide is out at {place} and {place}", "{place} 正在退潮"),
        ("the tide is out at {}", "{} 正在退潮"),
        ("the tide is out at {0}", "{0} 正在退潮"),
    ],
)
def test_a_pack_whose_chinese_tells_something_else_is_refused(english: str, chinese: str) -> None:
    with pytest.raises(ExchangeError, match="rule pack test: the Chinese of 'the tide"):
        pack(RULE, chinese={english: chinese})


def entry_points(monkeypatch: pytest.MonkeyPatch, *points: tuple[str, str]) -> None:
    group = "exchange.compliance_rules"
    made = tuple(EntryPoint(name, value, group) for name, value in points)

    def stub(*, group: str) -> tuple[EntryPoint, ...]:
        return tuple(point for point in made if point.group == group)

    monkeypatch.setattr("exchange.compliance.rule.entry_points", stub)


def test_packs_are_found_by_their_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    entry_points(monkeypatch, ("cn", "exchange.compliance.china:PACK"))
    assert discover_packs() == {"cn": PACK}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("exchange.compliance.atlantis:PACK", "does not load"),
        ("exchange.compliance.china:NO_PACK", "does not load"),
        ("exchange.compliance.rule:ENTRY_POINTS", "is a str"),
    ],
)
def test_a_pack_that_does_not_load_stops_the_exchange(
    value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry_points(monkeypatch, ("cn", "exchange.compliance.china:PACK"), ("xx", value))
    with pytest.raises(ExchangeError, match=f"rule pack xx {reason}"):
        discover_packs()


def test_two_packs_of_one_name_stop_the_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    one = ("cn", "exchange.compliance.china:PACK")
    entry_points(monkeypatch, one, one)
    with pytest.raises(ExchangeError, match="two rule packs are called cn"):
        discover_packs()


def raises(_: object) -> Answer:
    raise KeyError


class TestTheContractItself:
    def test_names_what_a_rule_leaves_out(self) -> None:
        bare = replace(RULE, statement=" ", unlock="", evidence="")
        backward = replace(
            RULE,
            id="Z-02",
            effective_from=dt.date(2026, 1, 2),
            effective_to=dt.date(2026, 1, 1),
        )
        assert list(undescribed(pack(bare, backward))) == [
            "Z-01: no statement",
            "Z-01: no evidence",
            "Z-01: no unlock",
            "Z-02: never in force",
        ]
        assert list(undescribed(pack())) == ["test has no rules"]

    def test_names_rules_that_raise_or_quote(self) -> None:
        faulty = pack(
            replace(RULE, check=raises),
            replace(RULE, id="Z-02", check=lambda _: fired("13800138000")),
            replace(RULE, id="Z-03", check=lambda _: None),  # type: ignore[arg-type,return-value]
            replace(RULE, id="Z-04", stage=Stage.TRADE, check=raises),
        )
        assert list(misbehaved(faulty, listing())) == [
            "Z-01: raised KeyError",
            "Z-02: its message may quote a value",
            "Z-03: answered with a NoneType",
        ]
        assert list(misbehaved(faulty, trade())) == ["Z-04: raised KeyError"]

    def test_names_what_a_pack_with_chinese_leaves_in_english(self) -> None:
        talking = replace(RULE, evidence="-", check=lambda _: fired("7 of the buoys are adrift"))
        trading = replace(talking, id="Z-02", stage=Stage.TRADE)
        begun = pack(talking, trading, chinese={RULE.statement: "如此"})
        whole = {RULE.statement: "如此", "{n} of the buoys are adrift": "{n} 个浮标漂离"}

        assert list(untranslated(pack(talking), listing())) == []
        assert list(untranslated(begun)) == []  # of its rules everything; nothing is asked
        assert list(untranslated(begun, listing())) == [
            "Z-01: no Chinese of '7 of the buoys are adrift'"
        ]
        assert list(untranslated(begun, trade())) == [
            "Z-02: no Chinese of '7 of the buoys are adrift'"
        ]
        assert list(untranslated(pack(talking, chinese=whole), listing())) == []
        for other in (
            replace(talking, statement="in words"),
            replace(talking, evidence="in words"),
            replace(talking, unlock="in words"),
        ):
            left = untranslated(pack(other, chinese=whole))
            assert list(left) == ["Z-01: no Chinese of 'in words'"]

    def test_names_rules_that_are_not_monotone(self) -> None:
        def few_signatures(case: ListingCase) -> Answer:
            return fired("too many") if len(case.attestations) > 1 else clear()

        def nothing_unseen(case: ListingCase) -> Answer:
            return clear() if case.profile is None or case.profile.sensitive else fired("clean")

        faulty = pack(
            replace(RULE, check=few_signatures), replace(RULE, id="Z-02", check=nothing_unseen)
        )
        found = set(not_monotone(faulty, listing()))
        assert "Z-01: stops the case after an attestation was added" in found
        assert "Z-02: lets the case pass after the profile was hidden" in found
        assert "Z-02: lets the case pass after health was found" in found

    def test_names_rules_that_an_attestation_clears_without_their_saying_so(self) -> None:
        def signed(name: str) -> Callable[[ListingCase], Answer]:
            return lambda case: case.signed(name, fired("nobody has signed for it"))

        named = "an attestation that names the rule"
        made = pack(
            replace(RULE, check=signed("Z-01")),
            replace(RULE, id="Z-02", check=signed("Z-02"), unlock=named),
            replace(RULE, id="Z-03", check=signed("Z-03"), severity=Severity.ATTEST),
            replace(RULE, id="Z-04", check=lambda _: fired("whatever is signed")),
        )
        assert list(unsaid(made, listing())) == [
            "Z-01: cleared by an attestation, of which its unlock does not speak"
        ]

    def test_fails_a_pack_that_breaks_it(self) -> None:
        class Broken(RulePackContract):
            pack = pack(replace(RULE, unlock="", stage=Stage.TRADE))
            trade_cases = (trade(),)

        with pytest.raises(AssertionError, match="Z-01: no unlock"):
            Broken().test_every_rule_has_its_words()
        with pytest.raises(AssertionError, match="an order without facts passes"):
            Broken().test_an_order_without_facts_does_not_pass()

    def test_fails_a_pack_that_stops_half_way_to_chinese(self) -> None:
        class Begun(RulePackContract):
            pack = pack(RULE, replace(RULE, id="Z-02", statement="So"), chinese={"So": "如此"})
            listing_cases = (listing(),)

        with pytest.raises(AssertionError, match="Z-01: no Chinese of 'It is so'"):
            Begun().test_who_reads_chinese_is_told_all_or_nothing_in_it()

    def test_fails_without_cases(self) -> None:
        class Bare(RulePackContract):
            pack = pack(RULE)

        with pytest.raises(AssertionError, match="give cases"):
            Bare().test_no_rule_raises_or_quotes_a_value()
