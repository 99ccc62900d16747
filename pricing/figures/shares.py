"""Shares: how an amount was divided, an owner a bar, with the error of what was sampled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pricing.errors import BadInput
from pricing.figures import INK, PALETTE, Form, Language, Words, drawn, money_axis, short
from pricing.sharing import Allocation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TITLE: Final = Words("收益分配：", "How the proceeds are divided: ")
_AXIS: Final = Words("分得金额", "part")
_ERROR: Final = Words("细线：两倍标准误", "thin line: two standard errors")
_OWNERS_MAX: Final = 40  # bars that can still be told apart
_THICK: Final = 0.8  # of the place of an owner, for all methods together


def draw(
    allocations: Mapping[str, Allocation],
    *,
    language: Language = Language.ZH,
    form: Form = Form.SVG,
) -> bytes:
    """Return the figure of divisions of one amount, by the allocator's name.

    Raises `BadInput` for none at all, for different owners or amounts, and for more than forty
    owners.
    """
    if not allocations:
        raise BadInput("allocations: there is nothing to draw")
    (first, *others) = allocations.values()
    owners = [share.owner for share in first.shares]
    for other in others:
        if other.amount != first.amount or [share.owner for share in other.shares] != owners:
            raise BadInput("allocations: they divide different amounts, or among others")
    if len(owners) > _OWNERS_MAX:
        raise BadInput(f"allocations: {len(owners)} owners are more than a figure can tell apart")
    thick = _THICK / len(allocations)

    def onto(figure: Figure) -> None:
        axes = figure.add_subplot()
        for k, (name, one) in enumerate(allocations.items()):
            shift = (k - (len(allocations) - 1) / 2) * thick
            _bars(axes, one, name, PALETTE[k % len(PALETTE)], thick, shift)
        axes.set_yticks(range(len(owners)), owners)
        axes.set_ylim(len(owners) - 0.4, -0.6)
        axes.margins(x=0.22)
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        title = f"{_TITLE.said(language)}{short(first.amount)} {first.amount.currency}"
        axes.set_title(title, pad=12 if len(allocations) == 1 else 28)
        if len(allocations) > 1:
            axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=4, fontsize=9)
        money_axis(axes, "x", first.amount.currency, _AXIS.said(language))
        if any(share.standard_error for one in allocations.values() for share in one.shares):
            axes.set_xlabel(f"{axes.get_xlabel()} · {_ERROR.said(language)}")

    rows = len(owners) * max(1, len(allocations) * 0.6)
    size = (8.0, 1.6 + 0.5 * rows)
    return drawn(onto, language=language, form=form, size=size)


def _bars(axes: Axes, one: Allocation, name: str, colour: str, thick: float, shift: float) -> None:
    places = [row + shift for row in range(len(one.shares))]
    parts = [share.part.minor for share in one.shares]
    axes.barh(places, parts, height=thick * 0.9, color=colour, alpha=0.75, label=name)
    for place, share in zip(places, one.shares, strict=True):
        part, error = share.part.minor, 2 * (share.standard_error or 0) * abs(one.amount.minor)
        if error:
            axes.plot([part - error, part + error], [place, place], color=INK, lw=1.2,
                      solid_capstyle="butt")  # fmt: skip
        side = -1 if part < 0 else 1
        said = f"{short(share.part)}  ({float(share.share):.1%})"
        axes.annotate(said, (part + side * error, place), (5 * side, 0), va="center", fontsize=9,
                      textcoords="offset points", ha="right" if part < 0 else "left")  # fmt: skip
