"""An inbox is told in Chinese as well, and its codes stay what commands take."""

from __future__ import annotations

import pytest

from exchange.formats.chinese import ENGLISH, said_in
from exchange.formats.inbox_words import COLUMNS, DUTIES, RISKS, reasons, said
from exchange.services.explain_listing import WANTED
from exchange.services.read_inbox import Duty, Risk
from exchange.vetting import CHECKLIST

WHY = (
    "nothing lists",
    "its acts stop",
    "its registration has ended, and nothing lists before it is renewed",
    "a dispute freezes it",
    "an objection freezes the claim",
    "graded important",
    "found: mobile, person_name",
    "values that may be sensitive",
    "holds personal data by its sheet",
    "a rule rejects it",
    "returned by a reviewer of the exchange",
    "rejected by a reviewer of the exchange",
    "this delivery is far from the one before: speed",
    "no rule of the pack jp 1 that judges a product is in force",
    *WANTED.values(),
)


def test_every_duty_and_level_of_risk_has_its_words() -> None:
    assert set(DUTIES) == set(Duty)
    assert set(RISKS) == set(Risk)
    for key in (*Duty, *Risk, *COLUMNS):
        assert said(key, "zh") != said(key, "en")
    assert said("mend-pack", "en") == "mend-pack"


@pytest.mark.parametrize("text", WHY)
def test_why_something_waits_has_chinese(text: str) -> None:
    (told,) = reasons([text], "zh", {})
    assert told != text
    assert not ENGLISH.search(told)
    assert reasons([text], "en", {}) == (text,)


def test_what_commands_take_stays_as_it_is() -> None:
    codes = (*CHECKLIST, "C-03", "identity", "legal-practice", f"source-proof {'ab' * 32}")
    assert reasons(codes, "zh", {}) == codes


def test_a_packs_own_words_are_told() -> None:
    assert reasons(["it is dry"], "zh", {"it is dry": "天旱"}) == ("天旱",)
    assert said_in("zh", "it is dry") == "it is dry"
