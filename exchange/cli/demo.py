"""``guapai demo``: the whole floor at work on real files, narrated step by step.

Nothing is canned: the sample files are generated, inspected, judged, priced, sealed and audited
by the same services as everything else, and another seed or an edited file changes the outcome.
"""

# long because: it is one story, played from its beginning to its end

from __future__ import annotations

import datetime as dt
import json
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click
from rich.text import Text

from exchange import desk as desks
from exchange.certificates import verify_certificate
from exchange.clearing import FEES, available
from exchange.cli import main
from exchange.cli.cast import (
    AMOUNT,
    ASSESSOR,
    BUYER,
    CAST,
    DEPOSIT,
    EXPERT,
    OPERATOR,
    PAPERS,
    PURPOSES,
    REVIEWER,
    RIVAL,
    RIVALS_MONEY,
    SUPPLIER,
    assessor_may_attest,
    box,
    engage,
    expert_score,
    welcome,
)
from exchange.cli.demo_ways import ThreeWays
from exchange.cli.evidence import show_report
from exchange.cli.issuing import Opinions, document_rows, fullness, issue_sheet, write_sheets
from exchange.cli.shell import Shell, command, existing
from exchange.cli.stage import file_of, fresh_folder, own_sheet, short_name, suggestions
from exchange.cli.trades import show_price
from exchange.clock import SimulatedClock
from exchange.compliance import Review
from exchange.desk import Desk
from exchange.errors import Conflict, NoScenario, NotCompliant, NotFound, NoticeRunning
from exchange.formats.sheet_file import load_sheet
from exchange.profile import Profile
from exchange.quality import QualityReport
from exchange.records import printable
from exchange.registration import Product
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.estimate_price import price_path
from exchange.services.file_scenario import Filing
from exchange.services.issue_certificate import issue_certificate
from exchange.services.list_product import judge
from exchange.services.register_product import profile_of
from exchange.settings import Settings
from exchange.vault import sha256_of
from exchange.venue import Venue
from exchange.vetting import CHECKLIST, Decision
from ledger.audit import audit
from ledger.checkpoint import VerifierKey
from pricing.money import Money, total

START: Final = dt.datetime(2026, 1, 29, 9, tzinfo=dt.UTC)
SEED: Final = 20260105


@command(main, "demo")
@click.option(
    "--into", default="exchange-demo", show_default=True, help="The folder it all happens in."
)
@click.option("--seed", default=SEED, show_default=True, help="The seed of the sample data.")
@click.option(
    "--file",
    "files",
    multiple=True,
    metavar="FILE",
    help="A file of your own to send through the whole exchange as well (repeatable).",
)
def demo_command(shell: Shell, into: str, seed: int, files: tuple[str, ...]) -> None:
    """Watch the exchange work: list, trade, deliver, settle and audit real files."""
    own = [existing(file) for file in files]
    for path in own:  # a file that cannot be read must not cost the demonstration before
        Venue.inspect_file(path)
    folder = fresh_folder(Path(into), own)
    shell.folder = folder / "exchange"
    demonstration = Demonstration(shell, folder, seed, own)
    demonstration.run()
    if shell.as_json:
        shell.result(demonstration.numbers)


