"""Cases: everything a rule may look at, and nothing else.

What is not known is None and stays so: no default here stands for "nothing found".  The one
"now" is the case's own date, so that a case can be judged again under the law of its day.  A
case holds no name and no credit code: who takes part is a `Party`.  So a case can be recorded
whole beside its verdict (`exchange.compliance.archive`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from operator import attrgetter
from typing import Annotated, ClassVar, Final, TypeVar

from pydantic import ConfigDict, Field

from exchange.comparison import Difference, differences
from exchange.compliance.evidence import (
    Ancestor,
    Attestation,
    Exported,
    GradeFloor,
    Opinion,
    Paper,
    Parent,
    Party,
    Platform,
    is_digest,
)
from exchange.compliance.rule import Answer, Outcome, clear, fired
from exchange.grading import Grade
from exchange.kept import kept
from exchange.participants import Role
from exchange.profile import Profile
from exchange.quality import QualityReport, QualityReview
from exchange.quality.measured import Measured
from exchange.records import STRICT, Amount
from exchange.registration import Similar
from exchange.scenarios import Scenario
from exchange.specsheet import SpecSheet
from exchange.vetting import Vetting

ASSESSORS_IF_GRAVE: Final = 2  # rule I-05: one signature does not clear what may be a crime


# What says nothing is left out, so that a case kept before there was such a field still reads.
_LATER: Final = Field(exclude_if=lambda value: value is None or value == ())

_VERSION: Final = attrgetter("version")

C = TypeVar("C", bound="Case")
V = TypeVar("V")


def once(function: Callable[[C], V]) -> Callable[[C], V]:
    """Keep what a function says of a case with the case, which never changes."""
    name = f"_once_{function.__name__}"

    @wraps(function)
    def said(case: C) -> V:
        known = case.__dict__
        if name in known:
            value: V = known[name]
        else:
            value = known[name] = function(case)
        return value

    return said


# What speaks of one sheet and one data file, by their digests.
Bound = Attestation | QualityReview | QualityReport | Measured | Vetting


@dataclass(frozen=True, kw_only=True)
class Case:
    """What every case has: a day, and who has answered for what.

    `supplier` is who stands behind what is judged, `reviewers` those behind the attestations and
    reviews, by id, as they stand on the day `on`.  `pack_digest` is filled in by the review.
    `carried` names earlier packs by digest, each with the ids of the rules that the pack of the
    review words alike: an attestation under one of them goes on to count for these rules.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    on: dt.date
    supplier: Party | None = None
    reviewers: Mapping[str, Party] = field(default_factory=dict)
    attestations: tuple[Attestation, ...] = ()
    platform: Platform | None = None
    carried: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pack_digest: str = ""

    def void(self, attestation: Attestation) -> str:
        """Say why an attestation does not count in this case; empty if it does."""
        pack = attestation.rule_pack
        if pack != self.pack_digest and pack not in self.carried:
            return "made under another rule pack"
        if attestation.issued_on > self.on:
            return "issued after the day of the case"
        if self.on > attestation.last_day:
            return "expired"
        void = (
            self._unbound(attestation)
            or _unlicensed(attestation)
            or self._unfit(attestation.assessor, Role.COMPLIANCE_ASSESSOR)
        )
        if void or attestation.outcome is Opinion.REFUSED:
            return void  # what was found wrong does not come right by the end of somebody's papers
        return self._ended(attestation.assessor)

    @kept
    def in_force(self) -> tuple[Attestation, ...]:
        """The attestations that count, less those on which the same assessor changed its mind.

        Any refusal ends the passes before it; passes after a refusal end it once they answer for
        every rule that it refused.
        """
        valid = [attestation for attestation in self.attestations if not self.void(attestation)]
        # A pass ends with the refusal after it, and does not come back when the refusal ends.
        refused = [
            one
            for one in self.attestations
            if one.outcome is Opinion.REFUSED
            and one.issued_on <= self.on
            and not self._unbound(one)
        ]
        words = (*valid, *refused)
        if len(words) == 1:  # most often, and then nobody said otherwise
            return tuple(valid)
        return tuple([one for one in valid if not self._changed(one, words)])

    def _changed(self, one: Attestation, words: Iterable[Attestation]) -> bool:
        """Whether the assessor said otherwise later."""
        later = [
            other
            for other in words
            if other.version > one.version
            and other.assessor == one.assessor
            and other.outcome is not one.outcome
        ]
        if not later or one.outcome is Opinion.PASSED:
            return bool(later)
        passed = {rule for other in later for rule in self.answered(other)}
        return passed.issuperset(self.answered(one))

    def answered(self, attestation: Attestation) -> tuple[str, ...]:
        """Return the rules that an attestation in force answers for."""
        if attestation.rule_pack == self.pack_digest:
            return attestation.rules
        carried = self.carried.get(attestation.rule_pack, ())
        return tuple(rule for rule in attestation.rules if rule in carried)

    @kept
    def _spoken(self) -> dict[str, Answer]:
        """What speaks on each rule: of passes the first, and a refusal before any pass."""
        passed: dict[str, Answer] = {}
        refused: dict[str, Answer] = {}
        for attestation in reversed(self.in_force):
            where = f"chain version {attestation.version}"
            if attestation.outcome is Opinion.PASSED:
                word, words = clear("an assessor attested it", where), passed
            else:
                word, words = fired("an assessor refused it", where), refused
            words.update(dict.fromkeys(self.answered(attestation), word))
        for rule, word in refused.items():
            refused[rule] = fired(word.message, word.evidence, unlock=self.way_back(rule))
        return passed | refused if refused else passed

    def _organisations(self, rule: str) -> set[str]:
        """Return the organisations that answer for a rule, each counted once."""
        return {
            self.reviewers[attestation.assessor].organisation
            for attestation in self.in_force
            if rule in self.answered(attestation)
        }

    @kept
    def refusers(self) -> Mapping[str, frozenset[str]]:
        """What each assessor refuses that has refused something and not passed all of it since."""
        found: dict[str, frozenset[str]] = {}
        for attestation in self.in_force:
            if attestation.outcome is Opinion.REFUSED:
                before = found.get(attestation.assessor, frozenset())
                found[attestation.assessor] = before.union(self.answered(attestation))
        return found

    def way_back(self, rule: str = "") -> str:
        """Say what ends the refusals of a rule, or of any: who refused it passes all it refused.

        Nobody else's word does, and its own does not while its identity has ended.
        """
        ways = []
        for assessor, rules in sorted(self.refusers.items()):
            if rule and rule not in rules:
                continue
            if self._ended(assessor):
                ways.append(f"the operator verifies anew the identity of {assessor}")
            named = ", ".join(sorted(rules))
            ways.append(f"an attestation by {assessor}, who refused it, that passes {named}")
        return "; ".join(ways)

    def signed(self, rule: str, otherwise: Answer, *, assessors: int = 1) -> Answer:
        """Let the assessors speak: a refusal of `rule` fires, a pass clears, else `otherwise`.

        Where more than one assessor is asked for, each is of another organisation.
        """
        word = self._spoken.get(rule)
        if word is None:
            return otherwise
        if assessors > 1 and word.outcome is Outcome.CLEAR:
            return word if len(self._organisations(rule)) >= assessors else otherwise
        return word

    def _unbound(self, act: Bound) -> str:
        del act
        return ""

    def _unfit(self, reviewer: str, role: Role) -> str:
        party = self.reviewers.get(reviewer)
        if party is None or party.id != reviewer:
            return "signed by nobody known"
        if not party.acts_as(role):
            return f"signed by a participant that is not an admitted {role}"
        if self.supplier is None:
            return "signed for an unknown supplier"
        if reviewer == self.supplier.id or party.organisation == self.supplier.organisation:
            return "signed by the supplier itself"
        if party.interested:
            return "signed by a participant with an interest in the product"
        return ""

    def _ended(self, reviewer: str) -> str:
        """Say that the identity of somebody known has ended; empty if it has not."""
        until = self.reviewers[reviewer].licensed_until
        if until is not None and until < self.on:
            return "signed by a participant whose identity has ended"
        return ""


