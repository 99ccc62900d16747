"""Shares: who gets how much of an amount, and how sure that is where it was sampled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pricing.errors import BadInput
from pricing.figures import BLUE, INK, Form, Language, Words, drawn, money_axis, short
from pricing.sharing import Allocation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLE: Final = Words("收益分配", "Shares of the proceeds")
_AXIS: Final = Words("分得金额", "part")
_ERROR: Final = Words("误差线为两倍标准误", "lines are two standard errors")
_ERRORS: Final = 2  # standard errors each way: about 95 in 100 where an estimate is normal
OWNERS_MAX: Final = 60  # rows that a page holds and an eye reads


def draw(
    allocation: Allocation,
    *,
    language: Language = Language.ZH,
    form: Form = Form.SVG,
) -> bytes:
    """Return the figure of an allocation: a bar for each owner, in their order, with its amount.

    Sampled shares have a line of two standard errors each way.  Raises `BadInput` for more than
    60 owners.
    """
    if len(allocation.shares) > OWNERS_MAX:
        raise BadInput(f"owners: {len(allocation.shares)} are more than the {OWNERS_MAX} drawn")
    amount, shares = allocation.amount, allocation.shares
    rows = list(range(len(shares)))
    lines = [_ERRORS * (share.standard_error or 0.0) * abs(amount.minor) for share in shares]

    def onto(figure: Figure) -> None:
        axes = figure.add_subplot()
        parts = [share.part.minor for share in shares]
        axes.barh(rows, parts, height=0.62, color=BLUE)
        if any(lines):
            axes.errorbar(
                parts, rows, xerr=lines, fmt="none", ecolor=INK, elinewidth=1.2, capsize=3
            )
        side = -1 if amount.minor < 0 else 1
        for row, share, line in zip(rows, shares, lines, strict=True):
            axes.annotate(
                f"{short(share.part)}   {float(share.share):.1%}",
                (share.part.minor + side * line, row),
                (6 * side, 0),
                textcoords="offset points",
                ha="left" if side > 0 else "right",
                va="center",
                fontsize=9,
            )
        axes.axvline(0, color=INK, lw=0.8)
        axes.set_yticks(rows, [share.owner for share in shares])
        axes.set_ylim(len(shares) - 0.4, -0.6)
        ends = [0, *(part + side * line for part, line in zip(parts, lines, strict=True))]
        room = 0.28 * (max(ends) - min(ends)) or 1.0  # for what stands beside the longest bar
        axes.set_xlim(min(ends) - room * (side < 0), max(ends) + room * (side > 0))
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        axes.set_title(f"{_TITLE.said(language)}  {amount}")
        said = _AXIS.said(language)
        if any(lines):
            said += (
                f", {_ERROR.said(language)}"
                if language is Language.EN
                else f"，{_ERROR.said(language)}"
            )
        money_axis(axes, "x", amount.currency, said)

    size = (8.0, 1.7 + 0.42 * len(shares))
    return drawn(onto, language=language, form=form, size=size)
