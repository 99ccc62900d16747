"""The contract of an appraiser."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

from pricing.appraisal import Appraisal, Appraiser, Evidence
from pricing.conformance.replaying import check_replay, must_refuse, unit
from pricing.record import recorded
from pricing.wire import from_wire, to_wire


class AppraiserContract:
    """What every appraiser keeps to; `evidence` is enough for this one to work with.

    `weighed` names the lines that are weighed with one another, whose weights sum to 1, where
    there are any.  `better` may hold evidence that is better from one to the next, for an
    appraiser that never values the better lower.
    """

    appraiser: Appraiser
    evidence: Evidence
    weighed: tuple[str, ...] = ()
    better: tuple[Evidence, ...] = ()

    def test_appraises_alike_twice(self) -> None:
        """The same evidence gives the same appraisal."""
        first, second = (self.appraiser.appraise(self.evidence) for _ in range(2))
        assert first == second, "two appraisals of one evidence differ"

    def test_refuses_to_value_what_nothing_is_known_of(self) -> None:
        """Without evidence there is no appraisal."""
        must_refuse(lambda: self.appraiser.appraise(Evidence()), "appraised without evidence")

    def test_every_figure_names_its_source(self) -> None:
        """Each line can be defended: a figure in plain notation, and where it comes from."""
        for line in self.appraiser.appraise(self.evidence).indicators:
            assert Decimal(line.value).is_finite(), f"{line.name}: {line.value} is no figure"
            assert line.source.strip(), f"{line.name}: no source"

    def test_weights_are_shown_and_sum_to_one(self) -> None:
        """What was weighed shows its weight, so that a total can be followed line by line."""
        if self.weighed:
            lines = {line.name: line for line in self.appraiser.appraise(self.evidence).indicators}
            assert len(lines) == len(self.appraiser.appraise(self.evidence).indicators), (
                "two lines have one name"
            )
            weights = [lines[name].weight for name in self.weighed]
            assert None not in weights, f"no weight beside one of {self.weighed}"
            summed = sum((Fraction(held) for held in weights if held is not None), Fraction(0))
            # Each weight is written to six places.
            assert abs(summed - 1) * 10**6 <= len(weights), f"the weights sum to {float(summed)}"

    def test_better_evidence_is_never_valued_lower(self) -> None:
        """Where an appraiser is declared to rise with its evidence, it does."""
        bands = [self.appraiser.appraise(one) for one in self.better]
        for worse, better in itertools.pairwise(bands):
            ends = [(worse.low, better.low), (worse.mid, better.mid), (worse.high, better.high)]
            assert all(one <= other for one, other in ends), f"{better.mid} after {worse.mid}"

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of an appraisal is lost in a record."""
        appraisal = self.appraiser.appraise(self.evidence)
        assert from_wire(Appraisal, to_wire(appraisal)) == appraisal

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to compute the appraisal again."""
        appraisal, record = recorded(self.appraiser, self.evidence)
        assert appraisal == self.appraiser.appraise(self.evidence), "recording changed it"
        check_replay(record, {"high": (appraisal.high + unit(appraisal.high)).to_record()})
