"""Copies in the register: found, recorded, told in words, and stopped at the gate."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from exchange.compliance.catalogue.registration import independent_source
from exchange.errors import Conflict, NotCompliant, NotFound
from exchange.fingerprint import Fingerprint
from exchange.formats.chinese import in_chinese, left_in_english
from exchange.registration import RegistrationState
from exchange.services.audit_provenance import export_bundle
from exchange.services.find_similar import in_others_ppm, similar_now, similar_of
from exchange.services.register_product import confirm_registration
from exchange.services.take_fingerprints import Taken, take_fingerprints
from exchange.store.schema import config
from exchange.venue import DATABASE
from ledger.audit import audit
from tests.exchange.compliance.cases import listing
from tests.exchange.compliance.examples.sources import like
from tests.exchange.floor import (
    DATA,
    DERIVATION,
    DERIVED,
    EVIDENCE,
    NOTICE,
    STORE,
    Hall,
    open_hall,
    sheet,
)
from tests.exchange.inspection.copies import Table, buoy, from_both

ROWS = DATA.splitlines()
OTHER = "station,depth\nQD,1.5\nRZ,2.5\nQD,3.5\nRZ,4.5\nQD,5.5\nRZ,6.5\n"


def copied(hall: Hall, *, parents: tuple[str, ...] = (), seed: int = 3) -> str:
    """Let another supplier register the rows in another order, renamed and separated otherwise."""
    header, *rows = ROWS
    random.Random(seed).shuffle(rows)  # noqa: S311 - the same order every time
    names = dict(zip(header.split(","), ("a", "b", "c", "d", "e"), strict=True))
    text = "\n".join([";".join(names.values()), *(row.replace(",", ";") for row in rows), ""])
    file = hall.file(f"copy-{seed}.csv", text)
    return hall.contributor.register(file, parents=parents).number


def found(hall: Hall, number: str) -> list[dict[str, object]]:
    with hall.floor.read() as work:
        entries = list(work.chain.store.of_kind(f"product/{number}", "similarity.found"))
    return [dict(entry.facts) for entry in entries]


def test_a_disguised_copy_is_registered_and_flagged_in_public(hall: Hall) -> None:
    original = hall.register().number
    copy = copied(hall)
    (facts,) = found(hall, copy)
    assert (facts["other"], facts["how"], facts["columns"]) == (original, "same-rows", 5)
    assert facts["of_this_ppm"] == facts["of_other_ppm"] == 1_000_000
    with hall.floor.read() as work:
        (similar,) = similar_of(work.products.get(copy), work)
        (now,) = similar_now(original, work)
    assert similar.words == (
        f"100 % of the rows stand in {original}, and 100 % of its rows here: "
        "the same rows in another order"
    )
    assert (now.product.number, now.likeness.renamed) == (copy, 5)


def test_the_same_bytes_are_refused_and_other_data_is_not_flagged(hall: Hall) -> None:
    hall.register()
    with pytest.raises(Conflict):
        hall.contributor.register(hall.file("again.csv"))
    other = hall.contributor.register(hall.file("other.csv", OTHER)).number
    assert found(hall, other) == []
    with hall.floor.read() as work:
        assert similar_of(work.products.get(other), work) == ()


def test_a_rejected_claim_is_nobody_s_and_no_copy_is_found_of_it(hall: Hall) -> None:
    original = hall.register().number
    hall.rival.object(original, "it is ours")
    hall.house.close_objection(original, "upheld", "it is")
    copy = copied(hall)
    assert found(hall, copy) == []


def test_a_likeness_to_a_claim_that_was_rejected_later_no_longer_counts(hall: Hall) -> None:
    original = hall.register().number
    copy = copied(hall)
    hall.rival.object(original, "it is ours")
    hall.house.close_objection(original, "upheld", "it is")
    with hall.floor.read() as work:
        assert similar_of(work.products.get(copy), work) == ()


def test_the_gate_asks_who_registered_a_copy_for_its_source(hall: Hall) -> None:
    original = hall.register().number
    hall.supplier.submit_sheet(original, sheet())
    copy = copied(hall)
    desk = hall.contributor
    desk.submit_sheet(copy, sheet(), [EVIDENCE])
    hall.attest(copy)
    hall.review(copy)
    hall.advance(seconds=NOTICE)
    with pytest.raises(NotCompliant, match=f"R-01: 100 % of the rows stand in {original}"):
        desk.list(copy)
    # The older registration is not stopped by the younger one.
    hall.attest(original)
    hall.review(original)
    assert hall.supplier.list(original)[0].listing == "listed"


def gauge(seed: int) -> list[str]:
    """Ninety rows of a gauge of its own."""
    chance = random.Random(seed)  # noqa: S311 - the same rows every time
    start = dt.datetime.fromisoformat("2026-01-05T00:00:00")
    return [
        f"QD{seed:02},{start + dt.timedelta(minutes=i)},{chance.randrange(4000) / 100},"
        f"{chance.randrange(9000)}"
        for i in range(90)
    ]


def test_what_is_cut_from_several_of_one_supplier_is_asked_for_its_source(hall: Hall) -> None:
    header = "station,time,level,pressure"
    gauges = [gauge(seed) for seed in (1, 2, 3)]
    originals = [
        hall.register(f"{i}.csv", "\n".join([header, *rows, ""])).number
        for i, rows in enumerate(gauges)
    ]
    cut = [row for rows in gauges for row in rows[30:60]]
    copy = hall.contributor.register(hall.file("cut.csv", "\n".join([header, *cut, ""]))).number
    with hall.floor.read() as work:
        similar = similar_of(work.products.get(copy), work)
        assert in_others_ppm(similar_now(copy, work), hall.product(copy).supplier) > 980_000
        assert in_others_ppm(similar_now(copy, work), hall.product(originals[0]).supplier) == 0
    assert {each.product for each in similar} == set(originals)
    assert max(max(each.of_this_ppm, each.of_other_ppm) for each in similar) < 500_000
    fired = independent_source(replace(listing(), similar=similar))
    # The shares are estimates from the values that stand in one row alone.
    others = "others' registrations together hold at most 9[89] % of the rows; 3[23] % of "
    assert re.match(others, fired.message)
    told = in_chinese(fired.message)
    assert re.match("合计最多 9[89] % 的行见于他人已登记的数据；3[23] % 的行见于", told)
    assert not left_in_english(fired.message)


def test_what_largely_holds_the_data_is_named_alone() -> None:
    small = like(product="GP-0000-0000-0003", of_this_ppm=1_000, of_other_ppm=1_000)
    fired = independent_source(replace(listing(), similar=(small, like())))
    assert fired.evidence == f"similarity.found: {like().product}"
    assert small.product not in fired.message


def written(table: Table) -> str:
    return "".join(f"{','.join(map(str, row))}\n" for row in (table.header, *table.rows))


def test_columns_put_together_from_two_products_are_told_of_both(hall: Hall) -> None:
    first, second = buoy(1, 400), buoy(2, 400, station="RZ02")
    originals = [
        hall.register(f"{i}.csv", written(each)).number for i, each in enumerate((first, second))
    ]
    own = written(from_both(first, second, "own", "more"))
    assert found(hall, hall.contributor.register(hall.file("own.csv", own)).number) == []
    copy = hall.contributor.register(hall.file("cut.csv", written(from_both(first, second)))).number
    told = {(facts["other"], facts["columns"], facts["how"]) for facts in found(hall, copy)}
    assert {each for each in told if each[0] in originals} == {
        (number, 3, "columns") for number in originals
    }


def of_gauge(hall: Hall, name: str, rows: list[str]) -> str:
    text = "\n".join(["station,time,level,pressure", *rows, ""])
    return hall.contributor.register(hall.file(f"{name}.csv", text)).number


def test_what_is_most_alike_comes_first_by_the_greater_share(hall: Hall) -> None:
    rows, others = gauge(1), gauge(2) + gauge(3)
    half = of_gauge(hall, "half", [*rows[:54], *others[:36]])
    hall.advance(seconds=1)
    within = of_gauge(hall, "within", [*rows, *others])
    assert registered(hall, of_gauge(hall, "asked", [*rows[1:], rows[0]])) == [within, half]


def test_what_is_as_much_alike_comes_by_age_and_then_by_number(hall: Hall) -> None:
    rows, copies = gauge(1), []
    for at in range(1, 7):
        if at <= 4:
            hall.advance(seconds=1)
        copies.append(of_gauge(hall, f"copy-{at}", [*rows[at:], *rows[:at]]))
    asked = of_gauge(hall, "asked", rows[::-1])
    times = [hall.product(number).registered_at for number in copies]
    assert len(set(times)) == 4
    assert registered(hall, asked) == [*copies[:3], *sorted(copies[3:])]


def test_of_what_is_ended_nothing_stands_in_others(hall: Hall) -> None:
    original = hall.register().number
    copy = copied(hall)
    with hall.floor.read() as work:
        (match,) = similar_now(copy, work)
    supplier = hall.product(copy).supplier
    assert in_others_ppm([match], supplier) == 1_000_000
    assert in_others_ppm([match], hall.product(original).supplier) == 0
    ended = replace(match, product=replace(match.product, registration=RegistrationState.CANCELLED))
    assert in_others_ppm([ended], supplier) == 0


def test_data_that_was_replaced_is_like_nothing_by_what_it_was(hall: Hall) -> None:
    original = hall.register().number
    copy = copied(hall)
    hall.advance(seconds=NOTICE)
    with hall.floor.write() as work:
        confirm_registration(work.products.get(copy), work=work, floor=hall.floor)
    hall.contributor.change(copy, hall.file("other.csv", OTHER), "mended")
    with hall.floor.read() as work:
        assert similar_of(work.products.get(copy), work) == ()
        assert similar_now(original, work) == []  # what the copy was is not found either


def test_a_copy_of_ones_own_from_the_same_parents_is_ones_own(listed: Hall) -> None:
    listed.grant()
    child = listed.derive()
    header, *rows = DERIVED.splitlines()
    file = listed.file("anew.csv", "\n".join([header, *reversed(rows), ""]))
    made = {"parents": [listed.number]}
    again = listed.contributor.register(file, sheet(sources=[DERIVATION]), [EVIDENCE], **made)
    with listed.floor.read() as work:
        told = {each.product: each for each in similar_of(work.products.get(again.number), work)}
    assert told[child].own
    assert (told[listed.number].own, told[listed.number].declared) == (False, True)


def test_what_is_declared_as_derived_needs_no_attestation_of_another_source(hall: Hall) -> None:
    hall.number = hall.register().number
    hall.advance(seconds=NOTICE)
    hall.grant()
    copy = copied(hall, parents=(hall.number,))
    with hall.floor.read() as work:
        (similar,) = similar_of(work.products.get(copy), work)
    assert similar.declared


def test_what_was_found_is_audited_and_the_fingerprints_stay_at_home(
    hall: Hall, tmp_path: Path
) -> None:
    number = hall.register().number
    copied(hall)
    with hall.floor.read() as work:
        kept = work.fingerprints.get(number, hall.product(number).data)
        assert isinstance(kept, Fingerprint)
        assert work.fingerprints.get(number, "0" * 64) is None
    bundle = tmp_path / "bundle"
    export_bundle(bundle, floor=hall.floor)
    assert audit(bundle).findings == []
    hashes = [str(key).encode() for key in kept.rows.keys]
    packed = kept.to_bytes()[-400:]
    for path in (path for path in bundle.rglob("*") if path.is_file()):
        read = path.read_bytes()
        assert packed not in read
        assert not any(each in read for each in hashes)


def test_a_forgotten_fingerprint_is_found_by_nobody(hall: Hall) -> None:
    number = hall.register().number
    with hall.floor.write() as work:
        work.fingerprints.discard(number)
    assert found(hall, copied(hall)) == []
    with hall.floor.read() as work, pytest.raises(NotFound, match="fingerprint"):
        similar_now(number, work)


def test_nothing_of_a_file_is_kept_whose_registration_is_refused(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        with pytest.raises(NotFound):
            copied(hall, parents=("GP-0000-0000-0000",))
        assert found(hall, hall.register().number) == []


def old(hall: Hall) -> None:
    """Bring the store to the schema before fingerprints were kept, and back to this one's."""
    settings = config()
    # Foreign keys are off by default: the way down makes tables anew that others point to.
    engine = create_engine(f"sqlite:///{hall.folder / DATABASE}")
    try:
        for way, to in ((command.downgrade, "0002"), (command.upgrade, "head")):
            with engine.begin() as connection:
                settings.attributes["connection"] = connection
                way(settings, to)
    finally:
        engine.dispose()


