"""A small exchange for tests: a house, its merchants with their keys, and one clean product.

Opening it takes milliseconds: what a stage needs is played once in a process and copied.
"""

from __future__ import annotations

import atexit
import copy
import datetime as dt
import functools
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from exchange import desk as desks
from exchange.clearing import available
from exchange.clock import SimulatedClock
from exchange.delivery import DeliveryState
from exchange.desk import Desk
from exchange.documents import Document, DocumentKind
from exchange.keyring import Keys
from exchange.listing import ListingState
from exchange.openings import Opening, open_with
from exchange.participants import LICENCES, LicenceClass, Participant, Role
from exchange.ports import Floor
from exchange.records import read_record
from exchange.registration import Product
from exchange.services.acting import draft
from exchange.services.attach_document import documents_of
from exchange.services.file_scenario import Filing
from exchange.services.grant_right import GrantTerms
from exchange.settings import FILE, Settings
from exchange.specsheet import Right, SpecSheet
from exchange.trading import Trade, TradeState
from exchange.venue import DATABASE, Venue
from exchange.vetting import CHECKLIST
from ledger.acts import SignedAct, format_time
from pricing.money import Money
from tests.exchange.remembering import RememberingGauge
from tests.postgresql import drop_database, new_database

# The whole suite can be run over PostgreSQL; by default the tests that are about it do.
STORE: Final = os.environ.get("GUAPAI_TEST_STORE", "sqlite")
PASSPHRASE: Final = "a passphrase of the tests"
START: Final = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
NOTICE: Final = 3_600
QUOTE: Final = 86_400
ORIGIN: Final = "guapai.example/tests"
DEPOSIT: Final = Money(1_000_000)
PRICE: Final = Money(100_000)
DATA: Final = """station,time,longitude,latitude,temperature
QD,2026-01-04T00:00:00Z,120.31,36.05,6.1
QD,2026-01-04T01:00:00Z,120.32,36.06,6.2
QD,2026-01-04T02:00:00Z,120.33,36.07,6.3
QD,2026-01-04T03:00:00Z,120.34,36.08,6.4
RZ,2026-01-04T00:00:00Z,119.61,35.41,6.9
RZ,2026-01-04T01:00:00Z,119.62,35.42,7.0
"""
EVIDENCE: Final = b"collected by our own buoys\n"
REPORT: Final = b"our own report"  # what the assessor attests with
COMMENTS: Final = b"a sound series"  # what the expert reviews with
YEAR: Final = dt.timedelta(days=365)
SHEET: Final[Mapping[str, Any]] = {
    "basic": {
        "name": "近海水温观测",
        "sector": "海洋",
        "industry": "海洋服务业",
        "description": "两座浮标的逐时水温。",
        "keywords": ["水温"],
        "type": "dataset",
    },
    "physical": {"update_frequency": "static", "rows": 6, "first_collected": "2026-01-04"},
    "content": {
        "horizontal_datum": "CGCS2000",
        "fields": [
            {"name": "station", "meaning": "浮标", "required": True},
            {"name": "time", "meaning": "观测时间", "required": True},
            {
                "name": "longitude",
                "meaning": "经度",
                "unit": "degrees_east",
                "valid_min": "118",
                "valid_max": "124",
            },
            {
                "name": "latitude",
                "meaning": "纬度",
                "unit": "degrees_north",
                "valid_min": "33",
                "valid_max": "39",
            },
            {
                "name": "temperature",
                "meaning": "水温",
                "unit": "degree_Celsius",
                "valid_min": "-2",
                "valid_max": "40",
            },
        ],
    },
    "conditions": {
        "purposes": ["research", "shipping"],
        "regions": ["CN"],
        "time_limit": "term-then-erased",
        "term_days": 365,
        "prohibited": ["转售原始数据"],
    },
    "delivery": {
        "trade_level": "S1",
        "ways": ["sealed-file"],
        "technical_document": "浮标数据格式说明",
        "service": {"support": "support@supplier.example", "availability": "0.99"},
    },
    "sources": [
        {
            "code": "produced",
            "statement": "自有浮标观测。",
            "evidence": hashlib.sha256(EVIDENCE).hexdigest(),
        }
    ],
    "rights": ["holding", "processing", "operating"],
    "licence": "proprietary",
    "grade": "general-1",
    "personal_data": {"contained": False},
    "price": {"mode": "one-off", "amount": "1000.00 CNY"},
    "contact": "data@supplier.example",
    "duties": {
        "security_officer": "数据安全负责人",
        "security_contact": "security@supplier.example",
        "complaints": "complaints@supplier.example",
    },
    "use_cases": ["水温预报。"],
    "costs": [{"activity": "collection", "amount": "5000.00 CNY"}],
}
DERIVED: Final = DATA.replace("6.1", "6.0")
DERIVATION: Final = SHEET["sources"][0] | {"code": "derived", "statement": "由登记数据平滑而成。"}
# What the rule pack asks an assessor about this product.
ATTESTED: Final = (
    *("P-04", "S-02", "S-05", "S-09", "D-05", "D-06", "D-07", "G-02", "G-03", "G-05", "G-09"),
    *("C-01", "C-02", "C-03", "O-02"),  # the first two before they are law
)


