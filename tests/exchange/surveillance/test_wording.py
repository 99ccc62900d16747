"""Alerts in words: every way in both languages, and never a verdict."""

from __future__ import annotations

import json

import pytest

from exchange.surveillance.alerts import Alert, Pattern
from exchange.surveillance.wording import LANGUAGES, title_of, words_of

FACTS = {
    "ring": {
        "captive": 0.9,
        "share_of_supplier": 0.5,
        "needless": 0.8,
        "usual": 0.1,
        "equal_amounts": 1,
        "surprise": 12.0,
    },
    "circle": {"members": 3, "amount": 90_000, "imbalance": 0.01},
    "loyalty": {"effect": 0.1, "odds": 1e-6, "offers": 40, "products": 2},
    "bound": {"stopped": 8, "watched": 10, "expected": 0.5, "excess": 0.75, "odds": 1e-5},
    "kind": {"index": 6_800.0, "share": 0.8, "suppliers": 2},
}
PATTERNS = {
    "ring": Pattern.WASH,
    "circle": Pattern.WASH,
    "loyalty": Pattern.DISCRIMINATION,
    "bound": Pattern.EXCLUSIVITY,
    "kind": Pattern.CONCENTRATION,
}


def alert(way: str) -> Alert:
    return Alert(
        PATTERNS[way], way, ("A", "B"), ("x", "y"), ("tides",), 0, 9, 0.5, ("T-1",), 7, FACTS[way]
    )


@pytest.mark.parametrize("way", FACTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_has_its_words(way: str, language: str) -> None:
    words = words_of(alert(way), language)
    assert "A" in words
    assert ("。" in words) == (language == "zh")
    hedged = title_of(alert(way), language)
    assert way == "kind" or hedged.startswith(("疑似", "Possible"))


def test_what_is_said_by_hand() -> None:
    assert words_of(alert("kind"), "en") == (
        "The HHI of tides is 6,800 (above 1,800); A has 80%, of 2 suppliers."
    )
    assert words_of(alert("circle"), "en").startswith("A, B, x, y traded 7 times")
    assert "900.00" in words_of(alert("circle"), "zh")


def test_a_record_is_json_to_twelve_digits() -> None:
    record = alert("loyalty").to_record()
    assert json.loads(json.dumps(record)) == record
    assert record["facts"]["offers"] == 40
