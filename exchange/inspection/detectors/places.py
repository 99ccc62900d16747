"""Where persons are and go: precise positions of individuals, and movement traces.

A movement trace is sensitive personal information (PIPL 28; 法释〔2017〕10号 article 5).  Tracks
of vessels and of vehicles under a number of their fleet, finer than five minutes, are reported
for whoever knows the waters and the drivers (rule G-10).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from exchange.inspection import lexicon, traces
from exchange.inspection.detector import Examined
from exchange.profile import Bearer, SensitiveFinding, SensitiveKind

TRACE, COORDINATES = SensitiveKind.TRACE, SensitiveKind.COORDINATES
STEP_SECONDS: Final = 300  # finer tracks of vessels and vehicles want somebody's word


class PlaceDetector:
    """Finds traces and positions of persons."""

    name = "places"
    rank = 3

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Report tracks; where there is no time, positions beside a person's key."""
        found = traces.tracks(examined)
        for track in found:
            person = track.bearer is Bearer.PERSON
            if not person and track.step_seconds >= STEP_SECONDS:
                continue
            for name in track.position:
                yield SensitiveFinding(
                    name,
                    TRACE,
                    track.points,
                    examined.rows,
                    certain=person,
                    evidence=f"{track.subjects} subjects with two positions or more, written to"
                    f" some {track.metres} m",
                    subjects=track.subjects,
                )
        if not found:
            yield from self._standing(examined, traces.persons_named(examined.found))

    def _standing(self, examined: Examined, persons: frozenset[str]) -> Iterator[SensitiveFinding]:
        held = {i: (column, tested) for i, column, tested in examined.held()}
        named = persons or frozenset(
            column.name
            for column, _ in held.values()
            if lexicon.names_person(column.name) and not lexicon.names_device(column.name)
        )
        if not named:
            return
        for place in traces.positions(examined.connection, examined.table):
            if place.decimals < traces.FINEST:
                continue
            for i in (place.latitude, place.longitude):
                column, tested = held[i]
                yield SensitiveFinding(
                    column.name,
                    COORDINATES,
                    tested,
                    tested,
                    certain=True,
                    evidence=f"positions beside a person's key, written to some {place.metres} m",
                )
