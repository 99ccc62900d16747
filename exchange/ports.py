"""What services need from the outside: storage, time, chance, keys, files.

A `Floor` is everything one exchange hands to a service; `exchange.venue` builds it.  Every
service opens a unit of work, in which business rows and chain entries commit together or not
at all.
"""

# long because: everything that services need from outside is asked for in one place

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from exchange.auctions import Auction
from exchange.bids import Bid
from exchange.board import BoardLine, Found, Search
from exchange.clearing import (
    Cycle,
    Holding,
    Journal,
    NetPosition,
    Obligation,
    Transfer,
    Withdrawal,
    Written,
)
from exchange.compliance import Platform, RulePack
from exchange.deals import Deal
from exchange.delivery import DeliveryMethod, Staged
from exchange.demands import Demand
from exchange.dossier import SheetDraft
from exchange.engagements import Engagement
from exchange.expectations import Expectation
from exchange.fingerprint import Fingerprint
from exchange.metering import Units
from exchange.negative import Barred
from exchange.negotiation import Negotiation
from exchange.openings import Erased, Opening
from exchange.participants import Participant
from exchange.payments import Notice, PaymentProvider
from exchange.profile import Profile
from exchange.quality.measured import Measurement
from exchange.quality.sampling import Sample
from exchange.registration import DataVersion, Product
from exchange.requests import Upload
from exchange.scenarios import Scenario, ScenarioState
from exchange.subscriptions import Subscription
from exchange.tape import Tape
from exchange.trading import Quote, Trade
from ledger.chain import Chain
from ledger.checkpoint import VerifierKey
from ledger.keys import Signer
from ledger.tiles import TileSource
from pricing.billing import Outcome
from pricing.money import Currency, Money

Clock = Callable[[], dt.datetime]
Chance = Callable[[int], bytes]
Domain = TypeVar("Domain")


class Book(Protocol[Domain]):
    """Domain objects of one sort, under their keys."""

    def get(self, key: str, /) -> Domain:
        """Return by key, or raise `NotFound`."""

    def put(self, value: Domain, /) -> None:
        """Add or replace."""

    def all(self) -> Sequence[Domain]:
        """Return all, oldest first; participants by handle."""


class Participants(Book[Participant], Protocol):
    """The register of participants; its keys are ids and handles alike."""

    def find(self, participant: str, /) -> Participant | None:
        """Return by id or by handle, or None."""

    def waiting(self, by: dt.date, /) -> Sequence[Participant]:
        """Return those that the operator may have something to do with, by handle.

        None is left out but those suspended, and those admitted with no paper that ended before a
        day: neither an identity nor every licence of a class.
        """


class Scenarios(Book[Scenario], Protocol):
    """Filed scenarios."""

    def in_state(self, *states: ScenarioState) -> Sequence[Scenario]:
        """Return those in one of the states, oldest first."""

    def over(self, day: dt.date, /) -> Sequence[Scenario]:
        """Return those whose approval stands and whose last day was before a day, oldest first."""

    def of_product(self, number: str, /) -> Sequence[Scenario]:
        """Return those for one product, oldest first."""


class Demands(Book[Demand], Protocol):
    """Posted demands."""

    def open(self) -> Sequence[Demand]:
        """Return those that nobody has closed, oldest first."""

    def of_buyer(self, buyer: str, /) -> Sequence[Demand]:
        """Return a buyer's, oldest first."""


class NegativeList(Book[Barred], Protocol):
    """Organisations that may not be admitted nor traded with (负面清单)."""

    def of_code(self, credit_code: str, /) -> Sequence[Barred]:
        """Return every listing of an organisation, cleared and ended ones too."""