def credit_code(serial: int) -> str:
    """Return a valid unified social credit code that belongs to nobody."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    body = f"91370200MARKET{serial:03d}"
    weighted = sum(alphabet.index(c) * w for c, w in zip(body, weights, strict=True))
    return body + alphabet[(31 - weighted % 31) % 31]


# Handle, legal name, credit code, roles.  The insider is the supplier under another key.
CAST: Final = (
    ("supplier", "青岛供数有限公司", credit_code(1), (Role.SUPPLIER,)),
    ("contributor", "日照浮标合作社", credit_code(2), (Role.SUPPLIER,)),
    ("buyer", "引航买数有限公司", credit_code(3), (Role.BUYER,)),
    ("rival", "对手买数有限公司", credit_code(4), (Role.BUYER,)),
    ("assessor", "海事律师事务所", credit_code(5), (Role.COMPLIANCE_ASSESSOR,)),
    ("expert", "海洋研究所", credit_code(6), (Role.QUALITY_EXPERT,)),
    ("reviewer", "示范数据交易所审核部", credit_code(9), (Role.REVIEWER,)),
    (
        "insider",
        "青岛供数有限公司评估部",
        credit_code(1),
        (Role.COMPLIANCE_ASSESSOR, Role.QUALITY_EXPERT, Role.VALUER, Role.REVIEWER),
    ),
    ("valuer", "海洋资产评估有限公司", credit_code(7), (Role.VALUER,)),
    ("counsel", "公证服务有限公司", credit_code(8), (Role.COMPLIANCE_ASSESSOR,)),
)
# One licence that lets its holder act in each role that takes one.
LICENSED: Final[Mapping[Role, LicenceClass]] = {role: kinds[-1] for role, kinds in LICENCES.items()}
OPERATOR: Final = ("house", "示范数据交易所", credit_code(0))


def welcome(operator: Desk, applicant: Participant, roles: Sequence[Role]) -> Participant:
    """Verify an applicant's identity, record the licences its roles need, and admit it."""
    until = operator.floor.clock().date() + dt.timedelta(days=2 * 365)
    operator.verify(applicant, [b"a business licence"], signatory="李四", until=until)
    for role in roles:
        if role in LICENSED:
            operator.license(
                applicant,
                LICENSED[role],
                number="37-2026-0001",
                issuer="山东省司法厅",
                until=until,
                document=b"a licence",
            )
    return operator.admit(applicant, roles)


