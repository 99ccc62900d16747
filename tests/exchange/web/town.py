"""A town with everybody in it: one exchange, its participants, their keys, one product."""

from __future__ import annotations

import atexit
import copy
import datetime as dt
import functools
import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pyrage
from flask import Flask

from exchange.checking import Checking
from exchange.clock import SimulatedClock
from exchange.desk import Desk, apply_to_join
from exchange.keyring import Keys
from exchange.participants import Participant, Role
from exchange.services.file_scenario import Filing
from exchange.settings import Settings
from exchange.specsheet import (
    Contributor,
    FieldNote,
    Price,
    PriceMode,
    Sharing,
    Source,
    SourceCode,
    SpecSheet,
)
from exchange.venue import Venue
from exchange.vetting import CHECKLIST
from exchange.web import create_app
from exchange.web.client import Answer, Client, Request
from ledger.keys import KeyPair
from pricing.money import Money
from tests.exchange.compliance.cases import ATTESTED, SHEET
from tests.exchange.floor import welcome
from tests.exchange.remembering import RememberingGauge

HOST = "http://exchange.example"
PASSPHRASE = "a passphrase of the town"
HOSTILE = "<script>alert('潮')</script>"
RULES = (*ATTESTED, "D-05", "Q-01", "Q-03", "Q-05")
NOTICE = 600
ROWS = 60

PEOPLE: dict[str, tuple[str, Role | None]] = {
    "tide-data": ("91370200MA00000015", Role.SUPPLIER),
    "reef-data": ("91370200MA0000003B", Role.SUPPLIER),
    "harbour": ("91370200MA00000028", Role.BUYER),
    "shipyard": ("91370200MA0000004E", Role.BUYER),
    "assessor": ("", Role.COMPLIANCE_ASSESSOR),
    "expert": ("", Role.QUALITY_EXPERT),
    "reviewer": ("", Role.REVIEWER),
    "newcomer": ("", None),
}


def code(prefix: str) -> str:
    """Complete 17 characters of a credit code by its check character."""
    from exchange.participants import is_credit_code  # noqa: PLC0415

    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return next(prefix + last for last in alphabet if is_credit_code(prefix + last))


LOG = b"log"  # the evidence behind the sheet's one source


def digest(data: bytes | str) -> str:
    raw = data.encode() if isinstance(data, str) else data
    return hashlib.sha256(raw).hexdigest()