class Products(Book[Product], Protocol):
    """Registered products."""

    def listed(self) -> Sequence[Product]:
        """Return those that no entry has taken off the board, lapsed or not, oldest first.

        What time alone has taken off it is among them: `Product.as_of` tells.
        """

    def contested(self) -> Sequence[Product]:
        """Return those whose claim is objected to or disputed, oldest first."""

    def waiting(
        self, by: dt.date, *, stands: Callable[[str], bool], supplier: str | None = None
    ) -> Sequence[Product]:
        """Return those that anybody may have something to do with, oldest first.

        None is left out but those that have left the board for good, whose registration has ended,
        or that stand listed with a sheet, uncontested, until `by` or longer, with no document that
        waits for a word and none by one whose word does not surely stand.  Those of one `supplier`
        are asked for alone.
        """

    def add_parents(self, number: str, parents: Iterable[str], /) -> None:
        """Keep what a product is registered as derived from; the same once more changes nothing."""

    def derived(self, number: str, /) -> Sequence[Product]:
        """Return those ever registered as derived from one, through any others, oldest first.

        Whether a product still stands so the log alone says: a change that was objected to with
        success never happened.
        """

    def derivatives(self) -> Collection[str]:
        """Return the numbers of all that were ever registered as derived from another."""


class Board(Protocol):
    """What stands on the board, as it is searched: lines of products that are listed.

    Where a product leaves the board, or is to stand there for longer, its line follows its row.
    """

    def put(self, line: BoardLine, /) -> None:
        """Put a line on the board, in place of the one that its product had."""

    def discard(self, number: str, /) -> None:
        """Take the line of a product off the board, if it has one."""

    def search(self, asked: Search, today: dt.date, /) -> Found:
        """Return the page that a search asks for, of what stands on the board on a day."""

    def counts(self, column: str, today: dt.date, /) -> Sequence[tuple[str, int]]:
        """Return each value of a column on the board and how many have it, the most first."""

    def all(self) -> Iterator[BoardLine]:
        """Yield every line by number, those whose last day is over too."""


class Bids(Book[Bid], Protocol):
    """Bids in auctions, under the leaf hashes of their entries."""

    def of_auction(self, auction: str, /) -> Sequence[Bid]:
        """Return the bids of an auction in the order in which they were placed."""

    def of_quote(self, quote: str, /) -> Bid | None:
        """Return the bid that won a quote, or None."""


class Deals(Book[Deal], Protocol):
    """Deals made off the exchange (场外)."""

    def of(self, party: str, /) -> Sequence[Deal]:
        """Return the deals of one party, on whichever side, oldest first."""

    def over(self, product: str, /) -> Sequence[Deal]:
        """Return the deals over one product, oldest first."""


class Obligations(Book[Obligation], Protocol):
    """What is owed on a day, until a settlement cycle nets it; its keys are sources."""

    def find(self, source: str, /) -> Obligation | None:
        """Return the obligation out of a source, or None."""

    def due(self, day: str, /) -> Sequence[tuple[str, str, str, int]]:
        """Return payer, payee, currency and minor units of all that is open and due by a day."""

    def net(self, day: str, leaf: str, /) -> int:
        """Mark all that is open and due by a day as netted by its cycle; return how many."""

    def of(self, party: str, /) -> Sequence[Obligation]:
        """Return what one party owes and is owed, by day and source."""

    def owes(self, party: str, /) -> bool:
        """Whether a party owes anything that no cycle has netted yet."""


class Cycles(Book[Cycle], Protocol):
    """Settlement cycles (清算周期), under their days, with the positions of their parties."""

    def find(self, day: str, /) -> Cycle | None:
        """Return the cycle of a day, or None."""

    def newest(self) -> Cycle | None:
        """Return the cycle of the newest day, or None before there is one."""

    def add_positions(self, positions: Iterable[NetPosition], leaf: str, /) -> None:
        """Keep the positions of a cycle, under the leaf hash of its settlement."""

    def positions(self, day: str, /) -> Sequence[NetPosition]:
        """Return the positions of one cycle, by party and currency."""

    def positions_of(self, party: str, /) -> Sequence[NetPosition]:
        """Return what one party's nets came to, cycle by cycle."""


class Quotes(Book[Quote], Protocol):
    """Quoted prices."""

    def open_until(self, since: str, count: int, /) -> list[Quote]:
        """Return the newest quotes that were open at a time or later, at most so many.

        They come by the ends of their windows, oldest first.
        """


