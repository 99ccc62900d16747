"""Where persons are and go: precise positions of individuals, and movement traces.

A movement trace is sensitive personal information (PIPL 28; 法释〔2017〕10号 article 5).  Tracks
of vessels and of vehicles under a number of their fleet, finer than five minutes, are reported
for whoever knows the waters and the drivers (rule G-10), and so are those of accounts and cards,
for whoever knows who has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from exchange.inspection import lexicon, metres, traces, trails, whereabouts
from exchange.inspection.detector import Examined
from exchange.profile import Bearer, SensitiveFinding, SensitiveKind, Track

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
            machine = track.bearer in (Bearer.VESSEL, Bearer.VEHICLE)
            if machine and track.step_seconds >= STEP_SECONDS:
                continue
            for name in self._told(examined, track):
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
            persons = traces.persons_named(examined.found)
            standing = (*self._standing(examined, persons), *self._drawn(examined, persons))
            found_so = standing or self._walking(examined) or self._going(examined)
            yield from found_so or self._passing(examined)

    def _told(self, examined: Examined, track: Track) -> Iterator[str]:
        """Yield the columns that tell where subjects are: a trip has an end as well."""
        yield from track.position
        for place in whereabouts.positions(examined):
            names = [examined.table.columns[i].name for i in place.columns]
            if place.fine and not set(names) & set(track.position):
                yield from names

    def _standing(self, examined: Examined, persons: frozenset[str]) -> Iterator[SensitiveFinding]:
        named = persons or frozenset(
            column.name
            for _, column, _ in examined.held()
            if lexicon.names_mover(column.name) and not lexicon.names_device(column.name)
        )
        if not named:
            return
        held = {i: (column, tested) for i, column, tested in examined.held()}
        for place in whereabouts.positions(examined):
            if not place.fine:
                continue
            for i in place.columns:
                column, tested = held[i]
                yield SensitiveFinding(
                    column.name,
                    COORDINATES,
                    tested,
                    tested,
                    certain=place.plain,
                    evidence=f"positions beside a person's key, written to some {place.metres} m",
                )

    def _drawn(self, examined: Examined, persons: frozenset[str]) -> Iterator[SensitiveFinding]:
        """Report whole ways in one cell, beside who went them; a ship's are a ship's."""
        bearers = {
            Bearer.PERSON if column.name in persons else traces.bearer_of(column)
            for _, column, _ in examined.held()
        }
        if bearers.isdisjoint({Bearer.PERSON, Bearer.VEHICLE}) or Bearer.VESSEL in bearers:
            return
        for i in whereabouts.ways(examined):
            yield SensitiveFinding(
                examined.table.columns[i].name,
                TRACE,
                examined.present[i],
                examined.present[i],
                certain=Bearer.PERSON in bearers,
                evidence="ways of two positions or more, beside who went them",
            )

    def _walking(self, examined: Examined) -> Sequence[SensitiveFinding]:
        """Report the way of one who is not named, for somebody to say who it is."""
        place = traces.lone_walk(examined)
        why = "positions that go on, beside what a body does on its way"
        return [_asked(examined, i, why, 1) for i in (place.columns if place else ())]

    def _passing(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Report where persons were by cells of a network, gates and stops."""
        why = "places that everybody can look up, one after the other, beside a person's key"
        for trail in trails.trails(examined):
            yield _asked(examined, trail.place, why, trail.subjects)

    def _going(self, examined: Examined) -> Sequence[SensitiveFinding]:
        """Report ways in metres or under headers that say nothing, for somebody to say whose."""
        way = metres.ways_in_metres(examined)
        if way is None:
            return ()
        subject, *place = way
        why = "positions that go on from minute to minute, beside who may be there"
        return [_asked(examined, i, why, examined.distinct(subject)) for i in place]


def _asked(examined: Examined, i: int, why: str, subjects: int) -> SensitiveFinding:
    return SensitiveFinding(
        examined.table.columns[i].name,
        TRACE,
        examined.present[i],
        examined.present[i],
        certain=False,
        evidence=why,
        subjects=subjects,
    )
