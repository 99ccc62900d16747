"""A small exchange in memory: everybody's keys, a clock, and one valid history to play.

`Floor.ready` plays the history up to the point where a kind of act is next; a test then changes
one thing about that act and sees the chain refuse it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from ledger.acts import Act, SignedAct, format_time, key_id, opened_subject, parse_time
from ledger.auctions import bid_value
from ledger.chain import Chain, MemoryLog
from ledger.checkpoint import Checkpoint, VerifierKey, sign
from ledger.commitments import commitment
from ledger.entries import Entry
from ledger.keys import KeyPair
from ledger.kinds import KINDS, Opening
from ledger.samples import seed_notice
from ledger.signers import possession_message

ORIGIN = "exchange.example/ledger"
START = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
NOTICE = dt.timedelta(days=7)
APPROVED = dt.timedelta(days=60)
TERM_DAYS = 1095
SECOND = "the rival's second key"
PRICE: dict[str, Any] = {"minor": 100_000, "currency": "CNY"}
SALT = base64.b64encode(bytes(32)).decode()
DEAL = {"minor": 120_000, "currency": "CNY"}
FEE = {"minor": 8_000, "currency": "CNY"}
NOTHING = {"minor": 0, "currency": "CNY"}
ROLES = {
    "supplier": ["supplier"],
    "rival": ["supplier"],
    "buyer": ["buyer"],
    "other-buyer": ["buyer"],
    "assessor": ["compliance-assessor"],
    "second-assessor": ["compliance-assessor"],
    "expert": ["quality-expert"],
    "reviewer": ["reviewer"],
    "valuer": ["valuer"],
    "arbiter": ["arbiter"],
}
WINDOW = 7 * 86_400  # the buyer's time to answer, in seconds, where one was agreed
PATH = (
    "product.registered",
    "inspection.recorded",
    "notice.opened",
    "registration.confirmed",
    "sheet.submitted",
    "sample.drawn",
    "quality.measured",
    "compliance.attested",
    "quality.reviewed",
    "listing.vetted",
    "listing.requested",
    "compliance.verdict",
    "listing.published",
    "scenario.filed",
    "scenario.approved",
    "price.quoted",
    "trade.ordered",
    "trade.contracted",
    "delivery.made",
    "delivery.received",
    "settlement.executed",
    "price.estimated",
)
_NETTED = (
    "deal.filed",
    "deal.confirmed",
    "account.deposited",
    "guarantee.contributed",
    "cycle.closed",
    "netting.paid",
    "default.declared",
    "guarantee.used",
    "netting.received",
)
_ENGAGED = ("engagement.proposed", "engagement.accepted", "engagement.delivered")
_SUBSCRIBED = ("subscription.authorised", "subscription.renewed")
_METERED = ("usage.metered", "usage.ended", "usage.billed")
FREE: dict[str, Any] = {"minor": 0, "currency": "CNY"}
_HELD = ("auction.opened", "bid.placed", "bid.opened", "auction.seed_opened", "auction.cleared")
_TALKS = ("negotiation.opened", "negotiation.offered")
# What leaves the path: the act of the path before which it is due, and what it needs besides.
ASIDE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "similarity.found": ("notice.opened", ()),
    "registration.changed": ("sheet.submitted", ()),
    "transfer.offered": ("sheet.submitted", ()),
    "registration.transferred": ("sheet.submitted", ("transfer.offered",)),
    "registration.renewed": ("sheet.submitted", ()),
    "registration.cancelled": ("sheet.submitted", ()),
    "dispute.opened": ("sheet.submitted", ()),
    "dispute.withdrawn": ("sheet.submitted", ("dispute.opened",)),
    "dispute.decided": ("sheet.submitted", ("dispute.opened",)),
    "activity.recorded": ("sheet.submitted", ()),
    "activity.withdrawn": ("sheet.submitted", ("activity.recorded",)),
    "objection.filed": ("registration.confirmed", ()),
    "objection.withdrawn": ("registration.confirmed", ("objection.filed",)),
    "objection.closed": ("registration.confirmed", ("objection.filed",)),
    "listing.suspended": ("scenario.filed", ()),
    "listing.delisted": ("scenario.filed", ()),
    "scenario.refused": ("scenario.approved", ()),
    "demand.posted": ("scenario.filed", ()),
    "demand.answered": ("scenario.filed", ("demand.posted",)),
    "demand.closed": ("scenario.filed", ("demand.posted", "demand.answered")),
    "demand.expired": ("scenario.filed", ("demand.posted",)),
    "scenario.referred": ("scenario.approved", ()),
    "scenario.reviewed": ("scenario.approved", ("scenario.referred",)),
    "scenario.withdrawn": ("price.quoted", ()),
    "scenario.revoked": ("price.quoted", ()),
    "scenario.expired": ("price.quoted", ()),
    "trade.lapsed": ("trade.contracted", ()),
    "subscription.authorised": ("delivery.made", ()),
    "subscription.renewed": ("delivery.made", _SUBSCRIBED[:1]),
    "subscription.overdue": ("delivery.made", _SUBSCRIBED[:1]),
    "subscription.ended": ("delivery.made", _SUBSCRIBED[:1]),
    "subscription.settled": ("delivery.made", _SUBSCRIBED),
    "subscription.refunded": ("delivery.made", _SUBSCRIBED),
    "trial.granted": ("delivery.made", ()),
    "usage.metered": ("delivery.made", ()),
    "usage.contested": ("delivery.made", _METERED[:1]),
    "usage.decided": ("delivery.made", (*_METERED[:1], "usage.contested")),
    "usage.billed": ("delivery.made", _METERED[:1]),
    "usage.ended": ("delivery.made", ()),
    "usage.closed": ("delivery.made", _METERED),
    "negotiation.opened": ("price.quoted", ()),
    "negotiation.offered": ("price.quoted", _TALKS[:1]),
    "negotiation.accepted": ("price.quoted", _TALKS[:2]),
    "negotiation.ended": ("price.quoted", _TALKS[:2]),
    "use.reserved": ("delivery.made", ()),
    "auction.opened": ("price.quoted", ()),
    "bid.placed": ("price.quoted", _HELD[:1]),
    "bid.opened": ("price.quoted", _HELD[:2]),
    "auction.reserve_opened": ("price.quoted", _HELD[:2]),
    "auction.seed_opened": ("price.quoted", _HELD[:2]),
    "auction.cancelled": ("price.quoted", _HELD[:2]),
    "auction.cleared": ("price.quoted", _HELD[:4]),
    "bid.returned": ("price.quoted", _HELD),
    "bid.forfeited": ("price.quoted", (*_HELD[:2], *_HELD[3:])),
    "trade.cancelled": ("delivery.received", ()),
    "access.granted": ("delivery.received", ()),
    "settlement.part": ("settlement.executed", ()),
    "delivery.deemed": ("delivery.received", ()),
    "refund.made": ("delivery.made", ()),
    "refund.claimed": ("delivery.made", ()),
    "trade.disputed": ("delivery.received", ()),
    "trade.undisputed": ("delivery.received", ("trade.disputed",)),
    "trade.arbitrated": ("price.estimated", ("trade.disputed",)),
    "trade.reversed": ("price.estimated", ("trade.disputed", "trade.arbitrated")),
    "amendment.proposed": ("delivery.made", ()),
    "amendment.accepted": ("delivery.made", ("amendment.proposed",)),
    "amendment.declined": ("delivery.made", ("amendment.proposed",)),
    "trade.ended": ("delivery.made", ()),
    "trade.retired": ("delivery.made", ("trade.ended",)),
    "key.shown": ("product.registered", ()),
    "key.added": ("product.registered", ("key.shown",)),
    "key.revoked": ("product.registered", ("key.shown", "key.added")),
    "log.key_added": ("product.registered", ()),
    "pack.adopted": ("product.registered", ()),
    "document.attached": ("compliance.attested", ()),
    "document.verified": ("compliance.attested", ("document.attached",)),
    "document.rejected": ("compliance.attested", ("document.attached",)),
    "document.withdrawn": ("compliance.attested", ("document.attached",)),
    "right.granted": ("sheet.submitted", ()),
    "right.revoked": ("sheet.submitted", ("right.granted",)),
    "log.closed": ("product.registered", ()),
    "erasure.requested": ("sheet.submitted", ("right.granted",)),
    "erasure.refused": ("sheet.submitted", ("right.granted", "erasure.requested")),
    "erasure.executed": ("sheet.submitted", ("right.granted", "erasure.requested")),
    "account.deposited": ("product.registered", ()),
    "account.withdrawn": ("product.registered", ()),
    "withdrawal.requested": ("product.registered", ("account.deposited",)),
    "withdrawal.failed": ("product.registered", ("account.deposited", "withdrawal.requested")),
    "credit.set": ("product.registered", ()),
    "fees.published": ("product.registered", ()),
    "certificate.requested": ("price.quoted", ()),
    "service.charged": ("price.quoted", ("fees.published", "auction.opened")),
    "participant.suspended": ("product.registered", ()),
    "licence.required": ("product.registered", ()),
    "licence.recorded": ("product.registered", ()),
    "licence.withdrawn": ("product.registered", ("licence.recorded",)),
    "negative.listed": ("product.registered", ()),
    "negative.cleared": ("product.registered", ("negative.listed",)),
    "grade.set": ("sheet.submitted", ()),
    "engagement.proposed": ("sheet.submitted", ()),
    "engagement.accepted": ("sheet.submitted", _ENGAGED[:1]),
    "engagement.declined": ("sheet.submitted", _ENGAGED[:1]),
    "engagement.delivered": ("sheet.submitted", _ENGAGED[:2]),
    "engagement.cancelled": ("sheet.submitted", _ENGAGED[:2]),
    "engagement.paid": ("sheet.submitted", _ENGAGED[:3]),
    "deal.filed": ("price.quoted", ()),
    "deal.confirmed": ("price.quoted", _NETTED[:1]),
    "deal.declined": ("price.quoted", _NETTED[:1]),
    "deal.ended": ("price.quoted", _NETTED[:2]),
    "guarantee.contributed": ("price.quoted", _NETTED[2:3]),
    "guarantee.returned": ("price.quoted", _NETTED[2:4]),
    "cycle.closed": ("price.quoted", _NETTED[:4]),
    "netting.paid": ("price.quoted", _NETTED[:5]),
    "default.declared": ("price.quoted", _NETTED[:6]),
    "guarantee.used": ("price.quoted", _NETTED[:7]),
    "netting.received": ("price.quoted", _NETTED[:8]),
    "cycle.settled": ("price.quoted", _NETTED[:9]),
    "default.cured": ("price.quoted", _NETTED[:9]),
}
SIGNERS = {
    "key.shown": "rival",
    "key.added": "rival",
    "product.registered": "supplier",
    "registration.changed": "supplier",
    "transfer.offered": "supplier",
    "registration.transferred": "rival",
    "registration.renewed": "supplier",
    "registration.cancelled": "supplier",
    "dispute.opened": "rival",
    "dispute.withdrawn": "rival",
    "activity.recorded": "supplier",
    "activity.withdrawn": "supplier",
    "sheet.submitted": "supplier",
    "listing.requested": "supplier",
    "engagement.proposed": "supplier",
    "engagement.accepted": "assessor",
    "engagement.declined": "assessor",
    "engagement.delivered": "assessor",
    "engagement.cancelled": "assessor",
    "engagement.paid": "supplier",
    "deal.filed": "buyer",
    "deal.confirmed": "supplier",
    "deal.declined": "supplier",
    "deal.ended": "supplier",
    "guarantee.contributed": "buyer",
    "guarantee.returned": "buyer",
    "right.granted": "supplier",
    "right.revoked": "supplier",
    "erasure.requested": "rival",
    "listing.delisted": "supplier",
    "document.attached": "supplier",
    "document.withdrawn": "supplier",
    "objection.filed": "rival",
    "objection.withdrawn": "rival",
    "compliance.attested": "assessor",
    "quality.reviewed": "expert",
    "listing.vetted": "reviewer",
    "scenario.filed": "buyer",
    "demand.posted": "buyer",
    "certificate.requested": "buyer",
    "demand.answered": "supplier",
    "demand.closed": "buyer",
    "scenario.reviewed": "assessor",
    "scenario.withdrawn": "buyer",
    "auction.opened": "supplier",
    "auction.reserve_opened": "supplier",
    "auction.seed_opened": "supplier",
    "auction.cancelled": "supplier",
    "bid.placed": "buyer",
    "bid.opened": "buyer",
    "negotiation.opened": "buyer",
    "negotiation.offered": "supplier",
    "negotiation.accepted": "buyer",
    "negotiation.ended": "buyer",
    "withdrawal.requested": "buyer",
    "trade.ordered": "buyer",
    "trade.lapsed": "buyer",
    "trade.contracted": "supplier",
    "subscription.authorised": "buyer",
    "subscription.ended": "buyer",
    "usage.metered": "supplier",
    "usage.contested": "buyer",
    "usage.ended": "buyer",
    "delivery.made": "supplier",
    "delivery.received": "buyer",
    "refund.made": "supplier",
    "refund.claimed": "buyer",
    "trade.disputed": "buyer",
    "trade.undisputed": "buyer",
    "trade.arbitrated": "arbiter",
    "amendment.proposed": "supplier",
    "amendment.accepted": "buyer",
    "amendment.declined": "buyer",
    "trade.ended": "buyer",
}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def committed(field: str, value: str = "") -> str:
    """Commit to a value that the tests leave alone."""
    return commitment(field, value or field, hashlib.sha256(value.encode()).digest())


def cny(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


def pair(name: str) -> KeyPair:
    return KeyPair.from_seed(hashlib.sha256(f"seed of {name}".encode()).digest())


LOG_KEY = pair("log")
VKEY = VerifierKey(ORIGIN, LOG_KEY.public_key)


@dataclass
class Floor:
    log: MemoryLog = field(default_factory=MemoryLog)
    now: dt.datetime = START
    ids: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    hands: dict[str, str] = field(default_factory=dict)
    drawn: int = 0
    other: str = ""
    mode: str = ""
    alone: bool = False  # whether the trade of the history gives its use to one buyer alone

    def pair(self, who: str) -> KeyPair:
        """Return the key that somebody signs with: its first, unless `hands` names another."""
        return pair(self.hands.get(who, who))

    @property
    def chain(self) -> Chain:
        return Chain(self.log, ORIGIN)

    def draft(
        self, kind: str, who: str | None = None, subject: str | None = None, **changes: Any
    ) -> Act:
        """Return the act of the history, with another signer, subject or facts if given."""
        who = who or SIGNERS.get(kind, "operator")
        self.drawn += 1
        first = KINDS[kind].opening is Opening.DERIVED
        return Act(
            log=ORIGIN,
            kind=kind,
            subject=subject or (None if first else self.subject(kind)),
            actor=None if kind == "participant.key" else self.ids[who],
            key=key_id(self.pair(who).public_key),
            time=format_time(self.now),
            nonce=f"{self.drawn:032x}",
            facts=self.facts(kind, who) | changes,
        )

    def sign(
        self, kind: str, who: str | None = None, subject: str | None = None, **changes: Any
    ) -> SignedAct:
        signer = self.pair(who or SIGNERS.get(kind, "operator"))
        return self.draft(kind, who, subject, **changes).signed(signer)

    def do(
        self, kind: str, who: str | None = None, subject: str | None = None, **changes: Any
    ) -> Entry:
        return self.put(self.sign(kind, who, subject, **changes))

    def put(self, signed: SignedAct) -> Entry:
        entry = self.chain.append(signed, clock=lambda: format_time(self.now))
        self.now += dt.timedelta(minutes=1)
        if KINDS[entry.kind].opening is Opening.DERIVED:
            self.subjects[KINDS[entry.kind].subject] = entry.subject
            self.subjects["access"] = entry.subject.replace("trade/", "access/")
        return entry

    def join(self, who: str, roles: list[str] | None = None, **changes: Any) -> str:
        self.ids[who] = self.do("participant.key", who, **changes).actor
        subject = f"participant/{self.ids[who]}"
        self.do("identity.verified", subject=subject)
        self.do("participant.admitted", subject=subject, roles=roles or ROLES[who])
        return subject

    def open(self) -> Floor:
        self.ids["operator"] = self.do("participant.key", "operator").actor
        self.do("exchange.opened")
        for who in ROLES:
            self.join(who)
        return self

    def ready(self, kind: str) -> Floor:
        """Play the history up to the point where `kind` is next.

        A floor on which nothing has happened takes over what was played once before.
        """
        if self != Floor():
            return self._play(kind)
        played = _played(kind)
        for each in fields(played):
            setattr(self, each.name, _copied(getattr(played, each.name)))
        return self

    def _play(self, kind: str) -> Floor:
        if kind == "participant.key":
            return self
        if kind == "exchange.opened":
            self.ids["operator"] = self.do("participant.key", "operator").actor
            return self
        prefix = kind.partition(".")[0]
        self.mode = prefix if prefix in {"subscription", "usage", "trial"} else ""
        self.open()
        if kind in {"identity.verified", "participant.admitted"}:
            self.ids["newcomer"] = self.do("participant.key", "newcomer").actor
            if kind == "participant.admitted":
                self.do("identity.verified")
            return self
        self.alone = kind == "use.reserved"
        stop, besides = ASIDE.get(kind, (kind, ()))
        for step in PATH[: PATH.index(stop)]:
            self.wait_for(step).do(step)
        for step in besides:
            self.wait_for(step).do(step)
        return self.wait_for(kind)

    def wait_for(self, kind: str) -> Floor:  # noqa: C901 - one case a kind
        if kind == "registration.confirmed":
            self.now += NOTICE
        if kind == "auction.opened":
            self.wait_for_fees()
        if kind == "trade.contracted":
            self.do("account.deposited")  # else the buyer could not pay
        if kind == "refund.claimed":
            self.now += dt.timedelta(days=366)  # the use right has run out
        if kind == "delivery.deemed":
            self.now += dt.timedelta(seconds=WINDOW)
        if kind in {"demand.expired", "scenario.expired"}:
            self.now += APPROVED + dt.timedelta(minutes=1)
        if kind in {"subscription.renewed", "subscription.overdue"}:
            self.do("account.deposited")
            end = parse_time(self.period()[1], "until")
            self.now = max(self.now, end - dt.timedelta(hours=1))
        if kind == "subscription.settled":
            self.now = parse_time(self.period()[1], "until")
        if kind == "usage.metered":
            self.now += dt.timedelta(hours=1)
        if kind == "usage.billed":
            self.now += dt.timedelta(days=8)
        if kind in {"bid.opened", "auction.reserve_opened", "auction.seed_opened"}:
            self.wait_until("bids_until")
        if kind == "auction.cleared":
            self.wait_until("open_until")
        return self

    @property
    def price(self) -> dict[str, Any]:
        """Return what a trade costs in the mode that is played."""
        return FREE if self.mode == "trial" else PRICE

    def period(self) -> tuple[str, str]:
        """Return the bounds of the period charged last."""
        found = next(self.log.of_kind(self.subject("subscription.renewed"), _SUBSCRIBED[1]), None)
        if found:
            return found.facts["since"], found.facts["until"]
        contract = next(self.log.of_kind(self.subjects["trade"], "trade.contracted"))
        return contract.time, contract.facts["until"]

    def batch(self) -> tuple[int, str]:
        """Return number and end of the batch metered last; the contract's time without one."""
        found = next(self.log.of_kind(self.subject("usage.metered"), "usage.metered"), None)
        if found:
            return found.facts["sequence"], found.facts["until"]
        return 0, next(self.log.of_kind(self.subjects["trade"], "trade.contracted")).time

    def subject(self, kind: str) -> str:  # noqa: PLR0911 - one case a prefix
        match KINDS[kind].subject:
            case "exchange":
                return f"exchange/{ORIGIN}"
            case "erasure":
                return f"erasure/{self.leaf('right.granted')}"
            case "key":
                return f"key/{key_id(pair(SECOND).public_key)}"
            case "participant":
                return f"participant/{self.ids.get('newcomer', self.ids.get('rival'))}"
            case "account":
                payee = kind == "netting.received"
                return f"account/{self.ids['supplier' if payee else 'buyer']}"
            case "subscription" | "usage":
                return f"{KINDS[kind].subject}/{self.number('trade')}"
            case "trial":
                return f"trial/{self.number('product')}.{self.ids['buyer']}"
            case "cycle":
                return f"cycle/{self.today()}"
            case "service":
                return f"service/{self.leaf('auction.opened')}"
            case prefix:
                return self.subjects[prefix]

    def leaf(self, kind: str) -> str:
        """Return the leaf hash of the newest entry of a kind in its subject; zeros if none."""
        found = self.entry(kind)
        return found.leaf.hex() if found else "0" * 64

    def entry(self, kind: str) -> Entry | None:
        """Return the newest entry of a kind in its subject."""
        return next(self.log.of_kind(self.subject(kind), kind), None)

    def wait_for_fees(self) -> None:
        """Wait until the fees that were published last are in force."""
        found = next(self.log.of_kind(f"exchange/{ORIGIN}", "fees.published"), None)
        if found:
            self.now = max(self.now, parse_time(found.facts["since"], "since"))

    def wait_until(self, phase: str) -> None:
        """Go on to the second after a phase of the newest auction."""
        opened = next(self.log.of_kind(self.subjects["auction"], "auction.opened"))
        end = dt.datetime.fromisoformat(opened.facts[phase]) + dt.timedelta(seconds=1)
        self.now = max(self.now, end)

    def auctioned(self) -> dict[str, Any]:
        """Return what a clearing says of the bids: each that was opened wins at its amount."""
        auction = self.subjects["auction"]
        shown = {entry.facts["bid"]: entry for entry in self.log.of_kind(auction, "bid.opened")}
        placed = [entry.leaf.hex() for entry in self.log.of_kind(auction, "bid.placed")][::-1]
        won = [leaf for leaf in placed if leaf in shown]
        facts: dict[str, Any] = {
            "pricing": digest("pricing"),
            "bids": won,
            "winners": won,
            "forfeited": [leaf for leaf in placed if leaf not in shown],
        }
        paid = [
            line(f"participant/{shown[leaf].actor}", shown[leaf].facts["amount"]["minor"], "price")
            for leaf in won
        ]
        return facts | ({"payments": paid} if paid else {})

    def exclusive(self) -> dict[str, Any]:
        return {"exclusive": True} if self.alone else {}

    def contracted(self) -> Entry:
        """Return the contract of the newest trade."""
        return next(self.log.of_kind(self.subjects["trade"], "trade.contracted"))

    def region(self) -> str:
        """Return the region of the newest scenario."""
        region: str = next(self.log.of_kind(self.subjects["scenario"], "scenario.filed")).facts[
            "region"
        ]
        return region

    def seed(self) -> str:
        """Return the leaf hash of the notice that draws rows of the data inspected last."""
        subject = self.subject("notice.opened")
        inspected = next(self.log.of_kind(subject, "inspection.recorded"), None)
        found = seed_notice(self.log, subject, inspected.facts["data"]) if inspected else None
        return found.leaf.hex() if found else "0" * 64

    def another(self) -> str:
        """Return the number of another product, of the rival's."""
        if not self.other:
            mine = self.subjects["product"]
            entry = self.do("product.registered", "rival", data=digest("the rival's data"))
            self.other = entry.subject.partition("/")[2]
            self.subjects["product"] = mine
        return self.other

    def number(self, prefix: str) -> str:
        return self.subjects[prefix].partition("/")[2]

    def numbers(self, prefix: str) -> list[str]:
        """Return the number of the one thing of that sort, none before there is one."""
        return [self.number(prefix)] if prefix in self.subjects else []

    def possession(self, who: str, second: str = SECOND) -> str:
        """Let a new key sign that somebody holds it."""
        key = pair(second)
        message = possession_message(ORIGIN, self.ids[who], key.public_key)
        return base64.b64encode(key.sign(message)).decode()

    def rotate(self, who: str, second: str, **changes: Any) -> Entry:
        """Show another key and take it into use; it signs from here on."""
        public_key = pair(second).public_key
        key = key_id(public_key)
        shown = {"public_key": public_key.hex(), "possession": self.possession(who, second)}
        self.do("key.shown", who, f"key/{key}", recipient=f"age1{second}", **shown)
        subject = f"participant/{self.ids[who]}"
        entry = self.do("key.added", who, subject, key=key, **changes)
        self.hands[who] = second
        return entry

    def later(self, **span: int) -> str:
        return format_time(self.now + dt.timedelta(**span))

    def today(self, days: int = 0) -> str:
        return (self.now.date() + dt.timedelta(days=days)).isoformat()

    def facts(self, kind: str, who: str) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one case a kind
        bound = {"sheet": digest("sheet"), "data": digest("data")}
        match kind:
            case "participant.key":
                return {"public_key": pair(who).public_key.hex(), "recipient": f"age1{who}"}
            case "exchange.opened":
                return {
                    "log_key": LOG_KEY.public_key.hex(),
                    "notice_seconds": int(NOTICE.total_seconds()),
                    "fee_ppm": 30_000,
                    "pack": digest("pack"),
                    "clock": "system",
                    "continues": [],
                }
            case "key.shown":
                return {
                    "public_key": pair(SECOND).public_key.hex(),
                    "recipient": "age1second",
                    "possession": self.possession(who),
                }
            case "key.added":
                return {"key": key_id(pair(SECOND).public_key), "old_until": self.later(days=7)}
            case "key.revoked":
                return {"key": key_id(pair(SECOND).public_key), "reason": "lost"}
            case "log.key_added":
                return {"log_key": pair("second log").public_key.hex(), "overlap": 4}
            case "log.closed":
                return {"reason": "the key was stolen", "successor": ["exchange.example/two"]}
            case "identity.verified":
                return {
                    "method": "documents compared",
                    "signatory": committed("signatory", who),
                    "documents": [digest("business licence")],
                    "until": self.today(365),
                }
            case "licence.required":
                return {"licences": ["valuer: asset-valuation", "valuer: appraisal"]}
            case "licence.recorded":
                return {
                    "licence": "legal-practice",
                    "number": committed("number"),
                    "issuer": "司法厅",
                    "until": self.today(365),
                    "document": digest("licence"),
                }
            case "licence.withdrawn":
                return {"licence": self.leaf("licence.recorded"), "reason": "struck off"}
            case "negative.listed":
                return {
                    "organisation": committed("organisation"),
                    "reason": "sold personal data",
                    "source": "a regulator's notice",
                    "since": self.today(-10),
                    "until": self.today(365),
                }
            case "grade.set":
                return {"grade": "general-1", "reason": "found alike", "basis": "App. J"}
            case "engagement.proposed":
                return {
                    "to": self.ids["assessor"],
                    "role": "compliance-assessor",
                    "products": [self.number("product")],
                    "work": "compliance assessment",
                    "amount": FEE,
                    "contingent": False,
                    "due": self.later(days=30),
                    "terms": committed("terms"),
                }
            case "engagement.accepted" | "engagement.paid":
                return {"amount": FEE}
            case "engagement.delivered":
                return {"report": digest("report")}
            case "engagement.cancelled":
                return {"reason": "no time", "amount": FEE}
            case "deal.filed":
                return {
                    "side": "buyer",
                    "to": self.ids["supplier"],
                    "products": self.numbers("product"),
                    "scenarios": self.numbers("scenario"),
                    "purpose": "ocean forecast",
                    "description": committed("description", "what is dealt in"),
                    "terms": committed("terms", "contract"),
                    "amount": DEAL,
                    "due": self.today(),
                    "cleared": True,
                    "until": self.later(hours=8),
                }
            case "deal.confirmed":
                return {"filing": self.leaf("deal.filed"), "amount": DEAL}
            case "guarantee.contributed" | "guarantee.used":
                cycle = {"cycle": self.today()} if kind == "guarantee.used" else {}
                return cycle | {"amount": cny(30_000)}
            case "guarantee.returned":
                return {"amount": cny(10_000)}
            case "cycle.closed":
                return {"after": [], "obligations": 1, "parties": 2, "gross": [DEAL]}
            case "netting.paid":
                return {"cycle": self.today(), "amount": cny(70_000)}
            case "default.declared":
                return {
                    "cycle": self.today(),
                    "amount": cny(50_000),
                    "contribution": cny(30_000),
                    "fund": cny(0),
                    "left": cny(20_000),
                    "held": cny(0),
                }
            case "netting.received":
                return {"cycle": self.today(), "amount": cny(100_000), "carried": cny(20_000)}
            case "default.cured":
                return {"cycle": self.today()}
            case "cycle.settled":
                return {
                    "paid": [cny(70_000)],
                    "used": [cny(30_000)],
                    "received": [cny(100_000)],
                    "carried": [cny(20_000)],
                    "defaults": 1,
                }
            case "withdrawal.requested":
                return {"amount": FEE, "payee": committed("payee")}
            case "withdrawal.failed":
                return {"reason": "the account to be paid is closed"}
            case "credit.set":
                return {"limit": FEE, "reason": committed("reason")}
            case "fees.published":
                return {
                    "fees": digest("fees"),
                    "most_ppm": 50_000,
                    "tax_ppm": 60_000,
                    "since": self.later(days=8),
                    "auction": cny(20_000),
                }
            case "certificate.requested":
                return {"entry": self.leaf("listing.published")}
            case "service.charged":
                lines = [line("house/fees", 20_000, "fee"), line("house/tax", 1_200, "tax")]
                return {
                    "service": "auction",
                    "payer": self.ids["supplier"],
                    "fees": digest("fees"),
                    "lines": lines,
                }
            case "participant.admitted":
                return {"roles": ["consultant"], "register": committed("register")}
            case "product.registered":
                return {
                    "data": digest("data"),
                    "bytes": 12_345,
                    "rights": ["holding", "processing", "operating"],
                    "sources": ["海洋雷达 station A"],
                    "evidence": [digest("evidence")],
                    "parents": [],
                }
            case "inspection.recorded":
                return {
                    "data": digest("data"),
                    "profile": digest("profile"),
                    "rows": 10,
                    "reader": "csv",
                }
            case "registration.changed":
                return {
                    "data": digest("newer data"),
                    "bytes": 23_456,
                    "sources": ["海洋雷达 station A"],
                    "evidence": [digest("evidence")],
                    "parents": [],
                    "reason": "another year of observations",
                }
            case "transfer.offered":
                return {
                    "to": self.ids["rival"],
                    "until": self.later(days=7),
                    "agreement": committed("agreement"),
                }
            case "registration.transferred":
                offer = self.leaf("transfer.offered")
                return {"to": self.ids["rival"], "offer": [offer], "decision": []}
            case "registration.renewed":
                return {"until": self.later(days=TERM_DAYS, seconds=1)}
            case "registration.cancelled":
                return {"reason": "the station has closed"}
            case "dispute.opened":
                return {"grounds": committed("grounds", "dispute")}
            case "dispute.withdrawn":
                return {"dispute": self.leaf("dispute.opened"), "reason": "settled"}
            case "dispute.decided":
                return {
                    "dispute": self.leaf("dispute.opened"),
                    "outcome": "dismissed",
                    "to": [],
                    "order": [],
                    "grounds": committed("grounds", "decision of the dispute"),
                }
            case "activity.recorded":
                return {
                    "activity": "clean",
                    "from": self.later(days=-3),
                    "until": self.later(days=-1),
                    "inputs": [],
                    "used": [digest("raw data")],
                    "made": [digest("data")],
                    "cost": committed("cost"),
                    "description": committed("description"),
                }
            case "activity.withdrawn":
                return {"activity": self.leaf("activity.recorded"), "reason": "on another product"}
            case "similarity.found":
                return {
                    "data": digest("data"),
                    "other": self.another(),
                    "other_data": digest("the rival's data"),
                    "of_this_ppm": 970_000,
                    "of_other_ppm": 96_500,
                    "columns": 5,
                    "compared": 2_048,
                    "how": "rows",
                }
            case "notice.opened":
                return {"until": format_time(self.now + NOTICE)}
            case "objection.filed":
                return {"grounds": committed("grounds")}
            case "objection.withdrawn":
                return {"objection": self.leaf("objection.filed"), "reason": "settled"}
            case "objection.closed":
                return {
                    "objection": self.leaf("objection.filed"),
                    "outcome": "dismissed",
                    "grounds": committed("grounds", "decision"),
                }
            case "pack.adopted":
                return {"pack": digest("pack")}
            case "right.granted":
                return {
                    "right": "processing",
                    "to": self.ids["rival"],
                    "purposes": ["ocean forecast"],
                    "regions": ["Qingdao"],
                    "exclusive": False,
                    "transferable": True,
                    "from": self.later(),
                    "until": self.later(days=365),
                    "under": [],
                    "agreement": commitment("agreement", {"price": 7}, bytes(32)),
                }
            case "erasure.requested":
                return {
                    "fields": ["agreement"],
                    "grounds": commitment("grounds", "moved", bytes(32)),
                }
            case "erasure.refused":
                return {
                    "request": self.leaf("erasure.requested"),
                    "reason": "kept until 2056",
                }
            case "erasure.executed":
                grant = self.log.by_leaf(self.leaf("right.granted"))
                return {
                    "request": self.leaf("erasure.requested"),
                    "fields": ["agreement"],
                    "commitments": [grant.facts["agreement"]] if grant else [],
                }
            case "right.revoked":
                return {"grant": self.leaf("right.granted"), "reason": "broken terms"}
            case "registration.confirmed":
                return {"data": digest("data"), "until": self.later(days=TERM_DAYS)}
            case "sheet.submitted":
                return bound | {"grade": "general-1", "purposes": ["ocean forecast"]}
            case "listing.requested" | "listing.published":
                return bound
            case "document.attached":
                return {
                    "what": "source-proof",
                    "document": digest("document"),
                    "sheets": [],
                    "issuer": committed("issuer"),
                    "name": committed("name"),
                    "issued": self.today(),
                    "until": self.today(365),
                }
            case "document.verified" | "document.rejected" | "document.withdrawn":
                about = {
                    "attachment": self.leaf("document.attached"),
                    "document": digest("document"),
                }
                more = {
                    "document.verified": {"until": self.today(365)},
                    "document.rejected": {"grounds": committed("grounds", kind)},
                    "document.withdrawn": {"reason": "another follows"},
                }
                return about | more[kind]
            case "compliance.attested":
                return bound | {
                    "pack": digest("pack"),
                    "rules": ["I-03"],
                    "outcome": "passed",
                    "until": self.today(90),
                    "report": committed("report"),
                }
            case "quality.reviewed":
                return bound | {
                    "score": "0.96",
                    "dimensions": ["accuracy 0.9"],
                    "comments": committed("comments"),
                }
            case "sample.drawn":
                drawn = {"sample": digest("sample"), "rows": 20}
                return bound | drawn | {"notice": self.seed()}
            case "quality.measured":
                return bound | {"report": digest("report"), "expected": 5, "met": 4}
            case "listing.vetted":
                return bound | {
                    "pack": digest("pack"),
                    "decision": "approved",
                    "checklist": digest("checklist"),
                    "reasons": committed("reasons"),
                }
            case "compliance.verdict":
                return bound | {
                    "pack": digest("pack"),
                    "outcome": "passed",
                    "fired": [],
                    "review": digest("review"),
                    "on": self.today(),
                }
            case "scenario.filed":
                return {
                    "product": self.number("product"),
                    "purpose": "ocean forecast",
                    "region": "Qingdao",
                    "term_days": 365,
                    "scenario": committed("scenario"),
                }
            case "scenario.approved" | "scenario.refused":
                about = {
                    "product": self.number("product"),
                    "pack": digest("pack"),
                    "review": digest("scenario review"),
                }
                refused = kind == "scenario.refused"
                until = format_time(self.now + APPROVED)
                return about | ({"fired": ["T-01"]} if refused else {"until": until})
            case "demand.posted":
                return {
                    "title": "water temperature by the hour",
                    "purpose": "ocean forecast",
                    "region": "Qingdao",
                    "term_days": 365,
                    "posting": digest("posting"),
                    "until": self.later(days=30),
                    "brief": committed("brief"),
                }
            case "demand.answered":
                return {"words": "we have it", "product": self.number("product")}
            case "demand.closed":
                answer = self.leaf("demand.answered")
                return {"outcome": "met", "reason": "found", "answer": answer}
            case "demand.expired":
                return {}
            case "scenario.referred":
                return {
                    "product": self.number("product"),
                    "pack": digest("pack"),
                    "review": digest("scenario review"),
                    "grounds": ["persons"],
                }
            case "scenario.reviewed":
                return {
                    "product": self.number("product"),
                    "pack": digest("pack"),
                    "decision": "approved",
                    "reasons": committed("reasons"),
                }
            case "scenario.revoked":
                return {"reason": "what it was approved on has gone"}
            case "scenario.expired":
                return {}
            case "negotiation.opened":
                return {
                    "product": self.number("product"),
                    "scenario": self.number("scenario"),
                    "currency": "CNY",
                    "exclusive": self.alone,
                    "until": self.later(days=10),
                }
            case "negotiation.offered":
                return {
                    "product": self.number("product"),
                    "round": sum(1 for _ in self.log.of_kind(self.subject(kind), kind)) + 1,
                    "amount": PRICE,
                    "until": self.later(days=2),
                }
            case "negotiation.accepted":
                return {
                    "product": self.number("product"),
                    "offer": self.leaf("negotiation.offered"),
                    "amount": PRICE,
                }
            case "auction.opened":
                return {
                    "product": self.number("product"),
                    "mechanism": "second-price",
                    "rules": digest("rules"),
                    "supply": 1,
                    "exclusive": False,
                    "currency": "CNY",
                    "deposit": FEE,
                    "bids_until": self.later(hours=1),
                    "open_until": self.later(hours=2),
                    "reserve": commitment("reserve", PRICE, bytes(32)),
                    "seed": commitment("seed", 7, bytes(32)),
                }
            case "bid.placed":
                value = bid_value(self.number("auction"), self.ids[who], PRICE)
                return {
                    "product": self.number("product"),
                    "scenario": self.number("scenario"),
                    "sealed": commitment("bid", value, bytes(32)),
                    "deposit": FEE,
                }
            case "bid.opened":
                return {"bid": self.leaf("bid.placed"), "amount": PRICE, "salt": SALT}
            case "auction.reserve_opened":
                return {"amount": PRICE, "salt": SALT}
            case "auction.seed_opened":
                return {"seed": 7, "salt": SALT}
            case "auction.cleared":
                return self.auctioned()
            case "bid.forfeited":
                supplier = f"participant/{self.ids['supplier']}"
                lines = [line(supplier, FEE["minor"], "deposit")]  # type: ignore[arg-type]
                return {"bid": self.leaf("bid.placed"), "reason": "not opened", "lines": lines}
            case "bid.returned":
                return {"bid": self.leaf("bid.placed"), "reason": "off the board"}
            case "use.reserved":
                return {
                    "trade": self.number("trade"),
                    "contract": self.contracted().leaf.hex(),
                    "purposes": ["ocean forecast"],
                    "regions": [self.region()],
                    "until": self.contracted().facts["until"],
                }
            case "price.quoted":
                mode = {"mode": self.mode, "basis": []} if self.mode else {}
                return (
                    self.exclusive()
                    | mode
                    | {
                        "product": self.number("product"),
                        "scenario": self.number("scenario"),
                        "buyer": self.ids["buyer"],
                        "amount": self.price,
                        "pricing": digest("pricing"),
                        "evidence": [digest("appraisal")],
                        "terms": digest("terms"),
                        "until": self.later(days=2),
                    }
                )
            case "trade.ordered":
                return {
                    "product": self.number("product"),
                    "scenario": self.number("scenario"),
                    "quote": self.number("quote"),
                    "terms": digest("terms"),
                    "amount": self.price,
                }
            case "trade.cancelled":
                return {"reason": "nothing was delivered", "amount": PRICE}
            case "trade.contracted":
                return self.exclusive() | {
                    "product": self.number("product"),
                    "terms": digest("terms"),
                    "amount": self.price,
                    "purposes": ["ocean forecast"],
                    "until": self.later(days=10 if self.mode == "subscription" else 365),
                    "acceptance_seconds": WINDOW,
                }
            case "subscription.authorised":
                about = {"trade": self.number("trade"), "terms": digest("terms")}
                return about | {"amount": PRICE, "periods": 12}
            case "subscription.renewed":
                about = {"trade": self.number("trade"), "product": self.number("product")}
                since = self.period()[1]
                until = format_time(parse_time(since, "since") + dt.timedelta(days=10))
                bounds = {"period": 2, "since": since, "until": until}
                return about | {"terms": digest("terms"), "amount": PRICE} | bounds
            case "subscription.overdue":
                until = format_time(parse_time(self.period()[1], "until") + dt.timedelta(days=7))
                about = {"trade": self.number("trade"), "reason": "no money"}
                return about | {"period": 2, "until": until}
            case "subscription.ended":
                about = {"trade": self.number("trade"), "reason": "not needed"}
                return about | {"until": self.period()[1]}
            case "subscription.settled" | "subscription.refunded":
                period: dict[str, Any] = {"period": 2, "amount": PRICE}
                period["trade"] = self.number("trade")
                if kind == "subscription.refunded":
                    return period | {"reason": "it stood still"}
                lines = [
                    line(f"participant/{self.ids['supplier']}", 97_000, "price"),
                    line("house/fees", 3_000, "fee"),
                ]
                return period | {"lines": lines, "allocation": digest("allocation")}
            case "trial.granted":
                about = {"product": self.number("product"), "buyer": self.ids["buyer"]}
                return about | {"trade": self.number("trade"), "units": 100}
            case "usage.metered":
                number, since = self.batch()
                return {
                    "trade": self.number("trade"),
                    "sequence": number + 1,
                    "since": since,
                    "until": format_time(self.now),
                    "found": 40,
                    "missed": 2,
                    "events": digest("events"),
                }
            case "usage.contested":
                return {"trade": self.number("trade"), "sequence": 1, "reason": "we were closed"}
            case "usage.decided":
                word = {"outcome": "stands", "reason": "the log holds"}
                return word | {"trade": self.number("trade"), "sequence": 1}
            case "usage.billed":
                ended = next(self.log.of_kind(self.subject(kind), "usage.ended"), None)
                return {
                    "trade": self.number("trade"),
                    "number": 1,
                    "until": ended.facts["until"] if ended else format_time(self.now),
                    "through": self.batch()[0],
                    "due": FREE,
                    "amount": FREE,
                    "pricing": digest("bill"),
                }
            case "usage.ended":
                about = {"trade": self.number("trade"), "reason": "it is over"}
                return about | {"until": format_time(self.now)}
            case "usage.closed":
                part = next(self.log.of_kind(self.subject(kind), "settlement.part"), None)
                taken = part.facts["amount"]["minor"] if part else 0
                return {"amount": {"minor": PRICE["minor"] - taken, "currency": "CNY"}}
            case "delivery.made":
                return {
                    "product": self.number("product"),
                    "data": digest("data"),
                    "sealed": digest("sealed"),
                    "bytes": 12_500,
                    "recipient": "age1buyer",
                }
            case "access.granted":
                return {
                    "trade": self.number("trade"),
                    "to": self.ids["buyer"],
                    "sealed": digest("sealed"),
                    "count": 1,
                    "policy": digest("policy"),
                    "limit": 2,
                }
            case "delivery.received" | "delivery.deemed":
                return {"data": digest("data"), "sealed": digest("sealed")}
            case "refund.made":
                return {
                    "amount": {"minor": 10, "currency": "CNY"},
                    "lines": [line(f"escrow/{self.number('trade')}", 10, "refund")],
                    "to": self.ids["buyer"],
                    "reason": "a column is missing",
                }
            case "refund.claimed":
                return {"amount": PRICE, "to": self.ids["buyer"]}
            case "trade.disputed":
                return {"grounds": committed("grounds", kind), "evidence": [digest("evidence")]}
            case "trade.undisputed":
                return {"dispute": self.leaf("trade.disputed"), "reason": "a misunderstanding"}
            case "trade.arbitrated":
                return {
                    "dispute": self.leaf("trade.disputed"),
                    "amount": NOTHING,
                    "lines": [line(f"participant/{self.ids['buyer']}", 0, "nothing is held")],
                    "allocation": digest("allocation"),
                    "reversal": {"minor": 10_000, "currency": "CNY"},
                    "reasons": committed("reasons", kind),
                }
            case "trade.reversed":
                return {
                    "amount": {"minor": 10_000, "currency": "CNY"},
                    "lines": [
                        line("house/fees", 300, "fee returned"),
                        line(f"participant/{self.ids['supplier']}", 9_700, "award"),
                    ],
                    "to": self.ids["buyer"],
                }
            case "amendment.proposed" | "amendment.accepted":
                named = {"proposal": self.leaf("amendment.proposed")}
                contract = self.entry("trade.contracted")
                return (named if kind == "amendment.accepted" else {}) | {
                    "product": self.number("product"),
                    "terms": digest("amended terms"),
                    "amount": {"minor": 90_000, "currency": "CNY"},
                    "added": NOTHING,
                    "returned": {"minor": 10_000, "currency": "CNY"},
                    "purposes": ["ocean forecast"],
                    "until": contract.facts["until"] if contract else self.later(days=1),
                    "acceptance_seconds": WINDOW,
                }
            case "amendment.declined":
                return {"proposal": self.leaf("amendment.proposed"), "reason": "too little"}
            case "trade.ended":
                return {
                    "cause": "unlawful",
                    "reason": "the law has changed",
                    "at": self.later(),
                    "amount": PRICE,
                    "to": self.ids["buyer"],
                }
            case "settlement.executed":
                return {
                    "amount": PRICE,
                    "lines": [
                        line(f"participant/{self.ids['supplier']}", 97_000, "price"),
                        line("house/fees", 3_000, "fee"),
                    ],
                    "allocation": digest("allocation"),
                }
            case "settlement.part":
                return {
                    "part": 1,
                    "amount": {"minor": 40_000, "currency": "CNY"},
                    "lines": [
                        line(f"participant/{self.ids['supplier']}", 38_800, "price"),
                        line("house/fees", 1_200, "fee"),
                    ],
                    "allocation": digest("allocation"),
                    "basis": self.leaf("delivery.received"),
                }
            case "price.estimated":
                return {
                    "product": self.number("product"),
                    "low": {"minor": 80_000, "currency": "CNY"},
                    "mid": {"minor": 99_000, "currency": "CNY"},
                    "high": {"minor": 120_000, "currency": "CNY"},
                    "pricing": digest("estimate"),
                }
            case "account.deposited" | "account.withdrawn":
                return {"amount": PRICE, "reference": committed("reference", kind)}
            case _:
                return {"reason": "because"}

    def compose(
        self,
        signed: SignedAct,
        *,
        refs: tuple[tuple[str, str], ...] = (),
        subject: str | None = None,
        time: str | None = None,
    ) -> Entry:
        """Write an entry as a dishonest operator could: nothing about it is checked."""
        act = signed.act
        opened = act.subject or opened_subject(KINDS[act.kind].subject, act)
        return Entry.compose(
            signed,
            index=self.log.edge().size,
            actor=act.actor or opened.partition("/")[2],
            subject=subject or opened,
            prev=self.log.last(subject or opened),
            refs=refs,
            time=time or format_time(self.now),
        )

    def force(self, entry: Entry) -> Entry:
        """Put an entry into the log without asking any rule."""
        self.log.add(entry)
        self.now += dt.timedelta(minutes=1)
        return entry

    def note(self) -> bytes:
        edge = self.log.edge()
        return sign(Checkpoint(ORIGIN, edge.size, edge.root), ORIGIN, LOG_KEY)