@dataclass
class Demonstration:
    """One run; `numbers` collects what a second run must repeat."""

    shell: Shell
    folder: Path
    seed: int
    own: Sequence[Path] = ()
    numbers: dict[str, Any] = field(default_factory=dict)
    _step: int = 0
    _desks: dict[str, Desk] = field(default_factory=dict)
    _opinions: dict[str, Opinions] = field(default_factory=dict)

    def run(self) -> None:
        """Play every step in order; any step that does not come out as it must raises."""
        samples = self._samples()
        venue = self._open()
        try:
            self._admit(venue)
            products = self._register(samples)
            self._gate(products)
            bought = self._list(products)
            self._issue(bought)
            scenarios = self._scenarios(bought)
            for number, scenario in scenarios.items():
                self._trade(number, scenario)
            self._certify(bought)
            self._other_ways(bought, scenarios)
            self._audit(venue)
        finally:
            venue.close()
        self._farewell(bought)

    # Narration.

    def _title(self, text: str) -> None:
        self._step += 1
        self._say("")
        self._say(f"── {self._step}. {text}", style="bold")

    def _say(self, text: str, style: str = "") -> None:
        if not self.shell.as_json:
            self.shell.console.print(Text(printable(text), style=style))

    def _table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        if not self.shell.as_json:
            self.shell.table(title, columns, rows)

    def _desk(self, handle: str) -> Desk:
        return self._desks[handle]

    @property
    def _house(self) -> Desk:
        return self._desks[OPERATOR[0]]

    def _now(self) -> str:
        return f"{self._house.floor.clock():%Y-%m-%d %H:%M}"

    # The steps.

    def _samples(self) -> list[Path]:
        self._title("Sample data, made from physics")
        try:
            generate = import_module("samples.generate").generate
        except ImportError as error:
            raise NotFound("the samples are not installed: run this from a clone") from error
        self._say(f"Three marine products and two that must be refused, seed {self.seed}.")
        made: list[Path] = generate(self.folder / "samples", seed=self.seed)
        rows = [(path.parent.name, path.name, f"{path.stat().st_size:,}") for path in made]
        self._table("", ["=product", "file", ">bytes"], rows)
        for path in self.own:
            self._say(
                f"And {path.name} of yours: its sheet, rights, cost and price are made up here."
            )
        return made

    def _open(self) -> Venue:
        self._title("A new exchange opens")
        passphrase = secrets.token_urlsafe(18)
        secret = self.folder / "passphrase"
        secret.touch(mode=0o600)
        secret.write_text(f"{passphrase}\n")
        venue = Venue.init(
            self.shell.folder,
            Settings(origin="guapai.example/demo", name="青岛示范数据交易所", clock="simulated"),
            handle=OPERATOR[0],
            operator_name=OPERATOR[1],
            credit_code=OPERATOR[2],
            passphrase=passphrase,
            clock=lambda: START,
        )
        floor = venue.floor
        with floor.read() as work:
            operator = work.participants.get(OPERATOR[0])
        keys = venue.keys_of(OPERATOR[0], passphrase)
        self._desks[OPERATOR[0]] = Desk(operator, keys, floor)
        days = floor.house.notice_seconds // 86_400
        self._say(f"In {self.shell.folder}, on SQLite, under the rule pack {floor.pack.name}")
        self._say(f"({len(floor.pack.rules)} rules). The clock is simulated: {self._now()}.")
        self._say(f"Public notice {days} days, fee {floor.house.fee_ppm / 10_000:g} %.")
        self._say(f"Log key: {floor.log_key}")
        return venue

    def _admit(self, venue: Venue) -> None:
        self._title("Merchants apply with keys of their own and are admitted (数商入场)")
        passphrase = (self.folder / "passphrase").read_text().strip()
        rows = []
        for handle, name, code, roles in CAST:
            keys = venue.keyring.create(handle, passphrase)
            applicant = desks.apply_to_join(
                keys, handle=handle, name=name, credit_code=code, floor=venue.floor
            )
            admitted = welcome(self._house, applicant, roles)
            self._desks[handle] = Desk(admitted, keys, venue.floor)
            licence = ", ".join(licence for role, licence in PAPERS.items() if role in roles)
            rows.append((handle, name, ", ".join(roles), admitted.id, licence))
        columns = ["=handle", "=name", "=role", "=id on the chain", "licence"]
        self._table("", columns, rows)
        self._say("The operator has seen their papers: digests, methods and the days they end")
        self._say("stand on the chain; who assesses acts only while a licence of its own runs.")
        self._say("Every act below is signed by the key of the participant that acts.")
        self.numbers["participants"] = len(rows) + 1

    def _register(self, samples: Sequence[Path]) -> dict[str, Product]:
        self._title("Registration: claim, inspection of the bytes, public notice (统一登记)")
        supplier = self._desk(SUPPLIER)
        products: dict[str, Product] = {}
        for path in [*samples, *self.own]:
            sheet_file = path.parent / "sheet.toml"
            own = path in self.own
            if own:
                sheet_file = own_sheet(path, self.folder / "own")
            sheet, evidence = load_sheet(sheet_file, identify=self._identify)
            product = supplier.register(path, sheet, evidence)
            name = short_name(path, products) if own else path.parent.name
            products[name] = supplier.submit_sheet(product.number, sheet)
        profiles = {name: self._profile(product) for name, product in products.items()}
        self._table(
            "Measured in the files",
            ["=product", "=number", ">rows", "=from", "=to", "=°N", "=°E"],
            [
                (
                    name,
                    products[name].number,
                    f"{profile.rows:,}",
                    profile.time.start[:10] if profile.time else "",
                    profile.time.end[:10] if profile.time else "",
                    *box(profile),
                )
                for name, profile in profiles.items()
            ],
        )
        for name, profile in profiles.items():
            kinds = sorted({found.kind for found in profile.sensitive if found.certain})
            if kinds:
                self._say(f"Found in {name} (counted, never quoted): {', '.join(kinds)}.")
        until = next(iter(products.values())).notice_until
        self._say(f"The claims are on public notice until {until}.")
        self.numbers["rows"] = {name: profile.rows for name, profile in profiles.items()}
        self.numbers["data"] = {name: product.data for name, product in products.items()}
        try:
            supplier.list(products["hf-radar"].number)
        except NoticeRunning as error:
            self._say(f"Listing now is refused: {error}")
        clock = supplier.floor.clock
        if isinstance(clock, SimulatedClock):
            clock.advance(dt.timedelta(seconds=supplier.floor.house.notice_seconds))
        self._say(f"The clock moves on, the notice has run: {self._now()}.")
        return products

    def _identify(self, handle: str) -> str:
        return self._desk(handle).participant.id

    def _profile(self, product: Product) -> Profile:
        with self._house.floor.read() as work:
            return profile_of(product, work)

    def _assess(self, product: Product) -> tuple[Review, QualityReport]:
        floor = self._house.floor
        with floor.read() as work:
            judged = judge(work.products.get(product.number), work=work, floor=floor)
        return judged.review, judged.quality

    def _gate(self, products: dict[str, Product]) -> None:
        self._title("Assessment: the system, an assessor and an expert in parallel (系统+专家)")
        self._say("The system judges every rule it can. What a machine cannot decide, the assessor")
        self._say("attests by name; the expert scores the data without seeing the system's score,")
        self._say("and a reviewer of the exchange goes through the checklist.")
        today = self._house.floor.clock().date()
        until = today + dt.timedelta(days=365)
        engagement = engage(self._house, self._desk(SUPPLIER), self._desk(ASSESSOR), products)
        self._say(f"{SUPPLIER} engages {ASSESSOR} for {engagement.fee}, held in escrow: owed for a")
        self._say("refusal as for a pass, and shown beside what the assessor signs.")
        rows = []
        for name, product in products.items():
            quality = self._assess(product)[1]
            score = expert_score(self._profile(product))
            comments = f"{name}: cells filled and rows distinct; score {score}\n"
            self._desk(EXPERT).review(product.number, str(score), comments.encode())
            review = self._assess(product)[0]
            attested = [found.rule for found in review.blocking if assessor_may_attest(found)]
            report = f"{name}: assessed on {today}; attested: {', '.join(attested)}\n"
            self._desk(ASSESSOR).attest(
                product.number,
                attested,
                report=report.encode(),
                until=until,
                passed=True,
            )
            self._opinions[name] = Opinions(report.encode(), comments.encode(), until)
            decision = self._vet(product)
            rows.append((name, quality.score, score, ", ".join(attested), decision))
        columns = ["=product", ">system", ">expert", "attested by the assessor", "=exchange"]
        self._table("", columns, rows)
        self._desk(ASSESSOR).deliver_work(engagement.id, "\n".join(products).encode())
        paid = self._desk(SUPPLIER).pay_engagement(engagement.id)
        self._say(
            f"The assessor hands its work in and is paid: engagement {paid.id} is {paid.state}."
        )
        self.numbers["quality"] = {row[0]: str(row[1]) for row in rows}

    def _vet(self, product: Product) -> Decision:
        """Let the reviewer return what the rules stop, since it can be mended, or approve it."""
        left = [f for f in self._assess(product)[0].blocking if f.rule != "V-01"]
        decision = Decision.RETURNED if left else Decision.APPROVED
        reasons = "; ".join(f"{each.rule}: {each.message}" for each in left) or "nothing to add"
        ticks = dict.fromkeys(CHECKLIST, "yes")
        self._desk(REVIEWER).vet(product.number, decision, reasons=reasons, checklist=ticks)
        return decision

    def _list(self, products: dict[str, Product]) -> dict[str, Product]:
        self._title("The gate: no compliance, no listing (不合规不挂牌)")
        listed: dict[str, Product] = {}
        rows, refusals = [], {}
        for name, product in products.items():
            try:
                published, review = self._desk(SUPPLIER).list(product.number)
            except NotCompliant as error:
                refusals[name] = list(error.rules)
                found = {f.rule: f for f in self._assess(product)[0].blocking}
                rows += [
                    (name, "refused", rule, found[rule].message, found[rule].basis)
                    for rule in error.rules
                ]
            else:
                listed[name] = published
                count = f"{len(review.rules_applied)} rules"
                rows.append((name, "LISTED", count, f"until {published.valid_until}", ""))
        self._table("", ["=product", "=verdict", "=rule", "finding", "basis"], rows)
        self._say("Refusals are decisions of the exchange and stand on the chain like listings.")
        self.numbers["listed"] = sorted(listed)
        self.numbers["refused"] = refusals
        return listed

    def _issue(self, listed: dict[str, Product]) -> None:
        self._title("The spec sheet is issued: four documents, each verified (数据产品说明书)")
        rows: list[Sequence[str]] = []
        full: dict[str, tuple[str, str, str]] = {}
        for name, product in listed.items():
            dossier = issue_sheet(self._desks, product, self._opinions[name])
            rows += document_rows(name, dossier)
            made, remark = write_sheets(dossier, name, self.folder / "sheets")
            standing = f"version {dossier.version.number} {dossier.version.state}"
            full[name] = (standing, fullness(dossier), f"{len(made)} files")
        self._table("", ["=product", "=document", "attached by", "verified by", "=until"], rows)
        columns = ["=product", "=sheet", "mandatory fields filled", "=written"]
        self._table("", columns, [(name, *row) for name, row in full.items()])
        self._say(remark or f"PDF, HTML, JSON and TOML lie in {self.folder / 'sheets'}.")
        self.numbers["sheets"] = {name: row[0] for name, row in full.items()}

    def _scenarios(self, listed: dict[str, Product]) -> dict[str, str]:
        self._title("Scenarios: no scenario, no trade (无场景不交易)")
        buyer = self._desk(BUYER)
        approved: dict[str, str] = {}
        rows = []
        first = listed["hf-radar"]
        resale = Filing(
            product=first.number,
            purpose="resale",
            region="CN",
            term_days=180,
            recipients=("harbour-pilot",),
            description="转售给第三方。",
            onward_transfer=True,
        )
        try:
            buyer.file_scenario(resale)
        except NoScenario as error:
            words = str(error).partition(": ")[2]
            rows.append(("hf-radar", "resale, passed on", "refused", words))
            self.numbers["scenario_refused"] = list(error.rules)
        for name, product in listed.items():
            filing = self._use(name, product, BUYER)
            scenario, _ = buyer.file_scenario(filing)
            approved[name] = scenario.id
            rows.append((name, filing.purpose, str(scenario.state), f"until {scenario.expires_on}"))
        self._table("", ["=product", "purpose", "decision", "why or how long"], rows)
        balance = self._house.deposit(buyer.participant, DEPOSIT, "bank transfer 2026-0001")
        self._say(f"The buyer's bank reports a deposit: {BUYER} holds {balance}.")
        return approved

    def _trade(self, name: str, scenario: str) -> None:
        buyer, supplier = self._desk(BUYER), self._desk(SUPPLIER)
        self._title(f"Trade of {name}: quote, contract, delivery, settlement")
        priced = buyer.quote(scenario)
        if not self.shell.as_json:
            show_price(self.shell, priced)
        trade = buyer.order(priced.quote.id)
        trade = supplier.accept(trade.id)
        self._say(f"Contract {trade.id}: terms frozen under {trade.terms[:16]}…, {trade.amount}")
        self._say(f"in escrow, use right until {trade.grant_until}, all in one transaction.")
        trade = supplier.deliver(trade.id, self.folder)
        sealed = supplier.floor.vault.path(trade.sealed or "")
        head = sealed.read_bytes()[:21].decode()
        self._say(f"Sealed with age to the buyer ({head!r}, {sealed.stat().st_size:,} bytes).")
        opened = self.folder / "bought" / file_of(name, trade.product, supplier)
        opened.parent.mkdir(exist_ok=True)
        trade = buyer.receive(trade.id, opened)
        found = sha256_of(opened)
        self._say(f"The buyer opened it: SHA-256 {found[:16]}… is that of the contract.")
        trade, lines = self._house.settle(trade.id)
        handles = {each.participant.id: handle for handle, each in self._desks.items()}
        named = [
            (handles.get(line.account.partition("/")[2], line.account), line) for line in lines
        ]
        self._table(
            f"Settlement of {trade.amount}",
            ["=to", "for", ">amount"],
            [(to, line.what, line.amount) for to, line in named],
        )
        self._follow_price(trade.product)
        self.numbers.setdefault("trades", {})[name] = {
            "price": trade.amount.minor,
            "lines": [[to, line.amount.minor] for to, line in named],
        }

    def _follow_price(self, number: str) -> None:
        floor = self._house.floor
        with floor.read() as work:
            path = price_path(work.products.get(number), work)
        for move in path:
            before, after = move.opening.band, move.guidance
            self._say(
                f"The trade moves the estimate of a licence from {before.mid} to {after.band.mid},"
            )
            self._say(f"within {after.band.low} and {after.band.high}; a fair ask is {after.ask}.")

    def _certify(self, bought: dict[str, Product]) -> None:
        self._title("Certificates (凭证发放)")
        floor = self._house.floor
        folder = self.folder / "certificates"
        folder.mkdir()
        with floor.read() as work:
            trades = {trade.product: trade.id for trade in work.trades.all()}
        rows = []
        for name, product in bought.items():
            claim, trade = f"product/{product.number}", f"trade/{trades[product.number]}"
            for subject, kind in (
                (claim, "registration.confirmed"),
                (claim, "listing.published"),
                (trade, "settlement.executed"),
            ):
                record = issue_certificate(subject, floor=floor, kind=kind).to_record()
                entry, checkpoint = verify_certificate(record, floor.log_key)
                file = folder / f"{kind}-{subject.partition('/')[2]}.json"
                file.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
                size = f"{entry.index} of {checkpoint.size}"
                rows.append((name, record["title"], size, len(record["proof"])))
        self._table("", ["=product", "certificate", ">entry", ">hashes in its proof"], rows)
        self._say("Each verifies offline with the log key alone.")

    def _other_ways(self, bought: dict[str, Product], scenarios: dict[str, str]) -> None:
        self._title("Other ways to a price: bargained, bid for, by the month (议价、竞价、订阅)")
        rival = self._desk(RIVAL)
        self._house.deposit(rival.participant, RIVALS_MONEY, "bank transfer 2026-0002")
        ways = ThreeWays(self._desks, self.folder, self._say, self._table)
        paid: dict[str, Money] = {}
        for name, product in bought.items():  # of those that were listed
            scenario = scenarios[name]
            if name == "hf-radar":
                paid["negotiated"] = ways.bargain(product, scenario)
            elif name == "ocean-forecast":
                use = self._use(name, product, RIVAL)
                paid["auction"] = ways.auction(product, scenario, use)
            elif name == "marine-ranch":
                paid["subscription"] = ways.subscribe(product, scenario)
        self._say("Each came to one quote, and from there on is a trade as any other.")
        self.numbers["ways"] = {way: amount.minor for way, amount in paid.items()}

    @staticmethod
    def _use(name: str, product: Product, who: str) -> Filing:
        purpose = PURPOSES.get(name, "research")
        return Filing(
            product=product.number,
            purpose=purpose,
            region="CN",
            term_days=30 if name == "ocean-forecast" else 180,
            recipients=(who,),
            description=f"{purpose}: 内部使用，不外传。",
        )

    def _audit(self, venue: Venue) -> None:
        self._title("Audit: export the chain, check it without the exchange")
        floor = venue.floor
        bundle = self.folder / "bundle"
        export_bundle(bundle, floor=floor)
        report = audit(bundle, key=floor.log_key)
        if not self.shell.as_json:
            show_report(self.shell, report)
        books = reconcile(floor=floor)
        if not report.passed or books.faults:
            raise Conflict(f"the audit found {report.findings} {books.faults}")
        self._say("verified: order, hashes, signatures, roles and business rules of every entry.")
        with floor.read() as work:
            names = [BUYER, RIVAL, SUPPLIER, "rizhao-station", "ranch-cooperative", ASSESSOR]
            balances = {
                handle: work.accounts.balance(available(self._desk(handle).participant.id))
                for handle in names
            }
            balances["fees of the exchange"] = work.accounts.balance(FEES)
        self._table(
            f"The money: {books.deposited} came in, {books.held} is held in escrow",
            ["account", ">balance"],
            [*balances.items(), ("together", total(balances.values()))],
        )
        self.numbers["entries"] = report.entries
        self.numbers["kinds"] = report.kinds
        self.numbers["balances"] = {name: amount.minor for name, amount in balances.items()}
        self._tamper(bundle, floor.log_key)

    def _tamper(self, bundle: Path, key: VerifierKey) -> None:
        self._title("One digit of an amount is changed in a copy")
        copy = self.folder / "bundle-tampered"
        shutil.copytree(bundle, copy)
        tiles = sorted((copy / "tile" / "entries").rglob("*"))
        victim = next(path for path in tiles if path.is_file() and AMOUNT in path.read_bytes())
        data = bytearray(victim.read_bytes())
        start = data.index(AMOUNT) + len(AMOUNT)
        end = data.index(b"}", start)
        before = int(data[start:end])
        data[end - 1] ^= 0x01  # one bit turns a digit into its neighbour
        after = int(data[start:end])
        victim.write_bytes(data)
        self._say(f"A settlement of {before} fen becomes one of {after}: one bit of one byte.")
        report = audit(copy, key=key)
        if not self.shell.as_json:
            show_report(self.shell, report)
        if report.passed:
            raise Conflict("the audit did not find the changed byte")
        self._say("NOT verified: the audit names the entry that was changed.")
        self.numbers["tampering_found"] = [finding.rule for finding in report.findings]

    def _farewell(self, bought: dict[str, Product]) -> None:
        self._title("What to try next")
        number = next(iter(bought.values())).number
        self._say("All keys of this demonstration lie in that folder under one random passphrase;")
        self._say("in a real exchange every party keeps its own. Some commands:")
        key = self._house.floor.log_key
        for line in suggestions(self.folder, self.shell.folder, number, key):
            if not self.shell.as_json:
                self.shell.say(f"  {line}")
