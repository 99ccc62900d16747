"""Charts as inline SVG: coordinates from values alone, colours and letters from the page's style.

A chart has a title and a sentence for who does not see it, ticks at round numbers, and its axes
named; the table of the same numbers is its page's.  Drawn 400 units wide, so that on a telephone
its letters are still letters.  The same values give the same bytes: there is only arithmetic here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 400
COLOURS: Final = 6  # series that can be told apart; the page's style has s0 to s5 and f0 to f5
_TOP, _BOTTOM, _RIGHT = 26, 40, 12
_PLOT: Final = 190  # the height between the axes
_LETTER: Final = 7.2  # the width of a digit, 13 units high
_ROW: Final = 38


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its points from left to right."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """What a chart says of itself: unique in its page, for everybody, for who hears it."""

    id: str
    title: str
    sentence: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Row:
    """A bar that lies: its name, its length, and the amount as it is written."""

    name: str
    length: float
    shown: str
    colour: int = 0


def ticks(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """Return at most so many and at least two round numbers that enclose `low` to `high`."""
    if high - low <= 1e-9 * abs(high):  # one height alone: a tenth above and below it
        pad = abs(high) / 10 or 1.0
        low, high = low - pad, high + pad
    span = high - low
    for power in range(-9, 19):
        for unit in (1, 2, 5):
            step = unit * 10.0**power if power >= 0 else unit / 10.0**-power
            first, last = _floor(low / step), -_floor(-high / step)
            last = max(last, first + 1)
            if last - first < most and step * 20 >= span:
                return tuple(n * step for n in range(first, last + 1))
    raise OverflowError(high)


def tick_text(value: float, step: float) -> str:
    """Write a tick with the places that its step has."""
    places = next((n for n in range(10) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 9)
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if not float(text.replace(",", "")) else text


def lines(
    labels: Labels,
    series: Sequence[Series],
    *,
    x: tuple[float, float],
    y: tuple[float, float] | None = None,
    stepped: bool = False,
) -> str:
    """Draw up to six lines over `x`; `stepped` ones keep their height until the next point."""
    heights = [height for each in series for _, height in each.points]
    frame = _Frame(x, y or (min(heights), max(heights)))
    drawn = []
    for nth, each in enumerate(series[:COLOURS]):
        places = [(frame.x(a), frame.y(b)) for a, b in each.points]
        if len(places) == 1:
            drawn.append(f'<circle class="f{nth}" cx="{places[0][0]}" cy="{places[0][1]}" r="3"/>')
            continue
        path = f"M{places[0][0]} {places[0][1]}"
        for a, b in places[1:]:
            path += f"H{a}V{b}" if stepped else f"L{a} {b}"
        drawn.append(f'<path class="line s{nth}" d="{path}"/>')
    return _chart(labels, frame, "".join(drawn))


def bars(
    labels: Labels, stacks: Sequence[Sequence[float]], *, first: int = 0, every: int = 1
) -> str:
    """Draw standing bars, none below zero; the parts of a stack lie upon one another.

    The bar at place n stands for the `every` days from `first + n·every` on.
    """
    highest = max((sum(stack) for stack in stacks), default=0.0)
    frame = _Frame((first - 0.5 * every, first + (len(stacks) - 0.5) * every), (0.0, highest))
    width = (frame.x(every) - frame.x(0)) * 0.8
    drawn = []
    for nth, stack in enumerate(stacks):
        foot = 0.0
        for colour, part in enumerate(stack):
            if part <= 0:
                continue
            top, bottom = frame.y(foot + part), frame.y(foot)
            left = frame.x(first + nth * every) - width / 2
            drawn.append(
                f'<rect class="f{colour}" x="{_n(left)}" y="{top}" width="{_n(width)}"'
                f' height="{_n(bottom - top)}"/>'
            )
            foot += part
    return _chart(labels, frame, "".join(drawn))


def rows(labels: Labels, items: Sequence[Row], mark: tuple[float, ...] = ()) -> str:
    """Draw lying bars with name and amount above each; one below zero goes to the left.

    A line stands at each `mark`.
    """
    least = min([0.0, *(each.length for each in items)])
    most = max([0.0, *(each.length for each in items), *mark])
    span = (most - least) or 1.0

    def place(value: float) -> float:
        return _n((value - least) / span * WIDTH)

    drawn = []
    for nth, each in enumerate(items):
        top = nth * _ROW
        left, right = sorted((place(0), place(each.length)))
        drawn.append(
            f'<text x="0" y="{top + 13}">{escape(_short(each.name, each.shown))}</text>'
            f'<text class="end" x="{WIDTH}" y="{top + 13}">{escape(each.shown)}</text>'
            f'<rect class="track" x="0" y="{top + 19}" width="{WIDTH}" height="11"/>'
            f'<rect class="f{each.colour}" x="{left}" y="{top + 19}"'
            f' width="{_n(right - left)}" height="11"/>'
        )
    height = max(1, len(items)) * _ROW
    drawn += [f'<path class="mark" d="M{place(value)} 0V{height}"/>' for value in mark]
    return _svg(labels, height, "".join(drawn))


class _Frame:
    """Where values lie, and the axes with their ticks."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        self._low_x, self._high_x = x
        self._ticks = ticks(*y)
        self._low, self._high = self._ticks[0], self._ticks[-1]
        self._step = self._ticks[1] - self._ticks[0]
        self._names = [tick_text(each, self._step) for each in self._ticks]
        self._left = max(len(name) for name in self._names) * _LETTER + 8

    def x(self, value: float) -> float:
        """Return where a value lies from the left."""
        span = (self._high_x - self._low_x) or 1.0
        return _n(self._left + (value - self._low_x) / span * (WIDTH - _RIGHT - self._left))

    def y(self, value: float) -> float:
        """Return where a value lies from the top."""
        return _n(_TOP + _PLOT - (value - self._low) / (self._high - self._low) * _PLOT)

    def drawn(self) -> str:
        """Draw the grid and the ticks' names."""
        parts = []
        for value, name in zip(self._ticks, self._names, strict=True):
            line = "zero" if value == 0 else "tick"
            parts.append(
                f'<path class="{line}" d="M{_n(self._left)} {self.y(value)}H{WIDTH - _RIGHT}"/>'
                f'<text class="end" x="{_n(self._left - 6)}" y="{_n(self.y(value) + 4)}">{name}'
                "</text>"
            )
        inside = [each for each in self._x_ticks() if self._low_x <= each <= self._high_x]
        step = inside[1] - inside[0] if len(inside) > 1 else 1.0
        parts += [
            f'<text class="mid" x="{self.x(value)}" y="{_TOP + _PLOT + 17}">'
            f"{tick_text(value, step)}</text>"
            for value in inside
        ]
        return "".join(parts)

    def _x_ticks(self) -> Sequence[float]:
        found = ticks(self._low_x, self._high_x, 7)
        if self._high_x - self._low_x > 1:  # days, which are whole
            found = tuple(each for each in found if each == round(each))
        return found