def line(account: str, minor: int, what: str, currency: str = "CNY") -> dict[str, Any]:
    return {"account": account, "amount": {"minor": minor, "currency": currency}, "what": what}


def resigned(signed: SignedAct, who: str, **changes: Any) -> SignedAct:
    """Change the act itself and sign it again."""
    return replace(signed.act, **changes).signed(pair(who))


def _play_the_merchants(floor: Floor) -> None:
    """Play what becomes of rights, documents, engagements and licences."""
    floor.do("pack.adopted")
    floor.do("activity.recorded")
    floor.do("activity.withdrawn")
    floor.do("registration.renewed")
    for end in ("dispute.withdrawn", "dispute.decided"):
        floor.do("dispute.opened")
        floor.do(end)
    floor.do("right.granted")
    floor.do("right.revoked")
    for last in ("document.withdrawn", "document.rejected"):
        floor.do("document.attached")
        floor.do("document.verified")
        floor.do(last)
    for outcome in ("erasure.refused", "erasure.executed"):
        floor.do("erasure.requested")
        floor.do(outcome)
    floor.do("account.deposited", subject=f"account/{floor.ids['supplier']}", amount=FEE)
    for last in ("engagement.declined", "engagement.cancelled", "engagement.paid"):
        floor.do("engagement.proposed")
        if last != "engagement.declined":
            floor.do("engagement.accepted")
        if last == "engagement.paid":
            floor.do("engagement.delivered")
        floor.do(last)
    floor.do("negative.listed")
    floor.do("negative.cleared")
    floor.do("licence.required")
    floor.do("licence.recorded")
    floor.do("licence.withdrawn")
    floor.do("grade.set")