def _unlicensed(word: Attestation | QualityReview) -> str:
    return "" if word.licensed else "signed under a licence that was withdrawn, or under none"


@dataclass(frozen=True, kw_only=True)
class PlatformCase(Case):
    """The exchange judged by itself; `supplier` is the house, no product is spoken of."""


@dataclass(frozen=True, kw_only=True)
class ProductCase(Case):
    """What every case over a product has.  `sheet_digest` is that of the sheet on file."""

    sheet: SpecSheet
    sheet_digest: str = ""
    profile: Profile | None = None
    papers: tuple[Paper, ...] = ()

    def lack(self, digest: str) -> str:
        """Say what a document, named by its digest in the sheet, lacks; empty if nothing.

        Attached under more than one kind or term, the one that counts is enough; but what somebody
        has looked at, and found not to hold or genuine until a day that is over, counts only once
        somebody has verified it.
        """
        if not is_digest(digest):
            return "is missing"
        attached = [paper for paper in self.papers if paper.digest == digest]
        if not attached:
            return ""
        counting = [paper for paper in attached if not paper.void(self.on)]
        seen = [paper for paper in attached if paper.verified is not None]
        if any(paper.verified for paper in counting) or (counting and not seen):
            return ""
        rejected = [paper for paper in seen if not paper.verified]
        return (rejected or seen or attached)[0].void(self.on)

    def paper(self, kind: str) -> Paper | None:
        """Return a verified document of that kind that counts on the day, None if there is none."""
        for paper in self.papers:
            if paper.kind == kind and paper.verified and not paper.void(self.on):
                return paper
        return None

    def approved(self, name: str) -> bool:
        """Whether the sheet names an approval, or a verified document of that kind stands for it.

        An approval given as a digest counts as long as the document does.  One in words is the
        supplier's own word: a rule that no assessor signs for asks `proved` instead.
        """
        value = self.sheet.approvals.get(name, "")
        if value and not (is_digest(value) and self.lack(value)):
            return True
        return self.paper(name) is not None

    def proved(self, name: str) -> bool:
        """Whether a verified document that counts on the day stands for an approval.

        The sheet names it by its digest, or it is of that kind.
        """
        digest = self.sheet.approvals.get(name, "")
        return self.paper(name) is not None or any(
            paper.digest == digest and paper.verified and not paper.void(self.on)
            for paper in self.papers
        )

    @kept
    def differences(self) -> tuple[Difference, ...]:
        """What the sheet declares otherwise than it was measured; nothing where nobody looked."""
        return differences(self.sheet, self.profile) if self.profile else ()

    @kept
    def _digest(self) -> str:
        return self.sheet.digest

    def _unbound(self, act: Bound) -> str:
        if act.sheet != (self.sheet_digest or self._digest):
            return "made for another sheet"
        if self.profile is None or act.data != self.profile.data:
            return "made for other data"
        return ""