@dataclass
class Hall:
    """An open exchange with everybody at a desk.

    `number` is its product from the stage listed on, `made` its trade from the stage ordered on;
    `order`, `contract`, `deliver` and `receive` then go on with that trade.
    """

    venue: Venue
    keys: Mapping[str, Keys]
    number: str = ""
    made: str = ""

    @property
    def floor(self) -> Floor:
        return self.venue.floor

    @property
    def folder(self) -> Path:
        return self.venue.folder

    @property
    def database(self) -> Path | str:
        """The SQLite file of its store, or the URL of its PostgreSQL database."""
        url = self.venue.settings.database
        return self.folder / DATABASE if url == "sqlite" else url

    def desk(self, handle: str) -> Desk:
        return Desk(self.participant(handle), self.keys[handle], self.floor)

    def participant(self, handle: str) -> Participant:
        with self.floor.read() as work:
            return work.participants.get(handle)

    @property
    def house(self) -> Desk:
        return self.desk(OPERATOR[0])

    @property
    def supplier(self) -> Desk:
        return self.desk("supplier")

    @property
    def contributor(self) -> Desk:
        return self.desk("contributor")

    @property
    def buyer(self) -> Desk:
        return self.desk("buyer")

    @property
    def rival(self) -> Desk:
        return self.desk("rival")

    @property
    def assessor(self) -> Desk:
        return self.desk("assessor")

    @property
    def expert(self) -> Desk:
        return self.desk("expert")

    @property
    def reviewer(self) -> Desk:
        return self.desk("reviewer")

    @property
    def insider(self) -> Desk:
        return self.desk("insider")

    # Looking.

    @property
    def size(self) -> int:
        """How many entries the log has."""
        with self.floor.read() as work:
            return work.chain.store.edge().size

    @property
    def today(self) -> dt.date:
        return self.floor.clock().date()

    def product(self, number: str = "") -> Product:
        with self.floor.read() as work:
            return work.products.get(number or self.number)

    def trade(self, trade: str) -> Trade:
        with self.floor.read() as work:
            return work.trades.get(trade)

    def balance(self, handle: str) -> int:
        account = available(self.participant(handle).id)
        with self.floor.read() as work:
            return work.accounts.balance(account).minor

    def kinds(self, subject: str) -> list[str]:
        """Name the kinds of a subject's entries, oldest first."""
        with self.floor.read() as work:
            return [e.kind for e in work.chain.store.entries() if e.subject == subject]

    def vault(self) -> set[str]:
        """Name the files that the vault holds, whatever they are."""
        return {path.name for path in (self.folder / "vault").iterdir()}

    # Acting.

    def advance(self, **span: float) -> None:
        clock = self.venue.clock
        assert isinstance(clock, SimulatedClock)
        clock.advance(dt.timedelta(**span))

    def act(
        self, handle: str, kind: str, subject: str | None, facts: Mapping[str, Any], **changes: Any
    ) -> SignedAct:
        """Draft an act of a participant, change fields of it, and sign it with its own key."""
        actor = self.participant(handle)
        drafted = draft(kind, subject=subject, actor=actor, facts=facts, floor=self.floor)
        return replace(drafted, **changes).signed(self.keys[handle].signing)

    def commit(
        self,
        handle: str,
        kind: str,
        subject: str | None,
        facts: Mapping[str, Any],
        values: Mapping[str, Any],
    ) -> tuple[SignedAct, tuple[Opening, ...]]:
        """Sign an act that commits to values, and return what opens the commitments as well."""
        openings = open_with(self.floor.chance, values)
        made = {opening.field: opening.commitment for opening in openings}
        return self.act(handle, kind, subject, {**facts, **made}), openings

    def file(self, name: str = "temperature.csv", data: str = DATA) -> Path:
        path = self.folder.parent / f"{self.folder.name}-files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(data, encoding="utf-8")
        return path

    def register(self, name: str = "temperature.csv", data: str = DATA) -> Product:
        return self.supplier.register(self.file(name, data), sheet(), [EVIDENCE])

    def attest(self, number: str = "", *, days: int = 365, passed: bool = True) -> Product:
        until = self.today + dt.timedelta(days=days)
        number = number or self.number
        return self.assessor.attest(number, ATTESTED, report=REPORT, until=until, passed=passed)

    def review(self, number: str = "", score: str = "0.95") -> Product:
        """Let the expert score it, and the reviewer of the exchange approve it."""
        self.expert.review(number or self.number, score, COMMENTS)
        return self.vet(number)

    def vet(self, number: str = "", decision: str = "approved", tick: str = "yes") -> Product:
        return self.reviewer.vet(
            number or self.number,
            decision,
            reasons="looked through",
            checklist=dict.fromkeys(CHECKLIST, tick),
        )

    def attach_the_four(self, number: str = "") -> list[Document]:
        """Attach the four documents of the present sheet, each by its own party."""
        number = number or self.number
        attach = {
            DocumentKind.COMPLIANCE_ASSESSMENT: (self.assessor, REPORT, self.today + YEAR),
            DocumentKind.QUALITY_CERTIFICATE: (self.expert, COMMENTS, None),
            DocumentKind.ASSET_VALUATION: (self.desk("valuer"), b"valued", self.today + YEAR),
        }
        made = [
            desk.attach(number, kind, document, name=f"{kind}.txt", until=until)
            for kind, (desk, document, until) in attach.items()
        ]
        return [*made, self.desk("supplier").undertake(number)]

    def verify(self, document: Document, number: str = "", by: str = "house") -> Document:
        return self.desk(by).verify_document(number or self.number, document.leaf)

    def documents(self, number: str = "") -> tuple[Document, ...]:
        with self.floor.read() as work:
            return documents_of(work.products.get(number or self.number), work)

    def prepare(self, changed: SpecSheet | None = None, data: str = DATA) -> str:
        """Bring a product to where its supplier may ask for the listing."""
        number = self.register(data=data).number
        self.supplier.submit_sheet(number, changed or sheet())
        self.attest(number)
        self.review(number)
        self.advance(seconds=NOTICE)
        return number

    def list(self, changed: SpecSheet | None = None, data: str = DATA) -> str:
        self.number = self.prepare(changed, data)
        self.supplier.list(self.number)
        return self.number

    def terms(self, to: str = "contributor", **changes: Any) -> GrantTerms:
        now = self.floor.clock()
        plain: dict[str, Any] = {
            "right": Right.PROCESSING,
            "to": self.participant(to).id,
            "purposes": ("any",),
            "regions": ("any",),
            "start": format_time(now),
            "until": format_time(now + dt.timedelta(days=90)),
        }
        return GrantTerms(**plain | changes)

    def grant(self, to: str = "contributor", *, by: str = "supplier", **changes: Any) -> str:
        """Grant a right in the product and return the leaf hash of the grant."""
        return self.desk(by).grant(self.number, self.terms(to, **changes)).head

    def derive(self, name: str = "derived.csv", data: str = DERIVED) -> str:
        """Bring a product that the contributor derives to where it may ask for the listing."""
        derived = sheet(sources=[DERIVATION])
        parents = [self.number]
        file, evidence = self.file(name, data), [EVIDENCE]
        number = self.contributor.register(file, derived, evidence, parents=parents).number
        self.contributor.submit_sheet(number, derived)
        self.attest(number)
        self.review(number)
        self.advance(seconds=NOTICE)
        return number

    def filing(self, **changes: Any) -> Filing:
        plain: dict[str, Any] = {
            "product": self.number,
            "purpose": "research",
            "region": "CN",
            "term_days": 365,
            "recipients": ("the laboratory",),
            "description": "a forecast of the water temperature",
        }
        return Filing(**plain | changes)

    def scenario(self, handle: str = "buyer", **changes: Any) -> str:
        return self.desk(handle).file_scenario(self.filing(**changes))[0].id

    def deposit(self, handle: str = "buyer", amount: Money = DEPOSIT) -> Money:
        reference = f"transfer {self.size}"
        return self.house.deposit(self.participant(handle), amount, reference)

    def order(self, handle: str = "buyer", **changes: Any) -> Trade:
        if self.made and handle == "buyer" and not changes:
            return self.trade(self.made)
        quote = self.desk(handle).quote(self.scenario(handle, **changes)).quote
        return self.desk(handle).order(quote.id)

    def contract(self) -> Trade:
        trade = self.order()
        ordered = trade.state is TradeState.ORDERED
        return self.supplier.accept(trade.id) if ordered else trade

    def deliver(self) -> Trade:
        trade = self.contract()
        due = trade.delivery is DeliveryState.DUE
        return self.supplier.deliver(trade.id, self.folder.parent) if due else trade

    def receive(self) -> Trade:
        trade = self.deliver()
        return self.buyer.receive(trade.id, self.folder.parent / f"{trade.id}.csv")

    def trade_all(self) -> Trade:
        """Play a whole trade."""
        trade = self.house.settle(self.receive().id)[0]
        assert trade.state is TradeState.EXECUTED
        return trade