def registered(hall: Hall, number: str) -> list[str]:
    """Return what a copy of the product's data is found like, if its fingerprint is known."""
    with hall.floor.read() as work:
        return [match.product.number for match in similar_now(number, work)]


TO_BYTES = Fingerprint.to_bytes


def older(kept: Fingerprint) -> bytes:
    """Write a fingerprint in the first form, which kept no numbers."""
    plain = Fingerprint(
        kept.rows,
        tuple(replace(each, instant=False, base=None) for each in kept.columns),
        tuple(replace(each, numbers=()) for each in kept.anchors),
    )
    _, head, packed = TO_BYTES(plain).split(b"\n", 2)
    words = json.loads(head)
    words["columns"] = [each[:4] for each in words["columns"]]
    return b"fingerprint 1\n" + json.dumps(words).encode() + b"\n" + packed


def test_a_fingerprint_of_the_older_form_is_taken_anew(hall: Hall) -> None:
    number = hall.register("tide.csv", tide(100, 0.0)).number
    with hall.floor.read() as work:
        taken = work.fingerprints.get(number, hall.product(number).data)
    assert taken is not None
    with hall.floor.write() as work:
        work.fingerprints.discard(number)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Fingerprint, "to_bytes", older)
            patched.setattr(Fingerprint, "probes", frozenset({1}))
            work.fingerprints.put(number, hall.product(number).data, taken)
    missed = hall.contributor.register(hall.file("missed.csv", tide(1, 35.0))).number
    assert found(hall, missed) == []
    assert take_fingerprints(floor=hall.floor) == Taken(1)
    with hall.floor.read() as work:
        assert work.fingerprints.get(number, hall.product(number).data) == taken
    assert registered(hall, missed) == [number]
    assert take_fingerprints(floor=hall.floor) == Taken(0)