def csv(seed: int = 0) -> bytes:
    start = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    lines = ["time,speed"]
    for hour in range(ROWS):
        moment = (start + dt.timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines.append(f"{moment},{(hour * 7 + seed) % 23 / 10 + 0.1:.1f}")
    return ("\n".join(lines) + "\n").encode()


def sheet(supplier: str = "", **changes: Any) -> SpecSheet:
    made = replace(
        SHEET,
        basic=replace(SHEET.basic, name="潮流观测", name_en="Tidal currents"),
        physical=replace(SHEET.physical, rows=ROWS),
        content=replace(
            SHEET.content,
            fields=(
                FieldNote("time", "when", required=True),
                FieldNote("speed", "how fast", "", True, False, Decimal(0), Decimal(3)),
            ),
        ),
        conditions=replace(SHEET.conditions, term_days=365),
        price=Price(PriceMode.ONE_OFF, Money(1_000_000)),
        sharing=Sharing("fixed", (Contributor(supplier, 1),)) if supplier else None,
        sources=(Source(SourceCode.PRODUCED, "our own gauge", digest(LOG)),),
    )
    return replace(made, **changes)


def filing(product: str, **changes: Any) -> Filing:
    made = Filing(product, "navigation", "CN", 365, ("the harbour's pilots",), "to steer by")
    return replace(made, **changes)


@dataclass
class Town:
    """An open exchange, its application, and everybody's keys."""

    venue: Venue
    keys: dict[str, Keys]
    people: dict[str, Participant]
    app: Flask
    product: str = ""
    trade: str = ""
    scenario: str = ""
    quote: str = ""

    @classmethod
    def found(cls, folder: Path) -> Town:
        """Open an exchange and admit everybody but the newcomer."""
        settings = Settings(notice_seconds=NOTICE, clock="simulated")
        venue = Venue.init(
            folder,
            settings,
            handle="house",
            operator_name="青岛海洋数据交易所",
            credit_code=code("91370200MA000000E"),
            passphrase=PASSPHRASE,
            clock=lambda: dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC),
        )
        with venue.floor.read() as work:
            people = {"house": work.participants.get("house")}
        keys = {"house": venue.keys_of("house", PASSPHRASE)}
        town = cls(venue, keys, people, create_app(venue))
        for number, (handle, (credit_code, role)) in enumerate(PEOPLE.items()):
            name = f"{handle} {HOSTILE}" if handle == "tide-data" else f"{handle} 公司"
            town.keys[handle] = new_keys()
            town.people[handle] = apply_to_join(
                town.keys[handle],
                handle=handle,
                name=name,
                credit_code=credit_code or code(f"91370200MA00001{number}F"),
                floor=venue.floor,
            )
            if role:
                admitted = welcome(town.desk("house"), town.people[handle], [role])
                town.people[handle] = admitted
        return town

    def copied(self, folder: Path) -> Town:
        """Return the same town in a folder of its own."""
        self.venue.close()
        shutil.copytree(self.venue.folder, folder)
        venue = Venue.open(folder)
        venue.signer, venue.log_signer = self.venue.signer, self.venue.log_signer
        venue._gauge = RememberingGauge()
        return replace(self, venue=venue, app=around(self.app, venue))

    def desk(self, handle: str) -> Desk:
        return Desk(self.people[handle], self.keys[handle], self.venue.floor)

    def client(self, handle: str | None = None, **others: Any) -> Client:
        """Return a client of one participant, or of nobody, over the test client of Flask."""
        return Client(
            HOST,
            participant=handle and self.people[handle].id,
            signer=self.keys[handle].signing if handle else None,
            send=self.send,
            **others,
        )

    def send(self, request: Request) -> Answer:
        response = self.app.test_client().open(
            request.url, method=request.method, headers=request.headers, data=request.body
        )
        return Answer(response.status_code, dict(response.headers), response.get_data())

    def advance(self, **by: int) -> None:
        cast("SimulatedClock", self.venue.clock).advance(dt.timedelta(**by))

    def head(self, thing: str = "product") -> str:
        with self.venue.floor.read() as work:
            if thing == "product":
                return work.products.get(self.product).head
            return work.trades.get(self.trade).head

    def listed(self, folder: Path) -> Town:
        """List a product, file a scenario, quote a price, order, and fund the buyer."""
        file = folder / "currents.csv"
        file.write_bytes(csv())
        supplier, buyer = self.desk("tide-data"), self.desk("harbour")
        mine = sheet(self.people["tide-data"].id)
        self.product = supplier.register(file, mine, [LOG]).number
        supplier.submit_sheet(self.product, mine)
        until = dt.date(2027, 11, 1)
        self.desk("assessor").attest(self.product, RULES, report=b"seen", until=until, passed=True)
        self.desk("expert").review(self.product, "0.97", b"plausible")
        ticks = dict.fromkeys(CHECKLIST, "yes")
        self.desk("reviewer").vet(self.product, "approved", reasons="seen", checklist=ticks)
        self.advance(seconds=NOTICE)
        supplier.list(self.product)
        self.desk("house").deposit(self.people["harbour"], Money(5_000_000), "bank 1")
        self.scenario = buyer.file_scenario(filing(self.product))[0].id
        self.quote = buyer.quote(self.scenario).quote.id
        self.trade = buyer.order(self.quote).id
        return self


def around(app: Flask, venue: Venue) -> Flask:
    """Return the same application around another venue: to build one takes longer than most tests.

    All that an application knows of its venue it has in its extensions.
    """
    other = copy.copy(app)
    checking = Checking(lambda: venue.floor, seconds=venue.settings.check_seconds)
    other.extensions = app.extensions | {"venue": venue, "checking": checking}
    return other


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="guapai-town-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def founded() -> Town:
    """Return the town as it was founded in this process, its venue closed, for copies of it."""
    town = Town.found(_folder() / "founded")
    assert town.app.jinja_env.autoescape  # made here, so that copies share what it has compiled
    town.venue.close()
    return town


@functools.cache
def listed() -> Town:
    """Return the same town with a product on the board and an order on it."""
    town = founded().copied(_folder() / "listed").listed(_folder())
    town.venue.close()
    return town


def new_keys() -> Keys:
    return Keys(KeyPair.generate(), str(pyrage.x25519.Identity.generate()))


def as_json(answer: Answer) -> Any:
    return json.loads(answer.body)