class Trades(Book[Trade], Protocol):
    """Trades."""

    def executed(self, since: str, count: int, /) -> list[Trade]:
        """Return the newest trades ordered at a time or later and executed, at most so many.

        They come oldest first, and those that have ended since are among them.
        """

    def owing(self, supplier: str) -> Sequence[Trade]:
        """Return the trades of a supplier with an award that is not paid yet, oldest first."""

    def unsettled(self) -> Sequence[Trade]:
        """Return the contracts whose escrow holds something, oldest first."""

    def ordered(self, product: str, /) -> Sequence[Trade]:
        """Return the trades of a product, orders among them, oldest first."""

    def of_product(self, product: str, /) -> Sequence[Trade]:
        """Return the trades of a product that came to a contract, oldest first."""

    def of_file(self, digest: str, /) -> Sequence[Trade]:
        """Return the trades that may have delivered a sealed file, oldest first.

        Those are the ones whose newest is it, and all in parts, of which the log alone knows more.
        """

    def of_party(self, party: str, /) -> Sequence[Trade]:
        """Return the trades in which somebody buys or supplies, oldest first."""


class Dealings(Protocol):
    """What is open for one participant; nobody else's is ever among it."""

    def trades(self, party: str, now: str, /) -> Sequence[Trade]:
        """Return its orders and contracts, use rights that run, disputes and unpaid awards."""

    def negotiations(self, party: str, now: str, /) -> Sequence[Negotiation]:
        """Return its negotiations that came to no price yet and may still."""

    def subscriptions(self, party: str, /) -> Sequence[Subscription]:
        """Return its subscriptions that go on, or whose periods are not all settled."""

    def bids(self, party: str, /) -> Sequence[Bid]:
        """Return its bids whose deposits are set aside."""

    def obligations(self, party: str, /) -> Sequence[Obligation]:
        """Return what it owes and is owed and no cycle has netted yet."""

    def causes(self, account: str, kind: str, count: int, /) -> Sequence[str]:
        """Return the leaf hashes of entries of a kind that moved an account, the newest first."""