def _play_the_billing(floor: Floor) -> None:
    """Play periods, metered use and a trial, each to its end."""
    before = dict(floor.subjects)
    for mode in ("usage", "trial", "subscription"):
        floor.mode = mode
        floor.do("scenario.filed")
        floor.do("scenario.approved", until=floor.later(days=120))
        floor.do("price.quoted")
        floor.do("trade.ordered")
        floor.wait_for("trade.contracted").do("trade.contracted")
        if mode == "usage":
            for step in ("usage.metered", "usage.contested", "usage.decided", "usage.ended"):
                floor.wait_for(step).do(step)
            due = {"minor": 2_000, "currency": "CNY"}
            bill = floor.wait_for("usage.billed").do("usage.billed", due=due, amount=due)
            supplier = f"participant/{floor.ids['supplier']}"
            floor.do(
                "settlement.part",
                amount=due,
                lines=[line(supplier, 1_940, "price"), line("house/fees", 60, "fee")],
                basis=bill.leaf.hex(),
                part=1,
            )
            floor.do("usage.closed")
        elif mode == "trial":
            floor.do("trial.granted")
        else:
            floor.do("subscription.authorised")
            for number, end in ((2, "subscription.settled"), (3, "subscription.refunded")):
                floor.wait_for("subscription.renewed").do("subscription.renewed", period=number)
                floor.wait_for(end).do(end, period=number)
            floor.wait_for("subscription.overdue").do("subscription.overdue", period=4)
            floor.do("subscription.ended")
    floor.mode, floor.subjects = "", before