def _chart(labels: Labels, frame: _Frame, drawn: str) -> str:
    words = (
        f'<text x="0" y="12">{escape(labels.y)}</text>'
        f'<text class="end" x="{WIDTH - _RIGHT}" y="{_TOP + _PLOT + 34}">{escape(labels.x)}</text>'
    )
    return _svg(labels, _TOP + _PLOT + _BOTTOM, words + frame.drawn() + drawn)


def _svg(labels: Labels, height: float, drawn: str) -> str:
    name, about = f"{labels.id}-t", f"{labels.id}-d"
    return (
        f'<svg viewBox="0 0 {WIDTH} {_n(height)}" role="img" aria-labelledby="{name} {about}">'
        f'<title id="{name}">{escape(labels.title)}</title>'
        f'<desc id="{about}">{escape(labels.sentence)}</desc>{drawn}</svg>'
    )


def _short(name: str, shown: str) -> str:
    """Cut a name to what stands beside the amount in one line."""
    wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in name)
    room = int(WIDTH / _LETTER) - len(shown) - 4
    while wide > room and name:
        wide -= 2 if ord(name[-1]) > 0x2E7F else 1
        name = name[:-1]
        if wide <= room:
            return name + "…"
    return name


def _floor(value: float) -> int:
    return int(value // 1)


def _n(value: float) -> float:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
