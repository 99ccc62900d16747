"""Lesson three: copying one's data pays under the plain Shapley value, and repairs take it away.

Agarwal, Dahleh and Sarkar (EC 2019), section 5: data is copied for nothing, and whoever comes twice
is paid twice.  Of two sellers who can stand in for each other, one with c copies has
(c + 1) / (c + 2) of the whole.  Their "Shapley-robust" takes from whoever is like others, so that
no copy gains; where the exchange knows digests, contents can play instead of names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from exchange.simulation.market import Market
from pricing.figures import INK, PALETTE, Form, Language, Words, drawn
from pricing.games.coverage import Coverage
from pricing.money import Money
from pricing.sharing import Allocation, Allocator, Owner, SharingCase
from pricing.sharing.robust import RobustShapley
from pricing.sharing.shapley import ExactShapley
from pricing.sharing.without_copies import WithoutCopies
from samples.markets.lessons.playing import played

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COPIES: Final = 6
ATTACKER: Final = "north"
# Cells of the sea that each station sees; north and south see three of them both.
CELLS: Final = {"north": range(6), "south": range(3, 9), "harbour": range(8, 11)}

_TITLE: Final = Words("复制者所得份额", "What the station that copies itself gets")
_COPIES: Final = Words("另立名目的副本数", "copies under other names")
_SHARE: Final = Words("收入份额", "share of the proceeds")
_HONEST: Final = Words("不复制时的份额", "its share without a copy")
_ROUTES: Final[Mapping[str, tuple[Words, Allocator]]] = {
    "shapley": (Words("Shapley 值", "plain Shapley value"), ExactShapley()),
    "robust": (
        Words("稳健 Shapley，余额入基金", "Shapley-robust, the rest to a fund"),
        RobustShapley(rest_to="fund"),
    ),
    "contents": (Words("按内容而非名目", "contents play, not names"), WithoutCopies()),
}


@dataclass(frozen=True, slots=True)
class Attack:
    """What the attacker's names got together, by allocator and number of copies."""

    proceeds: Money
    shares: dict[str, tuple[Fraction, ...]]

    def gain(self, route: str, copies: int) -> Fraction:
        """Return the part of the proceeds that so many copies bring on top."""
        return self.shares[route][copies] - self.shares[route][0]


def proceeds(market: Market, seed: int) -> Money:
    """Play the market and return what its product brought to those who made its data."""
    return Money(int(played(market, seed)["to_contributors"].sum()))


def case(amount: Money, copies: int) -> SharingCase:
    """Return the case in which the attacker has registered so many copies after everybody."""
    owners = [Owner(name, content=f"digest-of-{name}") for name in CELLS]
    covers = [tuple(cells) for cells in CELLS.values()]
    for nth in range(copies):
        owners.append(Owner(f"{ATTACKER}-{nth + 2}", content=f"digest-of-{ATTACKER}"))
        covers.append(tuple(CELLS[ATTACKER]))
    return SharingCase(amount, tuple(owners), game=Coverage(tuple(covers)))


def attacked(amount: Money, most: int = COPIES) -> Attack:
    """Divide the amount with 0 to `most` copies, by each allocator."""
    shares: dict[str, tuple[Fraction, ...]] = {}
    for route, (_, allocator) in _ROUTES.items():
        each = [of_attacker(allocator.allocate(case(amount, n))) for n in range(most + 1)]
        shares[route] = tuple(each)
    return Attack(amount, shares)


def of_attacker(allocation: Allocation) -> Fraction:
    """Return what the attacker's names get together, as a share."""
    return sum(
        (each.share for each in allocation.shares if each.owner.startswith(ATTACKER)), Fraction(0)
    )


def draw(attack: Attack, language: Language, form: Form) -> bytes:
    """Draw the attacker's share over its copies."""

    def onto(figure: Figure) -> None:
        axes = figure.add_subplot()
        for nth, (route, (words, _)) in enumerate(_ROUTES.items()):
            shares = [float(share) for share in attack.shares[route]]
            axes.plot(range(len(shares)), shares, "o-", ms=5, lw=1.8, color=PALETTE[nth],
                      label=words.said(language))  # fmt: skip
        axes.axhline(float(attack.shares["shapley"][0]), color=INK, lw=1, ls=":",
                     label=_HONEST.said(language))  # fmt: skip
        axes.set_ylim(0, 0.75)
        axes.set_title(_TITLE.said(language))
        axes.set_xlabel(_COPIES.said(language))
        axes.set_ylabel(_SHARE.said(language))
        axes.legend(loc="upper left", ncols=2)

    return drawn(onto, language=language, form=form)