def _play_the_bargains(floor: Floor) -> None:
    """Play a negotiation that ends, and one that comes to a use which one buyer has alone."""
    floor.do("scenario.filed", region="Rizhao")
    floor.do("scenario.approved")
    floor.do("negotiation.opened")
    floor.do("negotiation.ended")
    floor.do("negotiation.opened", exclusive=True)
    offer = floor.do("negotiation.offered")
    accepted = floor.do("negotiation.accepted")
    basis = [offer.leaf.hex(), accepted.leaf.hex()]
    floor.alone = True
    floor.do("price.quoted", mode="negotiated", basis=basis)
    for step in ("trade.ordered", "trade.contracted", "use.reserved", "trade.cancelled"):
        floor.do(step)
    floor.alone = False


def _play_the_auctions(floor: Floor) -> None:
    """Play an auction that is called off, one whose bid is left sealed, and one with a winner."""
    for steps in (
        ("auction.opened", "bid.placed", "auction.cancelled"),
        ASIDE["bid.forfeited"][1],
        (*_HELD[:3], "auction.reserve_opened", *_HELD[3:]),
    ):
        for step in steps:
            floor.wait_for(step).do(step)
        if steps is ASIDE["bid.forfeited"][1]:
            floor.do("bid.forfeited")
    basis = [floor.leaf("auction.cleared"), floor.leaf("bid.placed")]
    floor.do("account.deposited")  # a winner's order sets its price aside
    floor.do("price.quoted", mode="auction", basis=basis)
    floor.do("trade.ordered")
    floor.do("trade.lapsed", "supplier")
    floor.do("bid.returned")


