"""Chapter G: the sea, forecasts and coordinates."""

from __future__ import annotations

import re

from exchange.compliance.case import ListingCase
from exchange.compliance.catalogue.intake import NOT_INSPECTED
from exchange.compliance.rule import Answer, Rule, Severity, clear, fired
from exchange.profile import ColumnProfile
from exchange.specsheet import ProductType, SpecSheet

_MARINE = re.compile(
    r"海洋|海浪|海流|海温|海冰|潮汐|潮位|风暴潮|\b(?:marine|oceans?|sea|tides?|tidal|buoys?)\b",
    re.IGNORECASE,
)
_FORECAST = re.compile(r"预报|预警|\b(?:forecasts?|warnings?)\b", re.IGNORECASE)
# CF standard names; mean sea level alone is the datum of many a land station.
_MARINE_STANDARD_NAME = re.compile(r"sea_(?!level)|tidal_|^water_surface|^ocean_")
_VERTICAL = re.compile(r"^(?:depth|altitude|height)|_height_above_|_altitude$|_depth$")


def _words(sheet: SpecSheet) -> str:
    basic = sheet.basic
    return "\n".join((basic.name, basic.name_en, basic.sector, basic.industry, *basic.keywords))


def _standard_name(column: ColumnProfile) -> str:
    return column.standard_name or ""


def _marine(case: ListingCase) -> bool | None:
    """Whether the sheet's words or the columns' standard names speak of the sea."""
    if _MARINE.search(_words(case.sheet)):
        return True
    if case.profile is None:
        return None
    return any(_MARINE_STANDARD_NAME.search(_standard_name(c)) for c in case.profile.columns)


def _forecast(sheet: SpecSheet) -> bool:
    return sheet.basic.type is ProductType.FORECAST or bool(_FORECAST.search(_words(sheet)))


def observations_submitted(case: ListingCase) -> Answer:
    """G-03: an assessor has seen the receipt of the authority and the secrecy check."""
    observed = case.sheet.basic.type in {ProductType.DATASET, ProductType.API}
    if not observed or _forecast(case.sheet):
        return clear("not observation data")
    marine = _marine(case)
    if marine is None:
        return NOT_INSPECTED
    if not marine:
        return clear("not marine data")
    return case.signed("G-03", fired("marine observations need an assessor's word"))


def forecast_not_public(case: ListingCase) -> Answer:
    """G-04: a marine forecast goes to named customers, unless an authority body offers it."""
    if not (_forecast(case.sheet) and case.sheet.conditions.public_release):
        return clear("no forecast for the public")
    marine = _marine(case)
    if marine is None:
        return NOT_INSPECTED
    if not marine:
        return clear("not marine data")
    public = fired(
        "marine forecasts are released to the public by authority bodies only",
        "sheet.conditions.public_release",
    )
    if case.sheet.approvals.get("marine-forecast-authority"):
        return case.signed("G-04", public)
    return public


def datum_named(case: ListingCase) -> Answer:
    """G-08: positions name their horizontal datum, heights and depths their vertical one."""
    if case.profile is None:
        return NOT_INSPECTED
    content = case.sheet.content
    if case.profile.space is not None and not content.horizontal_datum:
        return fired("positions without a horizontal datum", "sheet.content.horizontal_datum")
    vertical = any(_VERTICAL.search(_standard_name(c)) for c in case.profile.columns)
    if vertical and not content.vertical_datum:
        return fired("heights or depths without a vertical datum", "sheet.content.vertical_datum")
    return clear()


RULES = (
    Rule(
        id="G-03",
        statement="Marine observation data: submitted to the authority; secrecy checked; to a "
        "foreign party only with approval",
        basis={"CN": "海洋观测预报管理条例 17, 19, 20, 34, 35", "EU": "Directive 2007/2"},
        severity=Severity.ATTEST,
        check=observations_submitted,
        evidence="submission receipt / approval",
        unlock="an attestation that names the rule",
    ),
    Rule(
        id="G-04",
        statement="Marine forecast/warning offered to the public only by authority bodies",
        basis={"CN": "海洋观测预报管理条例 22, 36 (fine 20k-100k)", "EU": "-"},
        severity=Severity.BLOCK,
        check=forecast_not_public,
        evidence="supplier kind + audience",
        unlock="no public release, or the approval marine-forecast-authority and an "
        "attestation that names the rule",
    ),
    Rule(
        id="G-08",
        statement="Coordinates carry datum, vertical datum and accuracy (CGCS2000 / WGS84 / "
        "GCJ-02; 1985 national height)",
        basis={"CN": "Surveying Law 9, 10; GB/T 36344 规范性", "EU": "ISO 19115"},
        severity=Severity.ADVISE,
        check=datum_named,
        evidence="sheet fields",
        unlock="the datums in the sheet",
    ),
)
