"""The pack of docs/rules.md keeps the contract, and says all it says in Chinese."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from exchange.compliance import review_listing
from exchange.compliance.conformance import RulePackContract
from exchange.formats.chinese import told_in
from exchange.records import to_record
from tests.exchange.compliance.cases import SHEET, listing
from tests.exchange.compliance.plugged import plugged

SPREAD: Final = listing(replace(SHEET, sources=SHEET.sources[:1] * 4))


class TestPackOfTheDocs(RulePackContract):
    pack = plugged()
    listing_cases = (listing(), SPREAD)


def test_what_the_pack_of_the_docs_finds_is_told_in_both_languages() -> None:
    pack = plugged()
    (finding,) = review_listing(SPREAD, pack).findings
    record = to_record(finding)

    assert told_in("en", record, pack.chinese) == record
    assert record["message"] == "4 sources are more than three"
    told = told_in("zh", record, pack.chinese)
    assert told["message"] == "来源有 4 个，超过三个"
    assert told["unlock"] == "减少数据来源"
    assert told["basis"] == "某条"