def _play_the_register(floor: Floor) -> None:
    """Play what becomes of a listing and of a registration at its end."""
    floor.do("listing.suspended")
    floor.do("compliance.verdict")
    floor.do("listing.published")
    floor.do("listing.delisted")
    floor.do("registration.changed")
    floor.do("inspection.recorded", data=digest("newer data"))
    floor.do("notice.opened")
    floor.now += NOTICE
    floor.do("registration.confirmed", data=digest("newer data"))
    floor.do("transfer.offered")
    floor.do("registration.transferred")
    floor.do("registration.cancelled", "rival")


def _play_the_scenarios(floor: Floor) -> None:
    for step in ("demand.posted", "demand.answered", "demand.closed"):
        floor.do(step)
    floor.do("demand.posted", until=floor.later(minutes=1))
    floor.now += dt.timedelta(minutes=2)
    floor.do("demand.expired")
    floor.do("scenario.filed")
    for step in ("scenario.referred", "scenario.reviewed", "scenario.approved", "scenario.revoked"):
        floor.do(step)
    floor.do("scenario.filed")
    floor.do("scenario.approved", until=floor.later(minutes=1))
    floor.now += dt.timedelta(minutes=2)
    floor.do("scenario.expired")


def play_the_cycles(floor: Floor) -> None:
    """Play deals off the exchange, a cycle in which one party is in default, and its cure.

    The other buyer owes the rival 1,000 and has 700, of which 100 are in the guarantee fund; the
    expert has 50 there.
    """
    names: dict[str, Any] = {"products": [], "scenarios": []}
    for last in ("deal.declined", "deal.ended"):
        floor.do("deal.filed", "other-buyer", to=floor.ids["rival"], **names)
        if last == "deal.ended":
            floor.do("deal.confirmed", "rival")
        floor.do(last, "rival")
    debtor = f"account/{floor.ids['other-buyer']}"
    floor.do("account.deposited", subject=debtor, amount=cny(700))
    floor.do("guarantee.contributed", "other-buyer", debtor, amount=cny(100))
    member = f"account/{floor.ids['expert']}"
    floor.do("account.deposited", subject=member, amount=cny(60))
    floor.do("guarantee.contributed", "expert", member, amount=cny(60))
    floor.do("guarantee.returned", "expert", member, amount=cny(10))
    floor.do("deal.filed", "other-buyer", to=floor.ids["rival"], amount=cny(1_000), **names)
    floor.do("deal.confirmed", "rival", amount=cny(1_000))
    floor.do("cycle.closed", gross=[cny(1_000)])
    floor.do("netting.paid", subject=debtor, amount=cny(600))
    lacked: dict[str, Any] = {"contribution": cny(100), "fund": cny(50), "left": cny(250)}
    floor.do("default.declared", subject=debtor, amount=cny(400), **lacked)
    floor.do("guarantee.used", subject=debtor, amount=cny(100))
    floor.do("guarantee.used", subject=member, amount=cny(50))
    creditor = f"account/{floor.ids['rival']}"
    floor.do("netting.received", subject=creditor, amount=cny(750), carried=cny(250))
    sums: dict[str, Any] = {"paid": [cny(600)], "used": [cny(150)], "received": [cny(750)]}
    floor.do("cycle.settled", **sums, carried=[cny(300)])
    floor.do("account.deposited", subject=debtor, amount=cny(300))
    before = floor.today()
    floor.now += dt.timedelta(days=1)
    floor.do("cycle.closed", after=[before], obligations=0, parties=3, gross=[])
    floor.do("netting.paid", subject=debtor, amount=cny(300))
    floor.do("netting.received", subject=creditor, amount=cny(250), carried=cny(0))
    floor.do("netting.received", subject=member, amount=cny(50), carried=cny(0))
    floor.do("default.cured", subject=debtor)
    sums = {"paid": [cny(300)], "used": [], "received": [cny(300)], "carried": []}
    floor.do("cycle.settled", **sums, defaults=0)


