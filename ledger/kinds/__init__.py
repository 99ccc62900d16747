"""The kinds of entry, and the rules an auditor checks over them: declared once, here.

Every kind says which subject it belongs to, who may sign it, which facts it carries, and which
earlier entries it needs.  The exchange cannot append an entry that breaks these rules, and an
auditor checks the same rules from the entries alone, without the exchange.  Rules about times,
money and whose thing it is stand in `ledger.meaning`.

    no compliance, no listing       listing.published needs the latest compliance.verdict, passed,
                                    and registration.confirmed, which needs the notice to have run
    what stands registered          data, supplier and term are those of the newest entry that
                                    changed them (`ledger.registry`)
    two independent parties         compliance.attested, quality.reviewed and listing.vetted are
                                    signed by others than the supplier; who vets assesses nothing
                                    of the product; the verdict is the operator's
    no scenario, no trade           trade.ordered needs scenario.approved of the same buyer
    frozen terms                    quote, order and contract carry one digest of the terms
    each access counted             access.granted says how often, within the contract's limit
    no settlement without delivery  settlement.executed needs delivery.received of the same data
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ledger.kinds import (
    access,
    agreements,
    auctions,
    bargains,
    clearing,
    demands,
    engagements,
    erasure,
    gate,
    house,
    merchants,
    netting,
    registration,
    scenarios,
    subscriptions,
    trading,
    usage,
)
from ledger.vocabulary import Fact, Kind, Need, Opening

__all__ = ["KINDS", "Fact", "Kind", "Need", "Opening"]

_TOPICS: Final = (
    house,
    merchants,
    registration,
    gate,
    scenarios,
    demands,
    trading,
    subscriptions,
    usage,
    access,
    bargains,
    auctions,
    agreements,
    engagements,
    clearing,
    netting,
    erasure,
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {kind.name: kind for topic in _TOPICS for kind in topic.KINDS}
)