def sheet(**changes: Any) -> SpecSheet:
    """Return the sheet of the clean product with whole sections changed."""
    return read_record(SpecSheet, copy.deepcopy(dict(SHEET)) | changes)


def shared(hall: Hall, **columns: str) -> dict[str, Any]:
    """Return a sharing section by rows: handle = the station whose rows it contributed."""
    return {
        "allocator": "by-rows",
        "column": "station",
        "contributors": [
            {"participant": hall.participant(handle).id, "value": value}
            for handle, value in columns.items()
        ],
    }


# Stages, each played once in a process.


@functools.cache
def _templates() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="guapai-floor-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def rules(database: str = "sqlite") -> Settings:
    """Return the rules of the house of the tests."""
    return Settings(
        origin=ORIGIN,
        clock="simulated",
        notice_seconds=NOTICE,
        quote_seconds=QUOTE,
        database=database,
    )


def _admitted(folder: Path, store: str) -> Hall:
    venue = Venue.init(
        folder,
        rules(store if store == "sqlite" else new_database()),
        handle=OPERATOR[0],
        operator_name=OPERATOR[1],
        credit_code=OPERATOR[2],
        passphrase=PASSPHRASE,
        clock=lambda: START,
    )
    keys = {OPERATOR[0]: venue.keys_of(OPERATOR[0], PASSPHRASE)}
    hall = Hall(venue, keys)
    for handle, name, code, roles in CAST:
        keys[handle] = venue.keyring.create(handle, PASSPHRASE)
        applicant = desks.apply_to_join(
            keys[handle], handle=handle, name=name, credit_code=code, floor=venue.floor
        )
        welcome(hall.house, applicant, roles)
    return hall