def _play_the_agreements(floor: Floor) -> None:
    """Play what becomes of a contract besides its settlement as a whole."""
    after = {
        "lines": [line(f"participant/{floor.ids['supplier']}", 10, "refund")],
    }
    rest: dict[str, Any] = {"amount": {"minor": 90_000, "currency": "CNY"}}
    stories: tuple[tuple[str, dict[str, dict[str, Any]]], ...] = (
        ("delivery.received", {"settlement.part": {}}),
        ("delivery.made", {"delivery.deemed": {}, "settlement.executed": {}, "refund.made": after}),
        ("trade.contracted", {"refund.made": {}}),
        ("trade.contracted", {"trade.ended": {}, "trade.retired": {}}),
        ("trade.contracted", {"amendment.proposed": {}, "amendment.declined": {}}),
        ("delivery.made", {"trade.disputed": {}, "trade.undisputed": {}}),
        (
            "settlement.executed",
            {"trade.disputed": {}, "trade.arbitrated": {}, "trade.reversed": {}},
        ),
        ("trade.contracted", {"amendment.proposed": {}, "amendment.accepted": {}}),
    )
    for last, besides in stories:
        for step in PATH[PATH.index("price.quoted") : PATH.index(last) + 1]:
            floor.wait_for(step).do(step)
        for step, changes in besides.items():
            floor.wait_for(step).do(step, **changes)
    sooner: dict[str, Any] = {"returned": NOTHING, "until": floor.later(minutes=5)}
    floor.do("amendment.proposed", **rest, **sooner)
    floor.do("amendment.accepted", **rest, **sooner)
    floor.now += dt.timedelta(minutes=5)
    floor.do("refund.claimed", **rest)


