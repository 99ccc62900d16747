"""Books of the store: what one transaction reads, and how it writes over it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.clearing import OUTSIDE, Journal, Posting, available
from exchange.errors import InsufficientFunds, NotFound, Stale
from exchange.participants import Standing
from pricing.money import Currency, Money
from tests.exchange.floor import PRICE, Hall
from tests.exchange.floor import listed as listed  # noqa: PLC0414 - a fixture


def test_what_was_put_is_read_in_the_same_transaction_and_in_the_next(listed: Hall) -> None:
    with listed.floor.write() as work:
        product = work.products.get(listed.number)
        assert product is work.products.get(listed.number)
        renamed = replace(product, name="renamed")
        work.products.put(renamed)
        assert work.products.get(listed.number) == renamed
        assert list(work.products.all()) == [renamed]
        again = replace(renamed, name="renamed again")
        work.products.put(again)
    assert listed.product() == again


def test_what_was_rolled_back_is_read_as_it_was(listed: Hall) -> None:
    product = listed.product()
    with pytest.raises(ZeroDivisionError), listed.floor.write() as work:
        work.products.put(replace(product, name=str(1 // (len(product.name) - len(product.name)))))
    assert listed.product() == product


def test_a_participant_is_found_by_its_id_and_by_its_handle(listed: Hall) -> None:
    with listed.floor.write() as work:
        buyer = work.participants.get("buyer")
        assert work.participants.get(buyer.id) is buyer
        suspended = replace(buyer, standing=Standing.SUSPENDED)
        work.participants.put(suspended)
        assert work.participants.get("buyer") == work.participants.get(buyer.id) == suspended
        assert work.participants.find("nobody") is None
        with pytest.raises(NotFound, match="there is no participant nobody"):
            work.participants.get("nobody")


def test_a_row_written_meanwhile_is_stale(listed: Hall) -> None:
    """SQLite has one writer, so the other one's change is made by hand here."""
    with listed.venue._work_sql(writing=True) as work:
        product = work.products.get(listed.number)
        work.session.connection().exec_driver_sql("UPDATE product SET version = version + 1")
        with pytest.raises(Stale, match=f"product {listed.number} has changed since it was read"):
            work.products.put(replace(product, name="as it was"))
    assert listed.product().name != "as it was"


def test_yes_and_no_are_read_as_they_were_written(listed: Hall) -> None:
    scenario = listed.scenario(onward_transfer=False)
    with listed.floor.read() as work:
        read = work.scenarios.get(scenario)
    assert read.onward_transfer is False


def test_a_record_that_is_public_stays_so(listed: Hall) -> None:
    with listed.floor.write() as work:
        digest = work.records.put(b"first private", public=False)
        assert digest not in dict(work.records.public())
        assert work.records.put(b"first private", public=True) == digest
        assert work.records.put(b"first private", public=False) == digest
        assert dict(work.records.public())[digest] == work.records.get(digest) == b"first private"


def test_an_account_opens_with_its_first_posting_and_holds_what_it_got(listed: Hall) -> None:
    product = listed.product()
    with listed.floor.write() as work:
        accounts, new = work.accounts, "participant/new"
        assert accounts.balance(new) == Money(0)
        filled = Posting(OUTSIDE, -PRICE), Posting(new, PRICE)
        accounts.post(Journal("filled", product.head, filled))
        assert accounts.balance(new) == PRICE
        assert accounts.balance(new, Currency.USD) == Money(0, Currency.USD)
        journal = accounts.journals(new)[-1]
        assert (journal.what, journal.entry, journal.postings) == ("filled", product.head, filled)
        spent = Posting(new, -PRICE), Posting(available("other"), PRICE)
        accounts.post(Journal("spent", product.head, spent))
        with pytest.raises(InsufficientFunds, match=r"participant/new holds 0\.00 CNY"):
            accounts.post(Journal("spent again", product.head, spent))
