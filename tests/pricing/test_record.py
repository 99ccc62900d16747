from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import version
from typing import Any

import pytest

from ledger.canonical import encode
from pricing import plugins
from pricing.engines.cost import CostApproach
from pricing.engines.list_price import ListPrice
from pricing.errors import BadInput, NotReplayed, UnknownPlugin
from pricing.money import Money
from pricing.quote import QuoteRequest
from pricing.record import PricingRecord, Replayed, recorded, replay
from pricing.sharing import Owner, SharingCase
from pricing.sharing.fixed import FixedShares
from pricing.sharing.shapley import ExactShapley
from pricing.wire import digest
from tests.pricing import strangers
from tests.pricing.conftest import Register
from tests.pricing.test_cost import SURVEY

QUARTER = QuoteRequest(Money.parse("9000 CNY"), term_ratio=Fraction(1, 4))
SHEET = "ab" * 32


def quarter() -> PricingRecord:
    return recorded(ListPrice(Decimal("0.20")), QUARTER, documents={"sheet": SHEET})[1]


def test_a_record_by_example() -> None:
    price = {"minor": 900_000, "currency": "CNY"}
    assert quarter().to_record() == {
        "plugin": "list-price",
        "version": version("guapai"),
        "kind": "strategies",
        "parameters": {"term_floor": "0.2"},
        "inputs": {
            "list_price": price,
            "licence_fraction": "1",
            "term_ratio": "1/4",
            "purposes": 1,
        },
        "input_digests": {
            "list_price": digest(price),
            "licence_fraction": digest("1"),
            "term_ratio": digest("1/4"),
            "purposes": digest(1),
            "sheet": SHEET,
        },
        "output": {
            "amount": {"minor": 225_000, "currency": "CNY"},
            "lines": [
                {"text": "list price", "amount": price},
                {
                    "text": "1/4 of the full term, at least 0.2 of the list price",
                    "amount": {"minor": -675_000, "currency": "CNY"},
                },
            ],
            "remarks": ["no appraisal stands beside this price"],
        },
    }


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for held in value.values() for leaf in leaves(held)]
    if isinstance(value, list):
        return [leaf for held in value for leaf in leaves(held)]
    return [value]


def test_every_kind_replays_from_what_the_ledger_holds() -> None:
    appraisal, first = recorded(CostApproach(), SURVEY)
    _, second = recorded(ListPrice(), replace(QUARTER, appraisal=appraisal))
    game = SharingCase(Money(100), (Owner("a"), Owner("b")), lambda who: Fraction(len(who) ** 2, 3))
    _, third = recorded(ExactShapley(), game)
    for record in (first, second, third):
        held = json.loads(encode(record.to_record()))
        assert {type(leaf) for leaf in leaves(held)} <= {str, int}
        replay(PricingRecord.from_record(held))


def changed(record: PricingRecord, path: str, value: Any) -> PricingRecord:
    held = json.loads(json.dumps(record.to_record()))
    place, *rest = path.split(".")
    target, name = held, place
    for step in rest:
        target, name = target[name], step
    target[name] = value
    return PricingRecord.from_record(held)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("plugin", "no-such-price"),
        ("kind", "oracles"),
        ("kind", "appraisers"),
        ("parameters.term_floor", "0.5"),
        ("parameters.term_floor", "2"),
        ("parameters.term_floor", 0.2),
        ("parameters.discount", "0.2"),
        ("seed", 1),
        ("inputs.term_ratio", "1/3"),
        ("inputs.purposes", 2),
        ("inputs.purposes", True),
        ("inputs.colour", "blue"),
        ("input_digests.term_ratio", SHEET),
        ("output.amount.minor", 225_001),
        ("output.amount.minor", 225_000.0),
        ("output.remarks", []),
        ("output.discount", "none"),
        ("output", {}),
    ],
)
def test_a_tampered_record_does_not_replay(path: str, value: Any) -> None:
    with pytest.raises(NotReplayed):
        replay(changed(quarter(), path, value))


def test_inputs_changed_with_their_digest_yield_another_price() -> None:
    forged = changed(quarter(), "inputs.term_ratio", "1/3")
    forged = changed(forged, "input_digests.term_ratio", digest("1/3"))
    with pytest.raises(NotReplayed, match="yields another amount"):
        replay(forged)


def test_a_missing_digest_is_told() -> None:
    bare = replace(quarter(), input_digests={})
    with pytest.raises(NotReplayed, match="input_digests"):
        replay(bare)


