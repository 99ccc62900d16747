"""Writing wishes up: the acts, entries and rows of plain trades, signed and hashed.

Everything is a function of the seed and of what it is told, so it can be written anywhere, in any
process, and comes out the same.  That each entry is valid where it stands was asked before
(`fast.stock`); what comes out is held to the services' own, byte for byte, by tests.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exchange.clearing import available, escrow
from exchange.simulation.chance import drawn_bytes
from exchange.simulation.depth import Ending
from exchange.simulation.fast.stock import Stock
from exchange.simulation.full.dealing import NO_DELIVERY, NO_MONEY, NO_PAYMENT
from exchange.simulation.full.envelope import enveloped
from exchange.simulation.full.house import OPERATOR, ORIGIN, keys_of
from exchange.tape import Tape
from ledger.acts import DOMAIN, format_time, key_id, named_by
from ledger.commitments import SALT_BYTES

_STATES: Final[Mapping[Ending, tuple[str, str, str, int]]] = {
    Ending.EXECUTED: ("executed", "received", "released", 5),
    Ending.CANCELLED: ("cancelled", "due", "refunded", 3),
    Ending.LAPSED: ("lapsed", "due", "none", 2),
    Ending.SHORT: ("lapsed", "due", "none", 2),
}


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys: id, handle, and the last day of its verified identity."""

    id: str
    handle: str
    licensed: str


