"""What opens something is told by its form, its header or its neighbours; counts open nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.inspection.cells import Cells
from exchange.inspection.detectors import salted, wallets
from exchange.profile import SensitiveKind
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.passwords import HASHES, with_checksum

CREDENTIAL = SensitiveKind.CREDENTIAL
# The example of Bitcoin's wiki: the same key for either form of its public key.
LONG_KEY = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
SHORT_KEY = "KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617"


@pytest.mark.parametrize("form", HASHES)
def test_a_hash_of_a_password_is_found_alone_and_within_a_text(form: str) -> None:
    value = HASHES[form](Draw(form, 1))
    texts = [value, f"u1:{value}:19000:0:", f"set to {value}", "$12.50", "* a star and $2 more"]
    cells = Cells.of(texts)
    holding = salted.holding(cells).tolist()
    assert [i for i in holding if salted.FORM.search(cells.text(i))] == [0, 1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "$2a = $x;",
        "costs $6$ or $7 for every one of the thirty-three parts",
        "*0123456789abcdef0123456789abcdef01234567",
        "d41d8cd98f00b204e9800998ecf8427e *sea.nc",
        "{SHA} is a form of digests, which is described in RFC 2307",
    ],
)
def test_a_dollar_a_star_or_a_word_is_no_hash(text: str) -> None:
    assert salted.FORM.search(text) is None


@given(st.lists(st.text(alphabet="$*{}2ayPS6HA-", max_size=60), min_size=1, max_size=20))
def test_where_a_hash_may_stand_is_asked_of_any_text(texts: list[str]) -> None:
    assert set(salted.holding(Cells.of(texts)).tolist()) <= set(range(len(texts)))


@pytest.mark.parametrize("key", [LONG_KEY, SHORT_KEY])
def test_a_key_of_a_wallet_is_known_by_its_check(key: str) -> None:
    assert wallets.holds_key(f"key: {key}.")
    wrong = key[:-1] + ("2" if key[-1] != "2" else "3")
    assert not wallets.holds_key(wrong)
    assert not wallets.holds_key(f"a{key}")


@given(st.binary(min_size=32, max_size=32), st.sampled_from([b"", b"\1"]))
def test_every_key_of_a_wallet_is_known(secret: bytes, form: bytes) -> None:
    key = with_checksum(b"\x80" + secret + form)
    assert wallets.holds_key(key)
    assert key[:2] in wallets.STARTS.decode().split()


def test_a_number_of_an_address_is_no_key() -> None:
    assert not wallets.holds_key(with_checksum(b"\0" + bytes(range(20))))
    assert not wallets.holds_key("L" + "z" * 51)


@pytest.mark.parametrize(
    ("words", "right"), [(11, False), (12, True), (13, False), (15, True), (24, True), (27, False)]
)
def test_a_wallet_has_so_many_words_and_no_others(words: int, right: bool) -> None:  # noqa: FBT001
    assert wallets.is_phrase(" ".join(["abandon"] * words)) is right


def test_words_of_a_wallet_differ_in_their_first_four_letters() -> None:
    assert wallets.of_one_list(["abandon ability", "able about"])
    assert not wallets.of_one_list(["station stations"])


@pytest.mark.parametrize("different", [10, 50, 150])
def test_a_list_of_passwords_may_repeat_itself(inspected: Inspected, different: int) -> None:
    cells = "".join(f"{n},Tide{n % different:03}!\n" for n in range(300))
    (found,) = inspected(f"n,password\n{cells}").sensitive
    assert (found.kind, found.certain, found.matched) == (CREDENTIAL, True, 300)


def test_a_few_words_about_passwords_are_none(inspected: Inspected) -> None:
    cells = "".join(f"{n},status-{n % 9}\n" for n in range(300))
    assert not inspected(f"n,password\n{cells}").sensitive


@pytest.mark.parametrize(
    "header", ["encrypted_password", "secret_access_key", "my_refresh_token_1"]
)
def test_a_header_for_secrets_is_none_itself(inspected: Inspected, header: str) -> None:
    cells = "".join(f"{n},{n % 40}\n" for n in range(300))
    assert not inspected(f"n,{header}\n{cells}").sensitive


def test_numbers_under_a_header_for_passwords_are_asked_about(inspected: Inspected) -> None:
    numbers = [100_000 + n * 2_971 % 900_000 for n in range(300)]
    (found,) = inspected("密码,n\n" + "".join(f"{each},1\n" for each in numbers)).sensitive
    assert (found.kind, found.certain) == (CREDENTIAL, False)


@pytest.mark.parametrize(
    "number",
    [
        lambda n: 100_000 + n,
        lambda n: 20_240_101 + n % 28,
        lambda n: 1_700_000_000 + n * 86_400,
        lambda n: n * 7 % 400,
    ],
    ids=["counting up", "days", "instants", "few digits"],
)
def test_counts_and_days_under_such_a_header_are_none(inspected: Inspected, number: object) -> None:
    assert callable(number)
    cells = "".join(f"{number(n)},1\n" for n in range(300))
    assert not inspected(f"密码,n\n{cells}").sensitive


def test_a_session_is_asked_about_beside_when_it_expires(inspected: Inspected) -> None:
    d = Draw("sessions", 300)
    rows = [f"{d.hexadecimal(32)},2026-01-02 03:04:05\n" for _ in range(300)]
    (found,) = inspected("session_id,expires_at\n" + "".join(rows)).sensitive
    assert (found.column, found.certain) == ("session_id", False)
    assert not inspected("session_id,began_at\n" + "".join(rows)).sensitive


def test_the_check_of_a_card_needs_no_neighbour_and_its_number_does(inspected: Inspected) -> None:
    d = Draw("cards", 300)
    rows = [f"{d.digits(3)},{d.digits(4)}\n" for _ in range(300)]
    found = inspected("cvc,pin\n" + "".join(rows)).sensitive
    assert [each.column for each in found] == ["cvc", "pin"]
    assert not any(each.certain for each in found)
    assert not inspected("depth,pin\n" + "".join(rows)).sensitive