def test_the_version_is_testimony_and_named_when_the_price_differs() -> None:
    replay(replace(quarter(), version="0.0.9"))
    with pytest.raises(NotReplayed, match=r"by version 0\.0\.9, version "):
        replay(changed(replace(quarter(), version="0.0.9"), "output.remarks", []))


def test_a_seed_stands_apart_and_repeats_the_draw(register: Register) -> None:
    register("strategies", drawn="tests.pricing.strangers:DrawnPrice")
    quote, record = recorded(strangers.DrawnPrice(seed=7), QUARTER)
    assert record.seed == 7
    assert record.parameters == {"steps": 100}
    assert quote == strangers.DrawnPrice(seed=7).quote(QUARTER)
    replay(PricingRecord.from_record(record.to_record()))
    with pytest.raises(NotReplayed):
        replay(replace(record, seed=8))


@pytest.mark.parametrize("price", [strangers.WhimsicalPrice(), strangers.CrashingPrice()])
def test_a_price_from_elsewhere_does_not_replay(
    register: Register, monkeypatch: pytest.MonkeyPatch, price: Any
) -> None:
    register("strategies", theirs=f"tests.pricing.strangers:{type(price).__name__}")
    _, record = recorded(price, QUARTER)
    replay(record)
    monkeypatch.setitem(strangers.WHIM, "factor", 2)
    with pytest.raises(NotReplayed):
        replay(record)


def test_a_plugin_nobody_registered_is_not_recorded() -> None:
    with pytest.raises(UnknownPlugin, match="WhimsicalPrice"):
        recorded(strangers.WhimsicalPrice(), QUARTER)


def test_a_game_that_changes_its_mind_is_recorded_as_it_was_priced() -> None:
    answers = iter([0, 1, 1, 2, 0, 9, 1, 10])
    case = SharingCase(Money(100), (Owner("a"), Owner("b")), lambda _: Fraction(next(answers)))
    allocation, record = recorded(ExactShapley(), case)
    assert allocation.part_of("a") == Money(50)
    replay(record)


@pytest.mark.parametrize(
    "documents", [{"sheet": "AB" * 32}, {"sheet": "ab"}, {"term_ratio": SHEET}, {"表": SHEET}]
)
def test_documents_are_named_by_digests(documents: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="documents"):
        recorded(ListPrice(), QUARTER, documents=documents)


Damage = Callable[[dict[str, Any]], Any]


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda record: record.pop("inputs"), "inputs"),
        (lambda record: record.update(note=""), "note"),
        (lambda record: record.update(plugin=3), "plugin"),
        (lambda record: record.update(output=[]), "output"),
        (lambda record: record.update(seed="7"), "seed"),
    ],
)
def test_what_is_no_record_is_not_read(damage: Damage, named: str) -> None:
    record = quarter().to_record()
    damage(record)
    with pytest.raises(BadInput, match=f"^{named}: "):
        PricingRecord.from_record(record)


def test_load_builds_what_can_be_recorded() -> None:
    strategy = plugins.load("strategies", "list-price")(term_floor=Decimal("0.5"))
    quote, record = recorded(strategy, QUARTER)
    assert quote.amount == Money.parse("4500 CNY")
    replay(record)


@pytest.mark.parametrize(
    ("nudge", "part", "how"),
    [
        (Fraction(0), 0, Replayed.BIT_FOR_BIT),
        (Fraction(1, 10**12), 0, Replayed.TO_THE_UNIT),
        (Fraction(1, 10**6), 0, None),
        (Fraction(1, 10**12), 1, None),
    ],
)
def test_a_figure_may_differ_by_rounding_and_an_amount_may_not(
    nudge: Fraction, part: int, how: Replayed | None
) -> None:
    case = SharingCase(Money(100), (Owner("a", 1), Owner("b", 2)))
    _, record = recorded(FixedShares(), case)
    shares = [
        {"owner": "a", "part": Money(33 + part).to_record(), "share": str(Fraction(1, 3) + nudge)},
        {"owner": "b", "part": Money(67 - part).to_record(), "share": str(Fraction(2, 3) - nudge)},
    ]
    elsewhere = replace(record, output={**record.output, "shares": shares})
    if how is None:
        with pytest.raises(NotReplayed, match="shares"):
            replay(elsewhere)
    else:
        assert replay(elsewhere) is how