@dataclass(frozen=True, kw_only=True)
class ListingCase(ProductCase):
    """A product that asks to be listed, or stands on the board.

    `intake` are the ids of the rules that the inspection named when it refused the file, none
    after an inspection to the file's end.  `operates` says whether the chain of grants gives the
    supplier the operating right on the day, `estimate` is the grade that the exchange estimates,
    `parents` are what the product is derived from, `similar` are registrations that the search
    found like it.  `open_disputes` counts those over the product.  `measured` is what was
    counted of the sheet's expectations.  `floors` are the grades that the product is held to: the
    operator's of it, and those of all that it comes from.  `ancestors` are these with their sheets.
    `out_of_reach` says of which of them the grants do not cover the regions of the sheet.
    `sampled` says whether the exchange drew rows to show for this sheet and this data.
    """

    intake: tuple[str, ...] | None = None
    reviews: tuple[QualityReview, ...] = ()
    quality: QualityReport | None = None
    vettings: tuple[Vetting, ...] | None = None
    open_disputes: int | None = None
    notice_ended: bool | None = None
    operates: bool | None = None
    estimate: Grade | None = None
    parents: tuple[Parent, ...] | None = None
    similar: tuple[Similar, ...] | None = None
    measured: Measured | None = None
    floors: Annotated[tuple[GradeFloor, ...], _LATER] = ()
    ancestors: Annotated[tuple[Ancestor, ...], _LATER] = ()
    sampled: Annotated[bool | None, _LATER] = None
    out_of_reach: Annotated[tuple[str, ...], _LATER] = ()

    @kept
    def expert_reviews(self) -> tuple[QualityReview, ...]:
        """The latest review of each expert that counts in this case."""
        latest: dict[str, QualityReview] = {}
        for review in sorted(self.reviews, key=_VERSION):
            void = self._unbound(review) or _unlicensed(review)
            unfit = void or self._unfit(review.expert, Role.QUALITY_EXPERT)
            if not unfit and not self._ended(review.expert):
                latest[review.expert] = review
        return tuple(latest.values())

    @kept
    def latest_vetting(self) -> Vetting | None:
        """The latest decision of a reviewer over this sheet and data, if it counts.

        One under another pack, by a reviewer who is no longer fit, or by one who assessed the
        product too, does not count, and no older one stands in for it.
        """
        bound = [vetting for vetting in self.vettings or () if not self._unbound(vetting)]
        latest = max(bound, key=_VERSION) if bound else None
        if latest is None or not self._under_this_pack(latest):
            return None
        if self._unfit(latest.reviewer, Role.REVIEWER) or self._ended(latest.reviewer):
            return None
        return None if self._assessed(self.reviewers[latest.reviewer]) else latest

    def _under_this_pack(self, vetting: Vetting) -> bool:
        pack = vetting.rule_pack
        return pack == self.pack_digest or "V-01" in self.carried.get(pack, ())

    def _assessed(self, reviewer: Party) -> bool:
        """Whether the reviewer's organisation speaks as assessor or expert on any sheet of it."""
        others = [each.assessor for each in self.attestations]
        others += [each.expert for each in self.reviews]
        known = [self.reviewers[name].organisation for name in others if name in self.reviewers]
        return reviewer.id in others or reviewer.organisation in known

    @kept
    def counted(self) -> Measured | None:
        """The counts of expectations, if they speak of this sheet and this data."""
        return None if self.measured is None or self._unbound(self.measured) else self.measured

    @kept
    def measured_quality(self) -> QualityReport | None:
        """The quality report, if it speaks of this sheet and this data."""
        return None if self.quality is None or self._unbound(self.quality) else self.quality


@dataclass(frozen=True, kw_only=True)
class TradeCase(ProductCase):
    """A use of a listed product: a scenario filed, an order under one that runs, a delivery.

    `ways` are the ways of delivery it asks for.  `judged` is the digest of the data that the
    standing verdict spoke of and `due` that of the data to be delivered.  `price` is the price
    asked, `prices` what others were asked on the same terms.  `ancestors` are all that the product
    comes from, back to the sources.  A scenario is given without its id, its description and its
    recipients' names, which are kept confidential.
    """

    scenario: Scenario | None = None
    buyer: Party | None = None
    listing_state: str = ""
    ways: tuple[str, ...] = ()
    exported: Exported | None = None
    judged: str | None = None
    due: str | None = None
    price: Amount | None = None
    prices: tuple[Amount, ...] | None = None
    ancestors: Annotated[tuple[Ancestor, ...], _LATER] = ()
