"""Products at the gate of a simulated market: registered, assessed, vetted, and listed or refused.

The assessor signs for what only a person can judge, and never against what was measured: so a
planted defect is refused by the rule that finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from exchange.compliance import Finding, Outcome, Severity
from exchange.desk import Desk
from exchange.errors import Broken, ExchangeError
from exchange.registration import Product
from exchange.services.grant_right import GrantTerms
from exchange.services.list_product import judge
from exchange.simulation.depth import Offering, Placed
from exchange.simulation.full.company import Company
from exchange.simulation.full.goods import good_of
from exchange.simulation.full.house import instant
from exchange.simulation.market import Defect
from exchange.specsheet import Right
from exchange.vetting import CHECKLIST, Decision
from ledger.acts import format_time

REGISTERS: Final = 6 * 3_600  # the second of the day on which suppliers bring products
LISTS: Final = 8 * 3_600  # and on which they ask for the listing of what has had its notice
ATTESTED_DAYS: Final = 365
GRANTED: Final = dt.timedelta(days=3 * 365)  # how long a parent may be processed
# What stops a product before its notice has run and the reviewer has spoken, whatever it is.
_PENDING: Final = frozenset({"S-10", "V-01", "T-05"})
# What was measured against the product, which no careful assessor signs away.
_MEASURED: Final = frozenset({"Q-01", "Q-02", "Q-03", "Q-04", "Q-05", "R-01", "D-05"})
_REPORT: Final = b"assessed for a simulated market\n"
_COMMENTS: Final = b"scored for a simulated market\n"


@dataclass
class Gatekeeping:
    """The gate of one market; `products` are registered numbers by the numbers of offerings."""

    company: Company
    products: dict[int, str] = field(default_factory=dict)
    offerings: dict[int, Offering] = field(default_factory=dict)
    _waiting: list[int] = field(default_factory=list)

    def place(self, offerings: Sequence[Offering]) -> list[Placed]:
        """Register products and have them assessed."""
        return [self._placed(offering) for offering in offerings]

    def list_due(self, day: int) -> list[Placed]:
        """Ask for the listing of everything whose notice has run on the morning of a day."""
        return self.put_up(self.due(day), day)

    def due(self, day: int) -> list[int]:
        """Return the offerings whose notice has run on the morning of a day, and wait no longer."""
        market = self.company.market
        now = instant(market, day, LISTS)
        since = {
            day: instant(market, day, REGISTERS)
            for day in {self.offerings[number].day for number in self._waiting}
        }
        notice = dt.timedelta(seconds=market.house.notice_seconds)
        due: list[int] = []
        waiting: list[int] = []
        for number in self._waiting:
            ended = now - since[self.offerings[number].day] >= notice
            (due if ended else waiting).append(number)
        self._waiting = waiting
        return due

    def put_up(self, numbers: Sequence[int], day: int) -> list[Placed]:
        """Ask for the listing of offerings."""
        return [self._listed(self.offerings[number], day) for number in numbers]

    def _placed(self, offering: Offering) -> Placed:
        company = self.company
        company.enter(f"offer {offering.number}")
        company.at(offering.day, REGISTERS)
        self.offerings[offering.number] = offering
        try:
            self._assess(self._register(offering), offering)
        except ExchangeError as error:
            return self._refused(offering, error)
        self._waiting.append(offering.number)
        return Placed(offering.number, self.products[offering.number])

    def _register(self, offering: Offering) -> Product:
        company, kind = self.company, self.company.market.kind(offering.kind)
        good = good_of(
            offering,
            kind,
            company.seed,
            contributors=self.contributors(offering),
            copied=self._copied(offering) if offering.defect == Defect.DUPLICATE else None,
        )
        desk, file = company.desk(offering.supplier), company.workplace / good.name
        file.write_bytes(good.data)
        try:
            parents = [self._granted(number, desk) for number in offering.parents]
            # Without its sheet, so that what the gate refuses is registered all the same.
            claimed = desk.register(file, None, good.evidence, parents=parents)
        finally:
            file.unlink()
        self.products[offering.number] = claimed.number
        return desk.submit_sheet(claimed.number, good.sheet, good.evidence)

    def _granted(self, number: int, desk: Desk) -> str:
        """Let the supplier of a parent grant the right to process it; return its number."""
        parent, now = self.products[number], self.company.floor.clock()
        owner = self.company.desk(self.offerings[number].supplier)
        if owner.participant.id != desk.participant.id:
            terms = GrantTerms(
                right=Right.PROCESSING,
                to=desk.participant.id,
                purposes=("any",),
                regions=("any",),
                start=format_time(now),
                until=format_time(now + GRANTED),
            )
            owner.grant(parent, terms)
        return parent

    def contributors(self, offering: Offering) -> list[str]:
        """Return the supplier and those after it, who share in what the product brings."""
        count = self.company.market.kind(offering.kind).contributors
        if not count:
            return []
        members = self.company.members
        suppliers = self.company.in_role("supplier")
        first = suppliers.index(offering.supplier)
        ring = [*suppliers[first:], *suppliers[:first]][:count]
        return [members[place].id for place in ring]

    def _copied(self, offering: Offering) -> Offering | None:
        """Return the newest sound product of another supplier and the same kind."""
        for other in reversed(self.offerings.values()):
            of_another = other.supplier != offering.supplier and other.kind == offering.kind
            if of_another and not other.defect and other.number in self.products:
                return other
        return None

    def _assess(self, product: Product, offering: Offering) -> None:
        company, number = self.company, product.number
        score = f"{round(min(max(offering.quality, 0.0), 1.0) * 100) / 100:.2f}"
        company.staff("expert", offering.number).review(number, score, _COMMENTS)
        signed = [found.rule for found in self._blocking(number) if _signs(found)]
        today = company.floor.clock().date()
        until = today.fromordinal(today.toordinal() + ATTESTED_DAYS)
        if offering.defect != Defect.UNATTESTED:
            company.staff("assessor", offering.number).attest(
                number, signed, report=_REPORT, until=until, passed=True
            )
        left = [found.rule for found in self._blocking(number) if found.rule not in _PENDING]
        company.staff("reviewer", offering.number).vet(
            number,
            Decision.RETURNED if left else Decision.APPROVED,
            reasons=", ".join(left) or "nothing to add",
            checklist=dict.fromkeys(CHECKLIST, "yes"),
        )

    def _blocking(self, number: str) -> tuple[Finding, ...]:
        floor = self.company.floor
        with floor.read() as work:
            return judge(work.products.get(number), work=work, floor=floor).review.blocking

    def _listed(self, offering: Offering, day: int) -> Placed:
        company, number = self.company, self.products[offering.number]
        company.enter(f"list {offering.number}")
        company.at(day, LISTS)
        try:
            company.desk(offering.supplier).list(number)
        except ExchangeError as error:
            return self._refused(offering, error)
        return Placed(offering.number, number)

    def _refused(self, offering: Offering, error: ExchangeError) -> Placed:
        number = self.products.get(offering.number, "")
        return Placed(offering.number, number, rules_of(error))

    # Between two days.

    def to_record(self) -> dict[str, Any]:
        """Return the gate as a record."""
        return {
            "products": list(self.products.items()),
            "offerings": [asdict(each) for each in self.offerings.values()],
            "waiting": self._waiting,
        }

    def read(self, record: dict[str, Any]) -> None:
        """Take the gate from a record."""
        self.products = dict(record["products"])
        read = [Offering(**each | {"parents": (*each["parents"],)}) for each in record["offerings"]]
        self.offerings = {each.number: each for each in read}
        self._waiting = list(record["waiting"])


def _signs(found: Finding) -> bool:
    """Whether a careful assessor signs for it: what nobody measured, and what is asked of it."""
    if found.rule in _PENDING:
        return False
    asked = found.severity is Severity.ATTEST and found.rule not in _MEASURED
    return asked or found.outcome is Outcome.NOT_EVALUATED


def rules_of(error: Exception) -> tuple[str, ...]:
    """Return the rules that said no, or the code of the error; a broken store ends the run."""
    if isinstance(error, Broken):
        raise error
    code = str(getattr(error, "code", "failed"))
    return tuple(getattr(error, "rules", ())) or (code,)