@dataclass(frozen=True, slots=True)
class Use:
    """A running scenario: its number, the leaf hashes of its filing and approval, and its secret.

    `commitment` is what its filing commits to.
    """

    id: str
    filing: str
    approval: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Order:
    """One plain wish with what was decided on it; `use` is None where a scenario is filed first."""

    number: int
    moment: dt.datetime
    buyer: Buyer
    stock: int  # under which number the pen knows the stock
    ending: Ending
    use: Use | None


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: its id, the name of its key, and what signs with it."""

    id: str
    key: str
    sign: Callable[[bytes], bytes]


# Kinds that begin an act at somebody's desk; the others are what the house records within one.
_BEGINS: Final = {
    "price.quoted": "quote",
    "trade.ordered": "order",
    "trade.contracted": "contract",
    "trade.lapsed": "end",
    "trade.cancelled": "end",
    "delivery.made": "delivery",
    "access.granted": "receipt",  # the buyer fetches the data, and signs that it has it
    "settlement.executed": "settlement",
}


@dataclass(slots=True)
class _Wish:
    """What of one wish was written so far: what its texts are filled with, and what it drew."""

    told: dict[str, Any]
    number: int
    time: str
    tape: Tape
    label: str = ""
    drawn: int = 0

    def enter(self, act: str) -> None:
        """Draw what follows from the stream of one act, as `Dealing.enter` does."""
        self.label, self.drawn = f"wish {self.number} {act}", 0


@dataclass(slots=True)
class Written:
    """What became of the orders written up: rows, and for each the use and the trade it has."""

    tape: Tape = field(default_factory=Tape)
    uses: list[Use] = field(default_factory=list)
    trades: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)  # entries of each

    def extend(self, other: Written) -> None:
        """Add what was written next."""
        self.tape.extend(other.tape)
        self.uses += other.uses
        self.trades += other.trades
        self.sizes += other.sizes


@dataclass
class Pen:
    """Who writes for one seed and one house; `stocks` are known by number."""

    seed: int
    house: str  # the operator's id
    quote_seconds: int
    stocks: dict[int, Stock] = field(default_factory=dict)
    _known: dict[str, tuple[str, Callable[[bytes], bytes], str]] = field(default_factory=dict)

    def write(self, orders: Sequence[Order]) -> Written:
        """Write orders up, one after the other."""
        written = Written()
        for order in orders:
            before = len(written.tape.entries)
            use, trade = self._write(order, written.tape)
            written.uses.append(use)
            written.trades.append(trade)
            written.sizes.append(len(written.tape.entries) - before)
        return written

    def _keys(self, handle: str) -> tuple[str, Callable[[bytes], bytes], str]:
        if handle not in self._known:
            keys = keys_of(self.seed, handle)
            pair = keys.signing
            self._known[handle] = key_id(pair.public_key), pair.sign, keys.recipient
        return self._known[handle]

    def _signatory(self, identity: str, handle: str) -> Signatory:
        key, sign, _ = self._keys(handle)
        return Signatory(identity, key, sign)

    def _write(self, order: Order, tape: Tape) -> tuple[Use, str]:
        stock, buyer = self.stocks[order.stock], order.buyer
        moment, time = order.moment, format_time(order.moment)
        told = {
            "buyer": buyer.id,
            "licensed": buyer.licensed,
            "on": time[:10],
            "recipient": self._keys(buyer.handle)[2],
            "until": format_time(moment + dt.timedelta(seconds=self.quote_seconds)),
            "ends": format_time(moment + dt.timedelta(days=stock.term_days)),
        }
        wish = _Wish(told, order.number, time, tape)
        house = self._signatory(self.house, OPERATOR)
        buying = self._signatory(buyer.id, buyer.handle)
        use = order.use or self._file(wish, stock, buying, house, moment)
        told |= {
            "scenario": use.id,
            "filing": use.filing,
            "approval": use.approval,
            "commitment": use.commitment,
        }
        quote, quoted = self._quote(wish, stock, house, use)
        if order.ending is Ending.DECLINED:
            return use, ""
        trade = f"TR{quote[2:]}"
        told["trade"] = trade
        self._trade(wish, stock, order.ending, buying, house, (use, quote, quoted, trade))
        return use, trade

    # Before the order.

    def _file(
        self,
        wish: _Wish,
        stock: Stock,
        buying: Signatory,
        house: Signatory,
        moment: dt.datetime,
    ) -> Use:
        told, texts, tape = wish.told, stock.texts, wish.tape
        wish.enter("scenario")
        salt = self._draw(wish, SALT_BYTES)
        made = hmac.digest(salt, b"scenario\x00" + stock.filing, "sha256")
        told["commitment"] = commitment = b64encode(made).decode()
        subject, filing = self._entry(
            wish,
            "scenario.filed",
            buying,
            texts["scenario.filed"] % told,
            opens="scenario",
            refs=((f"product/{stock.product}", stock.listing),),
        )
        key, nonce = self._draw(wish, 32), self._draw(wish, 12)
        closed = AESGCM(key).encrypt(nonce, stock.filing, f"{filing}\x00scenario".encode())
        tape.sealed.append((filing, "scenario", nonce, closed, key, salt))
        identity = subject.partition("/")[2]
        told["scenario"], told["filing"] = identity, filing
        told["case"] = _record(tape, texts["case"] % told)
        told["review"] = _record(tape, texts["review"] % told)
        last = (moment + dt.timedelta(days=stock.term_days)).date().isoformat()
        told["approved"] = f"{last}T23:59:59Z"
        _, approval = self._entry(
            wish,
            "scenario.approved",
            house,
            texts["scenario.approved"] % told,
            subject=subject,
            refs=((subject, filing),),
            prev=filing,
            version=2,
        )
        purpose, region, days, recipients, onward, release = stock.filed
        tape.scenarios.append(
            (
                *(identity, buying.id, stock.product, purpose, region, days, recipients),
                *(onward, release, commitment, "approved", approval, told["on"], last),
                *("", "[]", None, 1),
            )
        )
        return Use(identity, filing, approval, commitment)

    def _quote(self, wish: _Wish, stock: Stock, house: Signatory, use: Use) -> tuple[str, str]:
        """Quote the price; return the number of the quote and the leaf hash of its entry."""
        told, texts, tape = wish.told, stock.texts, wish.tape
        tape.records.append(stock.pricing)
        told["uid"] = _uid(texts["unnamed"] % told)
        told["policy"] = _record(tape, texts["policy"] % told)
        told["terms"] = _record(tape, texts["terms"] % told)
        scenario = f"scenario/{use.id}"
        subject, leaf = self._entry(
            wish,
            "price.quoted",
            house,
            texts["price.quoted"] % told,
            opens="quote",
            refs=((f"product/{stock.product}", stock.listing), (scenario, use.approval)),
        )
        quote = subject.partition("/")[2]
        told["quote"] = quote
        tape.quotes.append(
            (
                *(quote, stock.product, use.id, told["buyer"], stock.amount, tape.currency),
                *(told["terms"], stock.pricing[0], told["until"], leaf),
            )
        )
        return quote, leaf

    # From the order on.

    def _trade(
        self,
        wish: _Wish,
        stock: Stock,
        ending: Ending,
        buying: Signatory,
        house: Signatory,
        behind: tuple[Use, str, str, str],
    ) -> None:
        told, texts, tape = wish.told, stock.texts, wish.tape
        use, quote, quoted, trade = behind
        subject, scenario, product = (
            f"trade/{trade}",
            f"scenario/{use.id}",
            f"product/{stock.product}",
        )
        selling = self._signatory(stock.supplier, stock.handle)
        _, ordered = self._entry(
            wish,
            "trade.ordered",
            buying,
            texts["trade.ordered"] % told,
            opens="trade",
            named=subject,
            refs=(
                (f"quote/{quote}", quoted),
                (scenario, use.filing),
                (scenario, use.approval),
                (product, stock.listing),
            ),
        )
        sealed: str | None = None
        if ending in {Ending.LAPSED, Ending.SHORT}:
            late = ending is Ending.LAPSED
            told["reason"] = NO_PAYMENT if late else NO_MONEY
            _, head = self._entry(
                wish,
                "trade.lapsed",
                buying if late else house,
                texts["trade.lapsed"] % told,
                subject=subject,
                refs=((subject, ordered),),
                prev=ordered,
                version=2,
            )
        else:
            on_board = ((product, stock.registration), (product, stock.listing))
            _, contract = self._entry(
                wish,
                "trade.contracted",
                selling,
                texts["trade.contracted"] % told,
                subject=subject,
                refs=((subject, ordered), *on_board),
                prev=ordered,
                version=2,
            )
            held, amount = escrow(trade), stock.amount
            account = available(buying.id)
            moved = ((account, -amount), (held, amount))
            tape.journals.append((f"escrow of {trade}", contract, moved))
            if ending is Ending.CANCELLED:
                told["reason"] = NO_DELIVERY
                _, head = self._entry(
                    wish,
                    "trade.cancelled",
                    house,
                    texts["trade.cancelled"] % told,
                    subject=subject,
                    refs=((subject, contract),),
                    prev=contract,
                    version=3,
                )
                back = ((held, -amount), (account, amount))
                tape.journals.append((f"refund of {trade}", head, back))
            else:
                sealed, head = self._deliver(
                    wish, stock, (buying, selling, house), subject, ordered, contract, on_board
                )
                paid = ((held, -amount), *((to, minor) for to, minor in stock.lines if minor))
                tape.journals.append((f"settlement of {trade}", head, paid))
        state, delivery, money, version = _STATES[ending]
        # A use right ends with the contract that is cancelled.
        granted = {Ending.EXECUTED: told["ends"], Ending.CANCELLED: wish.time}
        tape.trades.append(
            (
                *(trade, stock.product, use.id, quote, buying.id, stock.supplier, stock.amount),
                *(tape.currency, told["terms"], head, wish.time, state, delivery, money, sealed),
                granted.get(ending),
                stock.amount if ending is Ending.EXECUTED else 0,
                stock.amount if ending is Ending.CANCELLED else 0,
                *(0, 0, None, "none", version),
            )
        )

    def _deliver(
        self,
        wish: _Wish,
        stock: Stock,
        parties: tuple[Signatory, Signatory, Signatory],
        subject: str,
        ordered: str,
        contract: str,
        on_board: tuple[tuple[str, str], tuple[str, str]],
    ) -> tuple[str, str]:
        """Deliver, receive and settle; return the digest delivered and the last leaf hash."""
        told, texts = wish.told, stock.texts
        buying, selling, house = parties
        whole = enveloped(stock.data, told["recipient"])
        told["sealed"], told["bytes"] = hashlib.sha256(whole).hexdigest(), len(whole)
        _, made = self._entry(
            wish,
            "delivery.made",
            selling,
            texts["delivery.made"] % told,
            subject=subject,
            refs=((subject, contract), *on_board),
            prev=contract,
            version=3,
        )
        self._entry(
            wish,
            "access.granted",
            house,
            texts["access.granted"] % told,
            subject=f"access/{told['trade']}",
            refs=((subject, contract), (subject, made)),
        )
        _, received = self._entry(
            wish,
            "delivery.received",
            buying,
            texts["delivery.received"] % told,
            subject=subject,
            refs=((subject, made), (subject, ordered)),
            prev=made,
            version=4,
        )
        wish.tape.records.append(stock.allocation)
        _, settled = self._entry(
            wish,
            "settlement.executed",
            house,
            texts["settlement.executed"] % told,
            subject=subject,
            refs=((subject, contract), (subject, received)),
            prev=received,
            version=5,
        )
        return told["sealed"], settled

    # One act.

    def _draw(self, wish: _Wish, count: int) -> bytes:
        drawn = drawn_bytes(self.seed, wish.label, wish.drawn, count)
        wish.drawn += 1
        return drawn

    def _entry(  # noqa: PLR0913 - the fields of an entry
        self,
        wish: _Wish,
        kind: str,
        who: Signatory,
        facts: str,
        *,
        subject: str = "",
        opens: str = "",
        named: str = "",
        refs: tuple[tuple[str, str], ...],
        prev: str = "",
        version: int = 1,
    ) -> tuple[str, str]:
        """Write one entry; return its subject and its leaf hash.

        An act that `opens` a subject names none: that follows from its digest, or is `named`.
        The bytes are canonical, as `ledger.entries.Entry.compose` makes them.
        """
        if kind in _BEGINS:
            wish.enter(_BEGINS[kind])
        nonce = self._draw(wish, 16).hex()
        about = f'"{subject}"' if subject else "null"
        act = (
            f'{{"actor":"{who.id}","facts":{facts},"key":"{who.key}","kind":"{kind}",'
            f'"log":"{ORIGIN}","nonce":"{nonce}","subject":{about},"time":"{wish.time}"}}'
        )
        canonical = act.encode()
        digest = hashlib.sha256(canonical)
        if opens:
            subject = named or named_by(opens, digest.hexdigest())
        signature = b64encode(who.sign(DOMAIN + canonical)).decode()
        behind = ",".join([f'["{name}","{leaf}"]' for name, leaf in refs])
        before = f'"{prev}"' if prev else "null"
        body = (
            f'{{"act":{act},"actor":"{who.id}","kind":"{kind}","log":"{ORIGIN}","prev":{before},'
            f'"refs":[{behind}],"sig":"{signature}","subject":"{subject}","time":"{wish.time}",'
            f'"v":1,"version":{version}}}'
        ).encode()
        leaf = hashlib.sha256(b"\x00" + body).hexdigest()
        wish.tape.entries.append((subject, version, kind, digest.digest(), leaf, body))
        return subject, leaf


def _record(tape: Tape, text: str) -> str:
    data = text.encode()
    digest = hashlib.sha256(data).hexdigest()
    tape.records.append((digest, data))
    return digest


def _uid(unnamed: str) -> str:
    return f"urn:guapai:policy:{hashlib.sha256(unnamed.encode()).hexdigest()}"