class Accounts(Protocol):
    """The books of central clearing."""

    def post(self, journal: Journal) -> None:
        """Carry out a journal, or raise `InsufficientFunds`."""

    def post_all(self, journals: Sequence[Journal]) -> None:
        """Carry out many journals in one go, as `post` does each of them."""

    def balance(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return an account's balance; zero if nothing was ever posted to it."""

    def spendable(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return what may leave an account: its balance, less what is pending, and its credit."""

    def spendable_of(
        self, accounts: Collection[str], /
    ) -> Mapping[tuple[str, Currency], tuple[Money, Money]]:
        """Return what may leave each of these accounts, and its balance, where there is one."""

    def hold(self, transfer: Transfer) -> None:
        """Set a pending transfer's amount aside, or raise `InsufficientFunds`."""

    def transfer(self, key: str) -> Transfer:
        """Return a transfer by its id, or raise `NotFound`."""

    def post_held(self, key: str, entry: str, amount: Money | None = None) -> None:
        """Post a pending transfer, all of it or `amount`; raises as `Transfer.posted`."""

    def void_held(self, key: str, entry: str) -> None:
        """Let the amount of a pending transfer go; raises as `Transfer.voided`."""

    def transfers(self, account: str | None = None) -> Sequence[Transfer]:
        """Return all transfers, or those that an account is the source or target of, by id."""

    def credit(self, account: str, currency: Currency = Currency.CNY) -> Money:
        """Return how far an account may fall below zero."""

    def set_credit(self, account: str, limit: Money) -> None:
        """Let an account fall to minus `limit`, or raise `Refused` where it is lower already."""

    def balances(self, prefix: str = "") -> Mapping[tuple[str, Currency], Money]:
        """Return the balance of every account whose name begins so, in all its currencies."""

    def holdings(self) -> Iterator[Holding]:
        """Yield every account in each of its currencies, with what is pending and its credit."""

    def journals(self, account: str) -> Sequence[Journal]:
        """Return the journals that touch an account, oldest first."""

    def every_journal(self) -> Iterator[Written]:
        """Yield all journals as they stand, oldest first; some thousand at most are in memory."""


class Withdrawals(Book[Withdrawal], Protocol):
    """Money that participants asked for."""

    def open(self) -> Sequence[Withdrawal]:
        """Return those that the bank has not ended, oldest first."""

    def of(self, owner: str, /) -> Sequence[Withdrawal]:
        """Return a participant's, oldest first."""


class Unclaimed(Book[Notice], Protocol):
    """Money that came in for nobody who is known."""

    def discard(self, key: str, /) -> None:
        """Forget one that was credited."""


class Records(Protocol):
    """Stored documents that entries name by digest."""

    def put(self, data: bytes, *, public: bool) -> str:
        """Store bytes and return their SHA-256; a private record never leaves in a bundle."""

    def get(self, digest: str) -> bytes:
        """Return the bytes, or raise `NotFound`."""

    def public(self) -> Generator[tuple[str, bytes], None, None]:
        """Yield every public record, in no order."""

    def public_names(self) -> Iterator[str]:
        """Yield the digest of every public record, in no order."""


class Metering(Protocol):
    """Running totals of metered use, kept with the batches that they count."""

    def of(self, trade: str, /) -> Units:
        """Return the units of a trade that count, by hour and outcome."""

    def add(self, trade: str, units: Units, /) -> None:
        """Count units of a trade; those below zero are taken back."""

    def totals(self) -> Counter[tuple[str, Outcome]]:
        """Return the units of every trade that count, by outcome, where there are any."""


class Versions(Protocol):
    """Data registered for products, what stood before a change included."""

    def put(self, version: DataVersion) -> None:
        """Keep a version, in place of the same data inspected otherwise."""

    def get(self, product: str, data: str) -> DataVersion:
        """Return a version of a product's data, or raise `NotFound`."""

    def held(self) -> Collection[str]:
        """Return the digests of all registered data."""

    def holds(self, data: str) -> bool:
        """Whether data stands or stood registered for any product."""

    def without_fingerprint(self) -> Sequence[DataVersion]:
        """Return the registered data of which no fingerprint was taken in this form, by product."""

    def holder(self, data: str) -> str | None:
        """Return the number of the product that data stands or stood registered for, or None.

        Registrations that have ended hold nothing.
        """


class Fingerprints(Protocol):
    """Fingerprints of registered data, as confidential as the data; none is ever published."""

    def put(self, product: str, data: str, fingerprint: Fingerprint) -> None:
        """Keep the fingerprint of the data of a product, in place of another one of it."""

    def get(self, product: str, data: str) -> Fingerprint | None:
        """Return the fingerprint of the data of a product, or None if none was taken."""

    def near(
        self, fingerprint: Fingerprint, count: int, /
    ) -> Sequence[tuple[str, str, Fingerprint]]:
        """Return product, data and fingerprint of the most promising, at most so many."""

    def discard(self, product: str) -> None:
        """Forget the fingerprints of a product."""


class Drafts(Protocol):
    """Listings of elsewhere, kept until a supplier makes products of them."""

    def add(self, drafts: Sequence[Mapping[str, Any]]) -> int:
        """Keep drafts under their ids; return how many were not there before."""

    def all(self) -> Sequence[Mapping[str, Any]]:
        """Return all drafts, by source and title."""

    def find(self, draft: str) -> Sequence[Mapping[str, Any]]:
        """Return the drafts whose id begins so; at most two."""


class Confidential(Protocol):
    """What opens the commitments of entries, until it is erased."""

    def put(self, leaf: str, opening: Opening, *, chance: Chance) -> None:
        """Keep what opens a commitment of the entry with that leaf hash."""

    def get(self, leaf: str, field: str) -> Opening | Erased:
        """Return what opens a commitment; `Erased` where value, key and salt are gone."""

    def of(self, subject: str, kind: str, field: str) -> Iterator[tuple[str, Opening]]:
        """Yield what is left of a field of a subject's entries, with their leaf hashes."""

    def erase(self, leaf: str, fields: Collection[str]) -> None:
        """Destroy key, salt and ciphertext of these fields of an entry."""


class SheetDrafts(Protocol):
    """Drafts of spec sheets, at most one a product."""

    def find(self, product: str, /) -> SheetDraft | None:
        """Return the draft of a product's sheet, or None."""

    def put(self, draft: SheetDraft, /) -> None:
        """Save a draft; it replaces the one before."""

    def discard(self, product: str, /) -> None:
        """Remove a draft, if there is one."""


class Batches(Protocol):
    """Where many acts are written at once."""

    def write(self, tape: Tape, /) -> None:
        """Write a tape; raises `InsufficientFunds` where an account would fall below its limit."""


class UnitOfWork(Protocol):
    """One transaction over all books and the chain."""

    @property
    def participants(self) -> Participants:
        """The register of participants."""

    @property
    def negative_list(self) -> NegativeList:
        """Organisations that may not be admitted nor traded with."""

    @property
    def engagements(self) -> Book[Engagement]:
        """Engagements of merchants by one another."""

    @property
    def deals(self) -> Deals:
        """Deals made off the exchange."""

    @property
    def obligations(self) -> Obligations:
        """What is owed on a day."""

    @property
    def cycles(self) -> Cycles:
        """Settlement cycles."""

    @property
    def products(self) -> Products:
        """Registered products."""

    @property
    def board(self) -> Board:
        """What stands on the board."""

    @property
    def demands(self) -> Demands:
        """Posted demands."""

    @property
    def scenarios(self) -> Scenarios:
        """Filed scenarios."""

    @property
    def negotiations(self) -> Book[Negotiation]:
        """Negotiations of prices."""

    @property
    def auctions(self) -> Book[Auction]:
        """Auctions of licences."""

    @property
    def bids(self) -> Bids:
        """Bids in auctions."""

    @property
    def quotes(self) -> Quotes:
        """Quoted prices."""

    @property
    def trades(self) -> Trades:
        """Trades."""

    @property
    def dealings(self) -> Dealings:
        """What is open for one participant."""

    @property
    def subscriptions(self) -> Book[Subscription]:
        """Subscriptions, by the number of their trade."""

    @property
    def accounts(self) -> Accounts:
        """The books of central clearing."""

    @property
    def withdrawals(self) -> Withdrawals:
        """Money that participants asked for."""

    @property
    def unclaimed(self) -> Unclaimed:
        """Money that came in for nobody who is known."""

    @property
    def records(self) -> Records:
        """Stored documents."""

    @property
    def metering(self) -> Metering:
        """Running totals of metered use."""

    @property
    def versions(self) -> Versions:
        """Data registered for products."""

    @property
    def fingerprints(self) -> Fingerprints:
        """Fingerprints of registered data."""

    @property
    def drafts(self) -> Drafts:
        """Listings of elsewhere."""

    @property
    def confidential(self) -> Confidential:
        """What opens the commitments of entries."""

    @property
    def chain(self) -> Chain:
        """The chain, in the same transaction."""

    @property
    def reached(self) -> dict[str, set[str]]:
        """Products to which here happened what reaches those that come from them: kinds of acts."""

    @property
    def batches(self) -> Batches:
        """Where many acts are written at once, in the same transaction."""

    @property
    def sheet_drafts(self) -> SheetDrafts:
        """Drafts of spec sheets."""

    def checkpoint_over(self, place: int) -> bytes | None:
        """Return the note of the smallest signed checkpoint over the entry at `place`, if any."""

    def checkpoints(self, count: int) -> Sequence[tuple[int, bytes]]:
        """Return size and note of the newest checkpoints that were signed, the largest first."""

    @property
    def tiles(self) -> TileSource:
        """The tree over the entries that have a place."""


class Vault(Protocol):
    """Where files are kept: data as registered, and sealed deliveries."""

    def arriving(self) -> AbstractContextManager[Path]:
        """Lend a file for what arrives from outside; it is gone afterwards."""

    def stage(self, source: Path, *, name: str = "") -> Staged:
        """Copy a file in, under no digest yet; errors call it `name`."""

    def keep(self, staged: Staged) -> None:
        """Put a staged file under its digest, where the same bytes are kept once."""

    def drop(self, staged: Staged) -> None:
        """Remove what was staged and not kept."""

    def path(self, digest: str) -> Path:
        """Return the file of that digest, or raise `NotFound`."""

    def check(self, digest: str) -> Path:
        """Return the file after reading it whole, or raise `DataDiffer` if its bytes changed."""

    def discard(self, digest: str) -> None:
        """Remove the file of that digest, if there is one."""


class Uploads(Protocol):
    """Where files wait that arrive in parts."""

    def open(self, owner: str, size: int, *, name: str) -> Upload:
        """Begin a file of so many bytes, or raise `TooLarge` or `Refused` by a limit."""

    def find(self, owner: str, name: str) -> Upload:
        """Return an open upload of the owner's, or raise `NotFound`."""

    def of(self, owner: str) -> Sequence[Upload]:
        """Return the open uploads of an owner, those that end first before the others."""

    def append(self, owner: str, name: str, offset: int, part: bytes) -> Upload:
        """Add a part where the upload stands, or raise `OffsetDiffers`, `TooLarge` or `Busy`."""

    def lend(self, owner: str, name: str) -> AbstractContextManager[Path]:
        """Lend a whole upload to whoever uses it; where that succeeds, it is gone."""

    def end(self, owner: str, name: str) -> None:
        """Take an upload back, or raise `NotFound`."""

    def sweep(self) -> int:
        """Remove what has ended and nobody holds; return how many."""


class Wait(enum.StrEnum):
    """How far a write has come when it is acknowledged."""

    COMMIT = "commit"
    SEQUENCED = "sequenced"
    WITNESSED = "witnessed"


@dataclass(frozen=True, slots=True)
class House:
    """The rules of the house: those of money and time are fixed when the exchange opens.

    `licences` are what `licence.required` says, and `lookback_days` how long what put an
    organisation on the negative list counts from the day it happened.  `platform` is what the
    exchange offers and keeps, None where nobody said.
    """

    origin: str
    name: str
    operator: str
    notice_seconds: int
    fee_ppm: int
    quote_seconds: int
    review_seconds: int
    retention_days: int = 0
    registration_days: int = 1_095
    lookback_days: int = 0
    licences: tuple[str, ...] = ()
    platform: Platform | None = None
    acceptance_seconds: int = 0
    papers_days: int = 1_096


@dataclass(frozen=True, slots=True)
class Floor:
    """Everything a service of one exchange works with.

    `write` and `read` open a unit of work; leaving `write` without an exception commits, and
    anything else rolls all of it back.  `examine` measures a file under its given
    name and takes its fingerprint, `tally` counts its rows by the values of one column, and
    `count` what is expected of it; the first and the last are told in which columns nothing may be
    assumed to be a fill value.  `show` returns rows of it, masked.  `chance` draws random
    bytes.  `payments` opens the way to the bank.  `signer` is the operator's key for the house's
    own acts; None in a process that may only read.  `log_key` is the log's newest key and
    `log_keys` are all it ever had, the newest first.
    """

    house: House
    write: Callable[[], AbstractContextManager[UnitOfWork]]
    read: Callable[[], AbstractContextManager[UnitOfWork]]
    clock: Clock
    chance: Chance
    vault: Vault
    uploads: Uploads
    examine: Callable[[Path, str, Collection[str]], tuple[Profile, Fingerprint]]
    tally: Callable[[Path, str, str], Mapping[str, int]]
    count: Callable[[Path, str, Sequence[Expectation], Collection[str]], tuple[Measurement, ...]]
    show: Callable[[Path, str, Sequence[int], Collection[str]], Sample]
    pack: RulePack
    deliveries: Mapping[str, DeliveryMethod]
    payments: Callable[[], PaymentProvider]
    signer: Signer | None
    log_key: VerifierKey
    log_keys: tuple[VerifierKey, ...]
    sign_checkpoint: Callable[[UnitOfWork], bytes]
