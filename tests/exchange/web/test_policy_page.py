"""What a product is offered on, in words and for machines, to anybody."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from exchange.formats import odrl
from exchange.formats.chinese import match_said_in
from exchange.matching import Wish, match
from exchange.policy.intersection import Parent, Supply, offer
from exchange.services.judge_use import offered_policy
from exchange.specsheet import Conditions, Price, PriceMode, TimeLimit
from exchange.web.client import Problem, Request
from exchange.web.pages.policies import Said, lines_of
from exchange.web.pages.words import LANGUAGES, WORDS
from ledger.rights import ANY, Holding
from pricing.money import Money
from tests.exchange.web.town import Town, sheet

SUPPLIER, OTHER = "PT-1111-1111-1111", "PT-2222-2222-2222"


def held(right: str = "operating", by: str = SUPPLIER, *, until: str | None = None) -> Holding:
    return Holding(
        by,
        right,
        ("research",),
        (ANY,),
        until=until,
        exclusive=False,
        transferable=False,
        rests_on=(),
    )


CONDITIONS = Conditions(
    purposes=("research", "navigation"),
    regions=("CN",),
    time_limit=TimeLimit.UNITS_THEN_ERASED,
    term_days=365,
    units=1_500,
    prohibited=("military",),
)
PARENT = Parent("GP-PARENT", "GP-CHILD", CONDITIONS, SUPPLIER, (held("processing"),))
SUPPLY = Supply("GP-CHILD", SUPPLIER, CONDITIONS, (held(),), (PARENT,))


def page(town: Town, lang: str, number: str = "") -> str:
    answer = town.app.test_client().get(f"/products/{number or town.product}/policy?lang={lang}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", str(answer.text))).replace(" ,", ",")


def said(supply: Supply) -> tuple[list[Said], list[tuple[str, Said]]]:
    """Return what is permitted, and every act that is prohibited or owed with its lines."""
    policy = offer(supply)
    others = (*policy.prohibitions, *policy.obligations)
    return (
        [each for rule in policy.permissions for each in lines_of(rule)],
        [(rule.action, each) for rule in others for each in lines_of(rule)],
    )


def test_conditions_are_said_in_both_languages(market: Town) -> None:
    english, chinese = page(market, "en"), page(market, "zh")
    for words in (
        "Purpose: one of navigation, research Conditions of use",
        "Days since the contract: at most 365 days Conditions of use",
        "Pass it on to others always Conditions of use",
        "Make it public always Conditions of use",
    ):
        assert words in english
    for words in ("用途: 为其中之一： navigation, research", "至多 365 天", "转移给他人 任何情况"):
        assert words in chinese


def test_the_product_links_to_its_policy_and_that_to_both_files(market: Town) -> None:
    client = market.app.test_client()
    assert f"/products/{market.product}/policy?lang=en" in client.get(
        f"/products/{market.product}?lang=en"
    ).text.replace("&amp;", "&")
    shown = client.get(f"/products/{market.product}/policy").text
    with market.venue.floor.read() as work:
        product = work.products.get(market.product)
        policy = offered_policy(product, work=work, floor=market.venue.floor)
    for name, read in (("policy", odrl.read_json_ld), ("policy.ttl", odrl.read_turtle)):
        path = f"/api/v1/products/{market.product}/{name}"
        assert f'href="{path}"' in shown
        assert read(client.get(path).data) == policy
    assert policy.uid in shown


def test_the_api_gives_turtle_to_who_accepts_it(market: Town) -> None:
    client = market.client()
    path = f"/products/{market.product}/policy"
    assert client.get(path).headers["Content-Type"] == odrl.JSON_LD
    turtle = client._ask(Request("GET", client._url(path), {"Accept": odrl.TURTLE}))
    assert turtle.headers["Content-Type"].startswith(odrl.TURTLE)
    with pytest.raises(Problem, match="not_found"):
        client.get("/products/GP-0000-0000-0000/policy")


def test_what_is_not_on_the_board_says_so(market: Town) -> None:
    assert WORDS["policy.not_listed"][1] not in page(market, "en")
    market.desk("house").suspend_listing(market.product, "on the desk")
    assert WORDS["policy.not_listed"][1] in page(market, "en")


def test_each_line_names_the_part_that_it_comes_from() -> None:
    permitted, others = said(SUPPLY)
    assert Said("count", "lteq", ("1,500",), "conditions") in permitted
    assert Said("purpose", "isAnyOf", ("research",), "rights") in permitted
    both = ("navigation", "research")
    assert Said("purpose", "isAnyOf", both, "parents.conditions", "GP-PARENT") in permitted
    one = ("research",)
    assert Said("purpose", "isAnyOf", one, "parents.processing", "GP-PARENT") in permitted
    military = Said("purpose", "isAnyOf", ("military",), "conditions")
    assert ("use", military) in others
    assert ("distribute", Said("", "", (), "conditions")) in others
    assert ("delete", Said("count", "gt", ("1,500",), "erase")) in others


def test_several_rights_are_several_ways() -> None:
    two = (held(until="2027-01-01T00:00:00Z"), replace(held(), purposes=("navigation",)))
    permitted, _ = said(replace(SUPPLY, operating=two))
    ways = {each.way for each in permitted if each.part == "rights"}
    assert sorted(ways) == [1, 2]
    times = [each for each in permitted if each.operand == "dateTime"]
    assert [(each.operator, each.values) for each in times] == [("lteq", ("2027-01-01T00:00:00Z",))]
    assert len([each for each in permitted if each.way == times[0].way]) == 2


@pytest.mark.parametrize(
    "supply",
    [
        SUPPLY,
        replace(SUPPLY, operating=()),
        replace(SUPPLY, parents=(replace(PARENT, processing=()),)),
        replace(SUPPLY, conditions=replace(CONDITIONS, units=None)),
        replace(SUPPLY, conditions=replace(CONDITIONS, time_limit=TimeLimit.THIS_CALL)),
        replace(
            SUPPLY,
            conditions=replace(CONDITIONS, time_limit=TimeLimit.TERM_THEN_ERASED, term_days=None),
        ),
        replace(SUPPLY, conditions=replace(CONDITIONS, time_limit=TimeLimit.TERM_THEN_ERASED)),
        replace(SUPPLY, operating=(held(until="2027-01-01T00:00:00Z"),)),
        replace(
            SUPPLY,
            parents=(
                replace(
                    PARENT, conditions=replace(CONDITIONS, time_limit=TimeLimit.TERM_THEN_ERASED)
                ),
            ),
        ),
    ],
)
def test_there_are_words_for_whatever_an_offer_says(supply: Supply) -> None:
    permitted, others = said(supply)
    for each in (*permitted, *(line for _, line in others)):
        assert f"policy.part.{each.part}" in WORDS
        if each.operand:
            assert f"policy.operand.{each.operand}" in WORDS
            assert f"policy.operator.{each.operator}" in WORDS
    for action, _ in others:
        assert f"policy.action.{action}" in WORDS


@pytest.mark.parametrize(
    ("wish", "amount"),
    [
        (Wish("research", "CN", 90, sector="海洋", budget=Money(200_000), words=("tide",)), 1),
        (Wish("resale", "US", 9_000, onward_transfer=True, public_release=True), 1),
        (Wish("research", "CN", 90, budget=Money(1)), 200),
        (Wish("research", "CN", 90, budget=Money(1)), None),
        (Wish("research", "CN", 90), 0),
    ],
)
def test_what_a_match_says_is_said_in_chinese(wish: Wish, amount: int | None) -> None:
    price = Price(PriceMode.ONE_OFF, Money(amount)) if amount else Price(PriceMode.FREE)
    offered = sheet(price=Price(PriceMode.NEGOTIATED) if amount is None else price)
    found = match(wish, "GP-1", offered, {}, [("GP-0", offered.conditions)])
    texts = [part.says for part in found.parts if part.name != "words" or "none" in part.says]
    texts += [each.partition(":")[2] for each in found.obstacles]
    for text in texts:
        assert match_said_in("zh", text) != text.strip(), text
        assert match_said_in("en", text) == text.strip()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_leads_to_every_other_by_its_groups(market: Town, lang: str) -> None:
    shown = market.app.test_client().get(f"/fees?lang={lang}").text
    for path in ("/demands", "/fit", "/auctions", "/participants", "/cycles", "/verify", "/drafts"):
        assert f'href="{path}?lang={lang}"' in shown
    assert f'href="/fees?lang={lang}" aria-current="page"' in shown