def tide(factor: int, offset: float) -> str:
    """A gauge's levels, told in some unit above some datum."""
    chance = random.Random(9)  # noqa: S311 - the same levels every time
    start = dt.datetime.fromisoformat("2026-01-05T00:00:00")
    lines = ["station,time,level"]
    for i in range(200):
        at = start + dt.timedelta(minutes=10 * i)
        level = round(factor * chance.randrange(400) / 100 + offset, 2)
        lines.append(f"QD01,{at:%Y-%m-%d %H:%M:%S},{level}")
    return "\n".join([*lines, ""])


def test_a_copy_in_other_units_is_flagged_and_its_map_is_told(hall: Hall) -> None:
    original = hall.register("tide.csv", tide(1, 0.0)).number
    copy = hall.contributor.register(hall.file("feet.csv", tide(100, 35.0))).number
    (facts,) = found(hall, copy)
    assert (facts["other"], facts["how"], facts["columns"]) == (original, "converted", 3)
    with hall.floor.read() as work:
        (similar,) = similar_of(work.products.get(copy), work)
        (match,) = similar_now(copy, work)
    assert similar.words.endswith(
        "rows that agree in 3 columns, some in other units, with a constant added, or rounded"
    )
    told = match.to_record()
    assert told["converted"] == [{"column": "level", "factor": "100", "offset": "35"}]


