"""The file, who takes part, and the exchange itself: chapters F, P and O."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from exchange.compliance import ListingCase, Party, PlatformCase
from exchange.participants import Participant, Role, Standing
from exchange.profile import SensitiveKind
from pricing.money import Currency, Money
from tests.exchange.compliance.cases import (
    BUYER,
    CLEAR,
    FIRED,
    IMPORTANT,
    ON,
    PLATFORM,
    PROFILE,
    SHEET,
    SUPPLIER,
    UNKNOWN,
    Example,
    finding,
    found,
    listing,
    platform,
    refused,
    section,
    trade,
    unseen,
)

LATIN = replace(PROFILE, encoding="latin-1")


def ended(who: Participant, days: int = -1) -> Party:
    return replace(Party.of(who), licensed_until=ON + dt.timedelta(days=days))


def licensed(days: int) -> ListingCase:
    return replace(listing(), supplier=ended(SUPPLIER, days))


def restricted() -> ListingCase:
    return replace(listing(), supplier=replace(Party.of(SUPPLIER), restricted=True))


def kept(**changes: Any) -> ListingCase:
    return replace(listing(), platform=replace(PLATFORM, **changes))


def kept_by(**changes: Any) -> PlatformCase:
    return platform(platform=replace(PLATFORM, **changes))


EXAMPLES: list[Example] = [
    ("F-01", FIRED, replace(listing(), intake=("F-01",))),
    ("F-01", CLEAR, listing()),
    ("F-01", UNKNOWN, replace(listing(), intake=None)),
    ("F-01", UNKNOWN, replace(listing(), intake=("F-99",))),
    ("F-01", UNKNOWN, unseen(listing())),
    ("F-02", FIRED, replace(listing(), intake=("F-02",))),
    ("F-02", CLEAR, listing()),
    ("F-02", UNKNOWN, replace(listing(), intake=None)),
    ("F-02", UNKNOWN, replace(listing(), intake=("F-99",))),
    ("F-02", UNKNOWN, unseen(listing())),
    ("F-03", FIRED, replace(listing(), intake=("F-03",))),
    ("F-03", CLEAR, listing()),
    ("F-03", UNKNOWN, replace(listing(), intake=None)),
    ("F-03", UNKNOWN, replace(listing(), intake=("F-99",))),
    ("F-03", UNKNOWN, unseen(listing())),
    ("F-04", FIRED, replace(listing(), intake=("F-04",))),
    ("F-04", CLEAR, listing()),
    ("F-04", UNKNOWN, replace(listing(), intake=None)),
    ("F-04", UNKNOWN, replace(listing(), intake=("F-99",))),
    ("F-04", UNKNOWN, unseen(listing())),
    ("F-06", FIRED, replace(listing(), intake=("F-06",))),
    ("F-06", CLEAR, listing()),
    ("F-06", UNKNOWN, replace(listing(), intake=None)),
    ("F-06", UNKNOWN, replace(listing(), intake=("F-99",))),
    ("F-06", UNKNOWN, unseen(listing())),
    ("F-08", FIRED, replace(listing(), intake=("F-08",))),
    ("F-08", CLEAR, listing()),
    ("F-08", UNKNOWN, replace(listing(), intake=None)),
    ("F-08", UNKNOWN, replace(listing(), intake=("F-99",))),
    ("F-08", UNKNOWN, unseen(listing())),
    ("F-05", FIRED, listing(profile=LATIN)),
    ("F-05", CLEAR, listing(profile=replace(PROFILE, encoding="GB18030"))),
    ("F-05", CLEAR, listing(profile=LATIN, attested=("F-05",))),
    (
        "F-05",
        CLEAR,
        listing(profile=replace(PROFILE, encoding=None, media_type="application/x-netcdf")),
    ),
    ("F-05", UNKNOWN, listing(profile=replace(PROFILE, encoding=None))),
    ("F-05", UNKNOWN, unseen(listing())),
    ("F-07", FIRED, listing(profile=found(finding(SensitiveKind.CREDENTIAL)), attested=("F-07",))),
    ("F-07", FIRED, listing(profile=found(finding(SensitiveKind.CREDENTIAL, certain=False)))),
    (
        "F-07",
        CLEAR,
        listing(
            profile=found(finding(SensitiveKind.CREDENTIAL, certain=False)), attested=("F-07",)
        ),
    ),
    ("F-07", UNKNOWN, unseen(listing())),
    ("F-05", FIRED, replace(listing(), intake=("F-05",))),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, standing=Standing.SUSPENDED))),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, roles=frozenset({Role.BUYER})))),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, credit_code="91370200MA0000000X"))),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, name=""))),
    ("P-01", CLEAR, listing()),
    ("P-01", UNKNOWN, listing(supplier=None)),
    ("P-02", FIRED, trade(buyer=replace(BUYER, standing=Standing.APPLIED))),
    ("P-02", FIRED, trade(buyer=replace(BUYER, roles=frozenset({Role.SUPPLIER})))),
    ("P-02", CLEAR, trade()),
    ("P-02", UNKNOWN, trade(buyer=None)),
    ("P-01", FIRED, licensed(-1)),
    ("P-01", CLEAR, licensed(0)),
    ("P-02", FIRED, replace(trade(), buyer=ended(BUYER))),
    ("P-03", FIRED, kept(log_days=183)),
    ("P-03", FIRED, kept(record_days=3 * 366 - 1)),
    ("P-03", CLEAR, kept(record_days=3 * 366)),
    ("P-03", CLEAR, platform()),
    ("P-03", FIRED, kept_by(log_days=0)),
    ("P-03", UNKNOWN, kept(log_days=None)),
    ("P-03", UNKNOWN, platform(platform=None)),
    ("P-04", FIRED, restricted()),
    ("P-04", FIRED, refused("P-04")),
    ("P-04", CLEAR, listing()),
    ("P-04", UNKNOWN, listing(attested=("C-01",))),
    ("P-04", UNKNOWN, listing(supplier=None)),
    ("P-05", FIRED, listing(replace(SHEET, duties=None))),
    ("P-05", FIRED, listing(replace(SHEET, contact=""))),
    ("P-05", FIRED, listing(section(SHEET, "duties", security_officer=""))),
    ("P-05", FIRED, listing(section(SHEET, "duties", security_contact=""))),
    ("P-05", FIRED, listing(replace(IMPORTANT, approvals={}))),
    ("P-05", CLEAR, listing(IMPORTANT)),
    ("P-05", CLEAR, listing()),
    ("O-01", FIRED, kept(complaints="")),
    ("O-01", CLEAR, listing()),
    ("O-01", CLEAR, platform()),
    ("O-01", UNKNOWN, replace(listing(), platform=None)),
    ("O-02", FIRED, refused("O-02")),
    ("O-02", FIRED, replace(kept(incident_plan=""), attestations=())),
    ("O-02", CLEAR, kept(incident_plan="")),
    ("O-02", CLEAR, listing()),
    ("O-02", CLEAR, platform()),
    ("O-02", UNKNOWN, platform(attested=("P-04",))),
    ("O-02", UNKNOWN, replace(listing(), platform=None)),
    ("O-02", UNKNOWN, platform(on=ON + dt.timedelta(days=400))),
    ("O-03", FIRED, trade(prices=(Money(70_000), Money(100_000)))),
    ("O-03", FIRED, trade(prices=(Money(126_000),))),
    ("O-03", CLEAR, trade(prices=(Money(80_000), Money(125_000)))),
    ("O-03", CLEAR, trade(prices=(Money(1, Currency.USD),))),
    ("O-03", UNKNOWN, trade(price=None)),
    ("O-03", UNKNOWN, trade(prices=None)),
]
