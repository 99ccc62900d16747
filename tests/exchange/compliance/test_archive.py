"""Cases on record: read back as they were, and what of them leaves the exchange."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from exchange.compliance import ListingCase, Platform, Site, TradeCase
from exchange.compliance.archive import keep, quality_in, rebuild
from exchange.records import to_record
from ledger.canonical import decode, encode
from tests.exchange.compliance.cases import PLATFORM, PROFILE, SHEET, listing, trade, unseen

SITE = Site(*map(Decimal, ("121", "36", "122", "37")))
GUARDED = replace(PLATFORM, guarded=(SITE,))


class Records:
    """What the exchange keeps under digests: some for everybody, some for itself."""

    def __init__(self) -> None:
        self.public: dict[str, bytes] = {}
        self.withheld: dict[str, bytes] = {}

    def put(self, data: bytes, public: bool) -> str:  # noqa: FBT001 - as a unit of work takes it
        digest = hashlib.sha256(data).hexdigest()
        (self.public if public else self.withheld)[digest] = data
        return digest

    def get(self, digest: str) -> bytes:
        return (self.public | self.withheld)[digest]

    def keep(self, case: ListingCase | TradeCase) -> str:
        sheet = self.put(encode(to_record(case.sheet)), True)
        profile = self.put(encode(to_record(case.profile)), True) if case.profile else ""
        return keep(case, sheet=sheet, profile=profile, put=self.put)

    def shown(self, digest: str) -> Any:
        return decode(self.public[digest])


def on_platform(platform: Platform | None) -> ListingCase:
    return replace(listing(), platform=platform)


CASES: dict[str, ListingCase | TradeCase] = {
    "everything is known": listing(),
    "an order": trade(),
    "nothing was inspected": replace(unseen(listing()), quality=None),
    "guarded sites": on_platform(GUARDED),
    "no list of guarded sites": on_platform(replace(PLATFORM, guarded=None)),
    "an empty list of guarded sites": on_platform(replace(PLATFORM, guarded=())),
    "no platform": on_platform(None),
    "no expert has spoken": replace(listing(), reviews=()),
    "an order of guarded sites": replace(trade(), platform=GUARDED),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_case_is_read_back_as_it_was_judged(case: ListingCase | TradeCase) -> None:
    records = Records()
    sheet = hashlib.sha256(encode(to_record(SHEET))).hexdigest()
    for judged in (case, replace(case, pack_digest="a" * 64)):  # which pack, the review says
        assert rebuild(records.keep(judged), records.get) == replace(case, sheet_digest=sheet)


def test_a_word_says_of_its_licence_that_none_stands_and_nothing_else() -> None:
    records, case = Records(), listing()
    undone = replace(
        case,
        attestations=tuple(replace(act, licensed=False) for act in case.attestations),
        reviews=tuple(replace(act, licensed=False) for act in case.reviews),
    )
    for judged, said in ((case, [None, None]), (undone, [False, False])):
        told = records.shown(records.keep(judged))["case"]
        words = [*told["attestations"], *told["reviews"]]
        assert [word.get("licensed") for word in words] == said
    (kept,) = rebuild(records.keep(undone), records.get).attestations
    assert kept == undone.attestations[0]


def test_sheet_and_profile_stand_in_a_case_by_the_digests_of_their_own_records() -> None:
    records = Records()
    shown = records.shown(records.keep(listing()))
    assert records.shown(shown["sheet"]) == to_record(SHEET)
    assert records.shown(shown["profile"]) == to_record(PROFILE)
    assert shown["case"].keys().isdisjoint({"sheet", "profile"})
    assert not records.withheld


def test_where_guarded_sites_lie_is_withheld() -> None:
    records = Records()
    shown = records.shown(records.keep(on_platform(GUARDED)))
    assert shown["case"]["platform"] == to_record(replace(PLATFORM, guarded=None))
    assert decode(records.withheld[shown["withheld"]]) == {"platform": to_record(GUARDED)}


def test_what_the_system_measured_is_withheld_until_an_expert_has_spoken() -> None:
    records = Records()
    case = listing()
    shown = records.shown(records.keep(replace(case, reviews=())))
    assert shown["case"].keys().isdisjoint({"quality", "measured"})
    kept = decode(records.withheld[shown["withheld"]])
    assert kept == {"quality": to_record(case.quality), "measured": None}
    assert records.shown(records.keep(case))["case"]["quality"] == to_record(case.quality)


def test_the_quality_that_a_case_was_judged_by_is_read_wherever_it_stands() -> None:
    records, shown = Records(), listing()
    assert quality_in(records.keep(shown), records.get) == shown.quality
    withheld = replace(shown, reviews=())
    digest = records.keep(withheld)
    assert records.withheld
    assert quality_in(digest, records.get) == withheld.quality
    # What is withheld for another reason stands beside it.
    guarded = on_platform(GUARDED)
    assert quality_in(records.keep(guarded), records.get) == guarded.quality
    unmeasured = replace(unseen(listing()), quality=None)
    assert quality_in(records.keep(unmeasured), records.get) is None


def test_only_what_a_case_withholds_is_asked_for_beside_it() -> None:
    records = Records()
    digest = records.keep(on_platform(GUARDED))
    records.withheld.clear()  # as of a bundle, which nobody's secrets leave with
    assert quality_in(digest, records.get) == listing().quality