def _listed(folder: Path, store: str) -> Hall:
    hall = _copy("admitted", folder, store)
    hall.list()
    hall.deposit()
    assert hall.product().listing is ListingState.LISTED
    return hall


def _ordered(folder: Path, store: str) -> Hall:
    hall = _copy("listed", folder, store)
    hall.made = hall.order().id
    return hall


def _contracted(folder: Path, store: str) -> Hall:
    hall = _copy("ordered", folder, store)
    hall.contract()
    return hall


def _delivered(folder: Path, store: str) -> Hall:
    hall = _copy("contracted", folder, store)
    hall.deliver()
    return hall


STAGES: Final[Mapping[str, Callable[[Path, str], Hall]]] = {
    "admitted": _admitted,
    "listed": _listed,
    "ordered": _ordered,
    "contracted": _contracted,
    "delivered": _delivered,
}


@functools.cache
def played(stage: str, store: str) -> Hall:
    """Return a stage as it was played in this process, its venue closed, for copies to be made."""
    hall = STAGES[stage](_templates() / store / stage, store)
    hall.venue.close()
    return hall


def _copy(stage: str, folder: Path, store: str) -> Hall:
    made = played(stage, store)
    shutil.copytree(made.folder, folder)
    if store != "sqlite":
        rules(new_database(made.venue.settings.database)).save(folder / FILE)
    venue = Venue.open(folder)
    venue.signer, venue.log_signer = made.venue.signer, made.venue.log_signer
    venue._gauge = RememberingGauge()
    # Neither changes in a process, and looking for plug-ins takes a while.
    venue.__dict__ |= {name: made.venue.__dict__[name] for name in ("pack", "deliveries")}
    return Hall(venue, made.keys, made.number, made.made)


@contextmanager
def open_hall(folder: Path, stage: str = "admitted", store: str = STORE) -> Iterator[Hall]:
    """Open a copy of a stage in a new folder, over a store of that sort."""
    hall = _copy(stage, folder, store)
    try:
        yield hall
    finally:
        hall.venue.close()
        if store != "sqlite":
            drop_database(hall.venue.settings.database)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """Everybody is admitted and nothing is registered."""
    with open_hall(tmp_path / "exchange") as opened:
        yield opened


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[Hall]:
    """One product is on the board and the buyer has money."""
    with open_hall(tmp_path / "exchange", "listed") as opened:
        yield opened


# Another signature of the same key over the same message: Ed25519 signers may draw their nonce.

_FIELD: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_CURVE: Final = -121665 * pow(121666, -1, _FIELD) % _FIELD
_BASE_Y: Final = 4 * pow(5, -1, _FIELD) % _FIELD
_BASE: Final = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    _BASE_Y,
)


def _added(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = one, other
    both = _CURVE * x1 * x2 * y1 * y2 % _FIELD
    x = (x1 * y2 + x2 * y1) * pow(1 + both, -1, _FIELD) % _FIELD
    y = (y1 * y2 + x1 * x2) * pow(1 - both, -1, _FIELD) % _FIELD
    return x, y


def _times(scalar: int, point: tuple[int, int]) -> bytes:
    total = (0, 1)
    while scalar:
        if scalar & 1:
            total = _added(total, point)
        point, scalar = _added(point, point), scalar >> 1
    return (total[1] | (total[0] & 1) << 255).to_bytes(32, "little")


def signed_otherwise(signed: SignedAct, keys: Keys) -> SignedAct:
    """Return the same act under another valid signature of the same key (RFC 8032, 5.1.6)."""
    expanded = hashlib.sha512(keys.signing.private.private_bytes_raw()).digest()
    secret = int.from_bytes(expanded[:32], "little") & ~(7 | 1 << 255) | 1 << 254
    nonce = int.from_bytes(hashlib.sha512(b"another nonce" + expanded).digest(), "little") % _ORDER
    commitment = _times(nonce, _BASE)
    bound = hashlib.sha512(commitment + keys.signing.public_key + signed.act.message).digest()
    answer = (nonce + int.from_bytes(bound, "little") % _ORDER * secret) % _ORDER
    return replace(signed, signature=commitment + answer.to_bytes(32, "little"))
