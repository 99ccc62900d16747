"""Trading modes and central clearing: what waits, what is agreed, and what is owed."""

# long because: it is one migration, a function for each area

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BELOW_ZERO = "minor >= 0 OR account LIKE 'outside/%'"
BELOW_LIMIT = "minor - pending >= -credit OR account LIKE 'outside/%'"


def upgrade() -> None:
    _transfers()
    _agreements()
    _payments()
    _negotiations()
    _scenarios()
    _auctions()
    _cycles()
    _subscriptions()
    _metering()


def downgrade() -> None:
    _no_metering()
    _no_subscriptions()
    _no_cycles()
    _no_auctions()
    _no_scenarios()
    _no_negotiations()
    _no_payments()
    _no_agreements()
    _no_transfers()


# Transfers that wait, and limits.


def _transfers() -> None:
    with op.batch_alter_table("balance", schema=None) as batch_op:
        for name in ("pending", "credit"):
            column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
            batch_op.add_column(column)
        batch_op.drop_constraint("nothing_below_zero", type_="check")
        batch_op.create_check_constraint("nothing_below_its_limit", BELOW_LIMIT)
        batch_op.create_check_constraint(
            "nothing_set_aside_below_zero", "pending >= 0 AND credit >= 0"
        )
    op.create_table(
        "transfer",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("entry", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("resolved", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'posted', 'voided')", name="state_is_known"),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["resolved"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_transfer_source", "transfer", ["source"])
    op.create_index("ix_transfer_target", "transfer", ["target"])


def _no_transfers() -> None:
    op.drop_table("transfer")
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.drop_constraint("nothing_set_aside_below_zero", type_="check")
        batch_op.drop_constraint("nothing_below_its_limit", type_="check")
        batch_op.create_check_constraint("nothing_below_zero", BELOW_ZERO)
        batch_op.drop_column("credit")
        batch_op.drop_column("pending")


# Scenarios that an assessor looks at, and demand.

SCENARIO_FIRST = "state IN ('filed', 'approved', 'refused', 'withdrawn', 'expired')"
SCENARIO_STATES = (
    "state IN ('filed', 'approved', 'limited', 'refused', 'withdrawn', 'revoked', 'expired')"
)


def _scenarios() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        for name, length in (("sector", 200), ("limits", 60_000)):
            batch_op.add_column(sa.Column(name, text(length=length), nullable=True))
        kind = text(length=200)
        batch_op.add_column(sa.Column("grounds", kind, nullable=False, server_default="[]"))
        batch_op.drop_constraint("state_is_known", type_="check")
        batch_op.create_check_constraint("scenario_state_is_known", SCENARIO_STATES)
    op.create_table(
        "demand",
        sa.Column("id", text(length=40), nullable=False),
        sa.Column("buyer", text(), nullable=False),
        sa.Column("title", text(length=200), nullable=False),
        sa.Column("posting", text(length=64), nullable=False),
        sa.Column("posted_at", text(length=20), nullable=False),
        sa.Column("until", text(length=20), nullable=False),
        sa.Column("state", text(length=20), nullable=False),
        sa.Column("met_by", text(length=64), nullable=True),
        sa.Column("head", text(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'met', 'withdrawn', 'removed', 'expired')", name="state_is_known"
        ),
        sa.ForeignKeyConstraint(["buyer"], ["participant.id"]),
        sa.ForeignKeyConstraint(["posting"], ["record.digest"]),
        sa.ForeignKeyConstraint(["met_by"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("buyer", "state"):
        op.create_index(f"ix_demand_{column}", "demand", [column])


def _no_scenarios() -> None:
    op.drop_table("demand")
    with op.batch_alter_table("scenario", schema=None) as batch_op:
        batch_op.drop_constraint("scenario_state_is_known", type_="check")
        batch_op.create_check_constraint("state_is_known", SCENARIO_FIRST)
        for name in ("limits", "grounds", "sector"):
            batch_op.drop_column(name)


# Deals made off the exchange, obligations and settlement cycles.


def _text(name: str, length: int) -> sa.Column[str]:
    kind = sqlmodel.sql.sqltypes.AutoString(length=length)
    return sa.Column(name, kind, nullable=False)


def _cycles() -> None:
    op.create_table(
        "deal",
        _text("id", 40),
        _text("filer", 40),
        _text("to", 40),
        _text("side", 20),
        _text("product", 40),
        _text("scenario", 40),
        _text("purpose", 200),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        _text("currency", 3),
        _text("due", 10),
        _text("until", 20),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        _text("filed_at", 20),
        _text("filing", 64),
        _text("head", 64),
        _text("state", 20),
        _text("reason", 200),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('filed', 'confirmed', 'declined', 'ended')", name="state_is_known"
        ),
        sa.CheckConstraint("side IN ('supplier', 'buyer')", name="side_is_known"),
        sa.ForeignKeyConstraint(["filer"], ["participant.id"]),
        sa.ForeignKeyConstraint(["to"], ["participant.id"]),
        sa.ForeignKeyConstraint(["filing"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("filer", "to", "product"):
        op.create_index(f"ix_deal_{name}", "deal", [name])
    op.create_table(
        "obligation",
        _text("source", 60),
        _text("payer", 40),
        _text("payee", 40),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        _text("currency", 3),
        _text("due", 10),
        _text("head", 64),
        _text("state", 20),
        _text("cycle", 10),
        sa.CheckConstraint("state IN ('open', 'netted', 'released')", name="state_is_known"),
        sa.CheckConstraint("minor > 0", name="something_is_owed"),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("source"),
    )
    for name in ("payer", "payee", "due", "cycle"):
        op.create_index(f"ix_obligation_{name}", "obligation", [name])
    op.create_table(
        "cycle",
        _text("day", 10),
        _text("closed_at", 20),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("obligations", "parties", "defaults")
        ),
        _text("totals", 2_000),
        _text("head", 64),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "net_position",
        _text("cycle", 10),
        _text("party", 40),
        _text("currency", 3),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in (
                "net",
                "brought",
                "moved",
                "contribution",
                "fund",
                "left",
                "used",
                "carried",
            )
        ),
        _text("head", 64),
        sa.ForeignKeyConstraint(["cycle"], ["cycle.day"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("cycle", "party", "currency"),
    )
    op.create_index("ix_net_position_party", "net_position", ["party"])


def _no_cycles() -> None:
    for name in ("net_position", "cycle", "obligation", "deal"):
        op.drop_table(name)


# Negotiations and auctions.


def _negotiations() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "negotiation",
        sa.Column("id", text(length=40), nullable=False),
        sa.Column("product", text(), nullable=False),
        sa.Column("scenario", text(), nullable=False),
        sa.Column("buyer", text(), nullable=False),
        sa.Column("supplier", text(), nullable=False),
        sa.Column("currency", text(length=3), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("until", text(length=20), nullable=False),
        sa.Column("opened_at", text(length=20), nullable=False),
        sa.Column("head", text(length=64), nullable=False),
        sa.Column("state", text(length=20), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("offer", text(length=64), nullable=True),
        sa.Column("offered_by", text(length=40), nullable=True),
        sa.Column("offered", sa.BigInteger(), nullable=True),
        sa.Column("offer_until", text(length=20), nullable=True),
        sa.Column("quote", text(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('opened', 'offered', 'accepted', 'ended', 'lapsed')", name="state_is_known"
        ),
        sa.ForeignKeyConstraint(["product"], ["product.number"]),
        sa.ForeignKeyConstraint(["scenario"], ["scenario.id"]),
        sa.ForeignKeyConstraint(["buyer"], ["participant.id"]),
        sa.ForeignKeyConstraint(["supplier"], ["participant.id"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["offer"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["offered_by"], ["participant.id"]),
        sa.ForeignKeyConstraint(["quote"], ["quote.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("product", "buyer", "supplier"):
        op.create_index(f"ix_negotiation_{column}", "negotiation", [column])


def _no_negotiations() -> None:
    op.drop_table("negotiation")


def _auctions() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "auction",
        sa.Column("id", text(length=40), nullable=False),
        sa.Column("product", text(), nullable=False),
        sa.Column("supplier", text(), nullable=False),
        sa.Column("mechanism", text(length=200), nullable=False),
        sa.Column("rules", text(), nullable=False),
        sa.Column("supply", sa.BigInteger(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", text(length=3), nullable=False),
        sa.Column("bids_until", text(length=20), nullable=False),
        sa.Column("open_until", text(length=20), nullable=False),
        sa.Column("opened_at", text(length=20), nullable=False),
        sa.Column("head", text(length=64), nullable=False),
        sa.Column("state", text(length=20), nullable=False),
        sa.Column("bids", sa.Integer(), nullable=False),
        sa.Column("pricing", text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('opened', 'cleared', 'cancelled')", name="state_is_known"),
        sa.ForeignKeyConstraint(["product"], ["product.number"]),
        sa.ForeignKeyConstraint(["supplier"], ["participant.id"]),
        sa.ForeignKeyConstraint(["rules"], ["record.digest"]),
        sa.ForeignKeyConstraint(["pricing"], ["record.digest"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("product", "supplier"):
        op.create_index(f"ix_auction_{column}", "auction", [column])
    op.create_table(
        "bid",
        sa.Column("leaf", text(length=64), nullable=False),
        sa.Column("auction", text(), nullable=False),
        sa.Column("bidder", text(), nullable=False),
        sa.Column("scenario", text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", text(length=3), nullable=False),
        sa.Column("placed_at", text(length=20), nullable=False),
        sa.Column("head", text(length=64), nullable=False),
        sa.Column("state", text(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("quote", text(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('placed', 'opened', 'won', 'ordered', 'concluded', 'lost', 'returned', "
            "'forfeited')",
            name="state_is_known",
        ),
        sa.ForeignKeyConstraint(["leaf"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["auction"], ["auction.id"]),
        sa.ForeignKeyConstraint(["bidder"], ["participant.id"]),
        sa.ForeignKeyConstraint(["scenario"], ["scenario.id"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["quote"], ["quote.id"]),
        sa.PrimaryKeyConstraint("leaf"),
    )
    for column in ("auction", "bidder", "quote"):
        op.create_index(f"ix_bid_{column}", "bid", [column])


def _no_auctions() -> None:
    op.drop_table("bid")
    op.drop_table("auction")


# Agreements: parts of an escrow, and no contract without its escrow.


def _agreements() -> None:
    with op.batch_alter_table("trade", schema=None) as batch_op:
        for name in ("released", "refunded", "reversal"):
            column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
            batch_op.add_column(column)
        batch_op.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="0"))
        text = sqlmodel.sql.sqltypes.AutoString(length=20)
        batch_op.add_column(sa.Column("answer_until", text, nullable=True))
        batch_op.add_column(
            sa.Column("dispute", sa.String(length=20), nullable=False, server_default="none")
        )
        for name, states in _TRADE_STATES.items():
            batch_op.drop_constraint(f"{name}_is_known", type_="check")
            batch_op.create_check_constraint(f"{name}_is_known", _known(name, states))
        batch_op.create_check_constraint(
            "dispute_is_known", _known("dispute", ("none", "open", "withdrawn", "decided"))
        )
        batch_op.create_check_constraint(
            "no_more_than_the_price_is_released",
            "released >= 0 AND refunded >= 0 AND released + refunded <= minor"
            " AND reversal BETWEEN 0 AND released",
        )
        batch_op.create_check_constraint(
            "a_contract_holds_its_price_and_grants",
            "state <> 'contracted' OR (escrow = 'held' AND grant_until IS NOT NULL)",
        )
    # What was settled before parts could be was paid out whole.
    op.execute("UPDATE trade SET released = minor WHERE escrow = 'released'")
    op.execute("UPDATE trade SET refunded = minor WHERE escrow = 'refunded'")


_FIRST_STATES = {
    "state": ("ordered", "contracted", "executed", "cancelled", "lapsed"),
    "delivery": ("due", "made", "received"),
}
_TRADE_STATES = {
    "state": (*_FIRST_STATES["state"], "ended", "retired"),
    "delivery": (*_FIRST_STATES["delivery"], "deemed"),
}


def _known(name: str, states: tuple[str, ...]) -> str:
    return f"{name} IN ({', '.join(repr(state) for state in states)})"


def _no_agreements() -> None:
    with op.batch_alter_table("trade", schema=None) as batch_op:
        batch_op.drop_constraint("a_contract_holds_its_price_and_grants", type_="check")
        batch_op.drop_constraint("no_more_than_the_price_is_released", type_="check")
        batch_op.drop_constraint("dispute_is_known", type_="check")
        for name, states in _FIRST_STATES.items():
            batch_op.drop_constraint(f"{name}_is_known", type_="check")
            batch_op.create_check_constraint(f"{name}_is_known", _known(name, states))
        for name in ("released", "refunded", "reversal", "part", "answer_until", "dispute"):
            batch_op.drop_column(name)


# Subscriptions.


def _subscriptions() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "subscription",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("trade", text(length=40), nullable=False),
        sa.Column("product", text(length=40), nullable=False),
        sa.Column("buyer", text(), nullable=False),
        sa.Column("supplier", text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", text(length=3), nullable=False),
        sa.Column("terms", text(length=64), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("since", text(length=20), nullable=False),
        sa.Column("until", text(length=20), nullable=False),
        sa.Column("anchor", text(length=20), nullable=False),
        sa.Column("head", text(length=64), nullable=False),
        sa.Column("state", text(length=20), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("anchored", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("grace", text(length=20), nullable=True),
        sa.Column("reason", text(length=200), nullable=True),
        sa.CheckConstraint("state IN ('running', 'overdue', 'ended')", name="state_is_known"),
        sa.ForeignKeyConstraint(["trade"], ["trade.id"]),
        sa.ForeignKeyConstraint(["buyer"], ["participant.id"]),
        sa.ForeignKeyConstraint(["supplier"], ["participant.id"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("trade"),
    )
    op.create_index("ix_subscription_state", "subscription", ["state"])


def _no_subscriptions() -> None:
    op.drop_table("subscription")


# Running totals of metered use.


def _metering() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "metered_hour",
        sa.Column("trade", text(length=40), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("outcome", text(length=20), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("units >= 0", name="nothing_below_zero"),
        sa.ForeignKeyConstraint(["trade"], ["trade.id"]),
        sa.PrimaryKeyConstraint("trade", "hour", "outcome"),
    )


def _no_metering() -> None:
    op.drop_table("metered_hour")


# What waits for the bank.


def _payments() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("asked", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('requested', 'paid', 'failed')", name="state_is_known"),
        sa.ForeignKeyConstraint(["owner"], ["participant.id"]),
        sa.ForeignKeyConstraint(["asked"], ["ledger_entry.leaf"]),
        sa.ForeignKeyConstraint(["head"], ["ledger_entry.leaf"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_withdrawal_owner", "withdrawal", ["owner"])
    op.create_index("ix_withdrawal_state", "withdrawal", ["state"])
    op.create_table(
        "unclaimed",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("value_time", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _no_payments() -> None:
    op.drop_table("unclaimed")
    op.drop_table("withdrawal")