@cache
def _played(kind: str) -> Floor:
    return Floor()._play(kind)


def _copied(value: Any) -> Any:
    """Copy a part of a floor so that playing on leaves the original as it is."""
    if isinstance(value, MemoryLog):
        return MemoryLog(*(_copied(getattr(value, part.name)) for part in fields(value)))
    if isinstance(value, defaultdict):
        return defaultdict(list, {key: list(entries) for key, entries in value.items()})
    return value.copy() if isinstance(value, dict | list) else value


def full_history() -> Floor:
    """Play every kind of entry at least once, but for those that change the log's own keys."""
    return _copied_floor(_full_history())


def closed_history() -> Floor:
    """Play the whole history up to the end of the log."""
    return _copied_floor(_closed_history())


def _copied_floor(floor: Floor) -> Floor:
    return Floor(**{each.name: _copied(getattr(floor, each.name)) for each in fields(floor)})


@cache
def _full_history() -> Floor:
    floor = Floor().ready("registration.confirmed")
    floor.now -= NOTICE
    floor.do("similarity.found")
    for end in ("objection.withdrawn", "objection.closed"):
        floor.do("objection.filed")
        floor.do(end)
    floor.now += NOTICE
    for step in PATH[PATH.index("registration.confirmed") : PATH.index("trade.ordered")]:
        floor.do(step)
    floor.do("account.deposited", amount={"minor": 200_001, "currency": "CNY"})
    for step in PATH[PATH.index("trade.ordered") :]:
        floor.do(step)
    floor.do("access.granted")
    floor.do("account.withdrawn", amount={"minor": 1, "currency": "CNY"})
    for last in ("trade.cancelled", "trade.lapsed"):
        floor.do("price.quoted")
        floor.do("trade.ordered")
        if last == "trade.cancelled":
            floor.do("trade.contracted")
        floor.do(last)
    _play_the_bargains(floor)
    _play_the_auctions(floor)
    _play_the_agreements(floor)
    _play_the_billing(floor)
    floor.do("scenario.withdrawn")
    floor.do("scenario.filed")
    floor.do("scenario.refused")
    _play_the_scenarios(floor)
    _play_the_bank(floor)
    _play_the_merchants(floor)
    _play_the_register(floor)
    play_the_cycles(floor)
    floor.do("key.shown")
    floor.do("key.added")
    floor.do("key.revoked")
    floor.do("participant.suspended")
    return floor


def _play_the_bank(floor: Floor) -> None:
    """Ask for two payments, of which one fails; lend a little; publish what the exchange keeps."""
    floor.do("withdrawal.requested")
    floor.do("withdrawal.failed")
    floor.do("account.deposited", amount=FEE)
    floor.do("withdrawal.requested")
    floor.do("account.withdrawn", amount=FEE, withdrawal=floor.number("withdrawal"))
    floor.do("credit.set")
    floor.do("fees.published")
    floor.wait_for_fees()
    floor.do("account.deposited", subject=f"account/{floor.ids['supplier']}", amount=cny(21_200))
    floor.do("auction.opened")
    floor.do("service.charged")
    floor.do("certificate.requested")


OF_THE_LOG = ("log.key_added", "log.closed")  # what changes who signs the log, or ends it


@cache
def _closed_history() -> Floor:
    floor = full_history()
    for kind in OF_THE_LOG:
        floor.do(kind)
    return floor