@pytest.mark.skipif(STORE != "sqlite", reason="moves a SQLite store through its schemas")
def test_data_registered_before_fingerprints_is_found_once_they_are_taken(hall: Hall) -> None:
    original = hall.register().number
    old(hall)
    with hall.floor.read() as work:
        assert work.fingerprints.get(original, hall.product(original).data) is None
    missed = copied(hall)
    assert found(hall, missed) == []
    assert take_fingerprints(floor=hall.floor) == Taken(1)
    assert registered(hall, missed) == [original]
    again = copied(hall, seed=5)
    assert {facts["other"] for facts in found(hall, again)} == {original, missed}
    assert take_fingerprints(floor=hall.floor) == Taken(0)


@pytest.mark.skipif(STORE != "sqlite", reason="moves a SQLite store through its schemas")
def test_a_file_that_is_gone_is_named_and_the_others_are_taken(hall: Hall) -> None:
    gone, kept = hall.register(), hall.register("other.csv", OTHER)
    old(hall)
    hall.floor.vault.discard(gone.data)
    taken = take_fingerprints(floor=hall.floor)
    assert (taken.files, [number for number, _ in taken.without]) == (1, [gone.number])
    with hall.floor.read() as work:
        assert work.fingerprints.get(kept.number, kept.data) is not None
