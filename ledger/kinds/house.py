"""What the operator declares for the whole exchange."""

from __future__ import annotations

from typing import Final

from ledger.vocabulary import OPERATOR, Fact, Kind, Need, Opening

KINDS: Final = (
    Kind(
        "exchange.opened",
        "exchange",
        "the operator opens the exchange, its rules of the house and its log key",
        {
            "log_key": Fact.PUBLIC_KEY,
            "notice_seconds": Fact.INTEGER,
            "fee_ppm": Fact.INTEGER,
            "pack": Fact.DIGEST,
            "clock": Fact.TEXT,
            "continues": Fact.CHECKPOINTS,
        },
        opening=Opening.NAMED,
        once=True,
    ),
    Kind(
        "log.key_added",
        "exchange",
        "the log gets a new key; until `overlap` entries from here the one before signs as well",
        {"log_key": Fact.PUBLIC_KEY, "overlap": Fact.INTEGER},
        roles=OPERATOR,
        needs=(Need("exchange.opened"),),
    ),
    Kind(
        "log.closed",
        "exchange",
        "the log has ended: nothing follows; another log may continue it",
        {"reason": Fact.TEXT, "successor": Fact.TEXTS},
        roles=OPERATOR,
        needs=(Need("exchange.opened"),),
        once=True,
    ),
    Kind(
        "pack.adopted",
        "exchange",
        "the exchange applies another rule pack from here on",
        {"pack": Fact.DIGEST},
        roles=OPERATOR,
        needs=(Need("exchange.opened"),),
    ),
    Kind(
        "licence.required",
        "exchange",
        "the exchange lets act in these roles only who has one of these licences",
        {"licences": Fact.TEXTS},
        roles=OPERATOR,
        needs=(Need("exchange.opened"),),
    ),
)
