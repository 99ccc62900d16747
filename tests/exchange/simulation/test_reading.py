"""Market files: what is read, and how each thing that cannot be is refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from exchange.errors import BadField, NotFound, Unreadable
from exchange.simulation.market import Buyers, Defect, Kind, Market, PlugIn, Way
from exchange.simulation.market.plugged import built
from exchange.simulation.market.possible import flaws, require_possible
from exchange.simulation.market.reading import (
    FILE_MAX,
    canonical,
    digest,
    market_from,
    market_of,
    read_market,
    record_of,
)
from exchange.simulation.streams import Distribution
from pricing.learning.hedge import Hedge
from tests.exchange.simulation.written import WHOLE


@pytest.fixture(scope="module")
def sea() -> Market:
    return market_of(WHOLE, "sea.toml")


def refused(text: str) -> str:
    with pytest.raises(BadField) as caught:
        market_of(text, "sea.toml")
    assert str(caught.value) == f"{caught.value.field}: {caught.value.rule}"
    return str(caught.value)


def test_a_file_is_read_as_it_says(tmp_path: Path, sea: Market) -> None:
    path = tmp_path / "sea.toml"
    path.write_text(WHOLE, encoding="utf-8")
    assert read_market(path) == sea
    buoy, chart, survey, feed = sea.kinds
    assert buoy.price == Distribution("lognormal", 300_000.0, 0.2)
    assert chart.price == Distribution("fixed", 500_000.0)
    assert (buoy.way, survey.way, feed.way) == (Way.NEGOTIATED, Way.AUCTION, Way.DEAL)
    assert buoy.defects == {Defect.CORE: 0.1, Defect.PERSONAL: 0.2}
    assert chart.parents == ("buoy",)
    assert sea.suppliers[1].joins == Distribution("uniform", 0.0, 4.0)
    assert (sea.house.fee_ppm, sea.house.quote_seconds) == (30_000, 86_400)


def test_the_parameters_of_a_plug_in_mean_the_digits_that_stand_there(sea: Market) -> None:
    learner = sea.kinds[0].learner
    assert learner is not None
    assert learner.parameters["rate"] == "0.1"
    assert learner.parameters["grid"]["floor"] == {"minor": 10_000, "currency": "CNY"}
    plugin = built("learner", learner, seed=7)
    assert isinstance(plugin, Hedge)
    assert (plugin.rate, plugin.seed) == (0.1, 7)


def test_a_seed_that_the_market_gives_a_plug_in_stays() -> None:
    plug_in = PlugIn("rsop", {"seed": 3})
    assert built("mechanism", plug_in, seed=7).seed == 3


FIELDS = [field.name for field in dataclasses.fields(Market)]
DIFFER = "only a negotiated price can differ from buyer to buyer"
DEFECTS = (
    "'personal', 'core', 'important', 'unproven', 'unattested', 'duplicate', 'overstated', "
    "'shoddy' or 'unlicensed'"
)


# What is edited of the file, then the line, the field and the rule of the refusal.
SINGLE = [
    ("days = 20", "days = 0", 4, "days", "must be greater than or equal to 1, not 0"),
    ("days = 20", "days = 4000", 4, "days",
     "must be less than or equal to 3660, not 4000"),
    ("rounds = 2", "rounds = 97", 5, "rounds", "must be less than or equal to 96, not 97"),
    ("rounds = 2", "rounds = 2.0", 5, "rounds", "must be a valid integer, not 2.0"),
    ("rounds = 2", "rounds = true", 5, "rounds", "must be a valid integer, not True"),
    ("rounds = 2", "start = 1999-12-31", 5, "start",
     "must be greater than or equal to 2000-01-01"),
    ("rounds = 2", "seed = -1", 5, "seed", "must be greater than or equal to 0, not -1"),
    ("rounds = 2", "round = 2", 5, "round",
     f"unknown; known are {', '.join(FIELDS)}"),
    ("count = 10", "count = 10\nlook = 2", 69, "buyers[0].look",
     f"unknown; known are {', '.join(field.name for field in dataclasses.fields(Buyers))}"),
    ("rate = 0.1 }", "rate = 0.1 }\nseed = 3", 27, "kinds[0].learner.seed",
     "unknown; known are name, parameters"),
    (", sigma = 0.2", ", sigma = 0.2, mode = 1", 18, "kinds[0].price.mode",
     "unknown; known are law, value, low, high, median, sigma, mean"),
    ('name = "sea"\n', "", 1, "name", "missing, and it has no default"),
    ('name = "buoy"\n', "", 15, "kinds[0].name", "missing, and it has no default"),
    (", sigma = 0.2", "", 18, "kinds[0].price.sigma",
     "missing, and it has no default"),
    ('name = "sea"', 'name = "Sea!"', 1, "name",
     "must match pattern '^[a-z][a-z0-9-]{0,39}$', not 'Sea!'"),
    ('title = { zh = "海市", en', "title = { en", 2, "title",
     "must be a text in zh and one in en: zh is missing"),
    ("sigma = 0.2", "sigma = -0.2", 18, "kinds[0].price.sigma",
     "must be greater than or equal to 0, not -0.2"),
    ("sigma = 0.2", "sigma = 5.1", 18, "kinds[0].price.sigma",
     "must be less than or equal to 5, not 5.1"),
    ("sigma = 0.2", "sigma = nan", 18, "kinds[0].price.sigma",
     "must be a finite number, not nan"),
    ('"3000.00 CNY"', '"-3000.00 CNY"', 18, "kinds[0].price.median",
     "must be greater than or equal to 0, not -300000"),
    ('"3000.00 CNY"', '"3000.00 USD"', 18, "kinds[0].price.median",
     "must be in CNY, not in USD, not '3000.00 USD'"),
    ('value = "100000.00 CNY"', "value = -1", 70, "buyers[0].budget.value",
     "must be greater than or equal to 0, not -1"),
    ('"exponential", mean = "4000.00 CNY"', '"pareto", mean = 1', 71, "buyers[0].value",
     "must be a table whose law is one of fixed, uniform, lognormal, exponential"),
    ("low = 0.2, high = 0.9", "low = 0.9, high = 0.2", 19, "kinds[0].quality",
     "must have a low that is not above its high"),
    ('"uniform", low = 0.2, high = 0.9', '"lognormal", median = 0.9, sigma = 0.5', 19,
     "kinds[0].quality", "must stay within 0 and 1: it reaches 4.21966"),
    ("low = 0, high = 4 }", "low = -1, high = 4 }", 59, "suppliers[1].joins.low",
     "must be greater than or equal to 0, not -1"),
    ("count = 3", "count = -3", 52, "suppliers[0].count",
     "must be greater than or equal to 0, not -3"),
    ("buoy = 2, feed", "buoy = -2, feed", 53, "suppliers[0].offers.buoy",
     "must be greater than or equal to 0, not -2"),
    ("buoy = 2, feed", "Buoy = 2, feed", 53, "suppliers[0].offers.Buoy",
     "must match pattern '^[a-z][a-z0-9-]{0,39}$', not 'Buoy'"),
    ("offers = { buoy = 2, feed = 1 }", "offers = {}", 53, "suppliers[0].offers",
     "must have at least 1 of them"),
    ("delivery_fails = 0.01", "delivery_fails = 1.5", 13, "faults.delivery_fails",
     "must be less than or equal to 1, not 1.5"),
    ("core = 0.1", "rotten = 0.1", 23, "kinds[0].defects.rotten",
     f"must be {DEFECTS}, not 'rotten'"),
    ('blow = "fee"', 'blow = "fire"', 102, "shocks[0].blow",
     "must be 'fee', 'demand', 'value', 'exit' or 'entry', not 'fire'"),
    ("strength = 2", "strength = 0", 90, "misconduct[0].strength",
     "must be greater than 0, not 0"),
]  # fmt: skip

TOGETHER = [
    ('name = "chart"', 'name = "buoy"', 29, "kinds[1].name", "'buoy' is kinds[0] already"),
    ('name = "ports"', 'name = "ranches"', 74, "buyers[1].name",
     "'ranches' is suppliers[0] already"),
    ('rule_pack = "cn"', 'rule_pack = "atlantis"', 9, "house.rule_pack",
     "'atlantis' is no installed rule pack: cn, eu"),
    ("netting_days = 5", "netting_days = 21", 10, "house.netting_days",
     "no cycle within the run of 20 days"),
    ("netting_days = 5", "netting_days = 0", 80, "brokers[0]",
     "deals are netted, and house.netting_days is 0"),
    ("delivery_fails = 0.01", "delivery_fails = 0.7\npayment_late = 0.7", 12, "faults",
     "shares of trades sum to 1 at most, not 1.4"),
    ('name = "hedge"', 'name = "hegde"', 25, "kinds[0].learner.name",
     "no 'hegde' in pricing.learners; available: exp3, hedge, kleinberg-leighton, ucb1"),
    ("rate = 0.1 }", "rate = 0.9 }", 26, "kinds[0].learner.parameters.rate",
     "0.9 is not above 0 and at most 0.5"),
    ("steps = 9", "steps = 0", 26, "kinds[0].learner.parameters.grid.steps",
     "0 is not a whole number of at least 1"),
    ('"50.00 CNY"', '"fifty"', 41, "kinds[2].mechanism.parameters.reserve",
     '\'fifty\' is not an amount such as "12000.00 CNY"'),
    ('mechanism = { name = "second-price", parameters = { reserve = "50.00 CNY" } }\n', "",
     35, "kinds[2].mechanism",
     "needed by a kind that is auctioned, and the way is auction"),
    ('way = "auction"', "", 41, "kinds[2].mechanism",
     "of auctions, and the way is posted"),
    ('way = "auction"', 'way = "auction"\nauction_days = 21', 41,
     "kinds[2].auction_days", "no auction within the run of 20 days"),
    ('way = "negotiated"', "", 24, "kinds[0].learner",
     "moves negotiated offers, and the way is posted"),
    ('kinds = ["feed"]', 'kinds = ["buoy"]', 48, "kinds[3].way",
     "no broker brings deals of this kind"),
    ("contributors = 2\n", "", 21, "kinds[0].allocator",
     "contributors and an allocator that shares among them go together"),
    ('allocator = { name = "shapley" }', "", 21, "kinds[0].contributors",
     "contributors and an allocator that shares among them go together"),
    ("core = 0.1", "core = 0.9", 23, "kinds[0].defects",
     "shares of products sum to 1 at most, not 1.1"),
    ('parents = ["buoy"]', 'parents = ["buoys"]', 33, "kinds[1].parents[0]",
     "'buoys' is no kind: buoy, chart, survey, feed"),
    ("offers = { buoy = 2, feed = 1 }", "offers = { feed = 1 }", 33, "kinds[1].parents[0]",
     "nobody offers buoy, which this derives from"),
    ('parents = ["buoy"]', 'parents = ["chart"]', 33, "kinds[1].parents",
     "nothing derives from itself: chart from chart"),
    ("contributors = 2", 'contributors = 2\nparents = ["chart"]', 22,
     "kinds[0].parents", "nothing derives from itself: buoy from chart from buoy"),
    ("buoy = 2, feed = 1", "buoy = 2, fish = 1", 53, "suppliers[0].offers.fish",
     "'fish' is no kind: buoy, chart, survey, feed"),
    ("offers = { chart = 1 }", "offers = { chart = 0 }", 64,
     "suppliers[2].offers", "at least one product of one kind"),
    ("count = 2\noffers", "count = 1_000_000\noffers", 57, "suppliers[1].count",
     "2,000,009 products: 1,000,000 at most"),
    ("low = 0, high = 4 }", "low = 0, high = 20 }", 59, "suppliers[1].joins",
     "days 0 to 19 of the run, not 20"),
    ("buoy = 2, chart = 1 }", "fish = 1 }", 69, "buyers[0].wants.fish",
     "'fish' is no kind: buoy, chart, survey, feed"),
    ("count = 2\noffers", "count = 0\noffers", 76, "buyers[1].wants.survey",
     "nobody offers survey"),
    ("buoy = 2, chart = 1 }", "buoy = 0 }", 69, "buyers[0].wants",
     "at least one weight above 0"),
    ('"100000.00 CNY"', '"9007199254750.00 CNY"', 70, "buyers[0].budget",
     "may come to 9,007,199,254,750,000 minor units with all buyers: 2^53 - 1 at most"),
    ('high = "2000.00 CNY"', "high = 9007199254740991", 78, "buyers[1].value",
     "may come to 11,258,999,068,425,000 minor units with taste and shocks: 2^53 - 1 at most"),
    ("count = 10", "count = 1_000_000\narrivals = 1000", 69, "buyers[0].arrivals",
     "60,000,000,000 looks in all: 1,000,000,000 at most"),
    ('kinds = ["feed"]', 'kinds = ["feed", "fish"]', 83, "brokers[0].kinds[1]",
     "'fish' is no kind: buoy, chart, survey, feed"),
    ('suppliers = "ranches"\ncount = 1', 'suppliers = "farms"\ncount = 1', 88,
     "misconduct[0].suppliers",
     "'farms' is no group of suppliers: ranches, institutes, newcomers"),
    ("count = 1\nstrength", "count = 4\nstrength", 89, "misconduct[0].count",
     "4 of the 3 suppliers of ranches"),
    ('conduct = "wash"', 'conduct = "exclusivity"', 90, "misconduct[0].strength",
     "a share of buyers is 0 to 1"),
    ('suppliers = "ranches"\ncount = 2', 'suppliers = "institutes"\ncount = 2',
     93, "misconduct[1].conduct",
     f"{DIFFER}: institutes offers no negotiated kind"),
    ('median = "3000.00 CNY"', 'median = "9000000000000.00 CNY"', 90,
     "misconduct[0].strength",
     "may come to 140,260,687,727,986,576 minor units with all buyers and rings: 2^53 - 1 at most"),
    ('ceiling = "900.00 CNY"', 'ceiling = "90000000000000.00 CNY"', 96,
     "misconduct[1].strength",
     "an offer may come to 11,700,000,000,000,000 minor units: 2^53 - 1 at most"),
    ("first_day = 5", "first_day = 20", 97, "misconduct[1].first_day",
     "days 0 to 19 of the run"),
    ("last_day = 15", "last_day = 4", 98, "misconduct[1].last_day",
     "from first_day on, and 19 at most"),
    ("day = 3", "day = 20", 101, "shocks[0].day", "days 0 to 19 of the run"),
    ("amount = 10_000", "amount = 1_000_001", 103, "shocks[0].amount",
     "parts per million of a price, 1,000,000 at most"),
    ("amount = 10_000", 'target = "buoy"', 103, "shocks[0].target",
     "a fee is everybody's"),
    ("amount = 10_000", "factor = 2", 103, "shocks[0].factor",
     "nothing that a blow of fee is multiplied by"),
    ('target = "farms"', 'target = "ranches"', 108, "shocks[1].target",
     "'ranches' is no group of buyers: farms, ports"),
    ("factor = 3", "amount = 3", 109, "shocks[1].amount",
     "of a fee, and the blow is demand"),
    ("factor = 0.5", "factor = 1.5", 120, "shocks[3].factor",
     "a share of the suppliers is 0 to 1"),
    ('target = "newcomers"', 'target = "institutes"', 114, "shocks[2].target",
     "institutes has days of its own in joins"),
    ('blow = "exit"\ntarget = "institutes"\nfactor = 0.5',
     'blow = "entry"\ntarget = "newcomers"', 119, "shocks[3].target",
     "newcomers enters once"),
]  # fmt: skip


def edited(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1, old
    return WHOLE.replace(old, new)


@pytest.mark.parametrize(("old", "new", "line", "field", "rule"), SINGLE + TOGETHER)
def test_what_cannot_be_is_refused_with_file_line_field_and_rule(
    old: str, new: str, line: int, field: str, rule: str
) -> None:
    assert refused(edited(old, new)) == f"sea.toml:{line}: {field}: {rule}"


def test_a_ring_that_finds_nothing_to_buy_is_refused() -> None:
    head = 'name = "newcomers"\ncount = 1\noffers = '
    text = edited(f"{head}{{ chart = 1 }}", f"{head}{{ survey = 1 }}")
    text = text.replace('"wash"\nsuppliers = "ranches"', '"wash"\nsuppliers = "newcomers"')
    rule = "a ring buys what is posted or negotiated: newcomers offers no such kind"
    assert refused(text) == f"sea.toml:87: misconduct[0].conduct: {rule}"


def test_the_money_of_all_rings_together_is_what_an_account_holds() -> None:
    """Two buyers a ring, 42 trades each at 10^14 minor units: one ring is possible, two are not."""
    sea = market_of(WHOLE, "sea.toml")
    buoy, *others = sea.kinds
    dear = dataclasses.replace(buoy, price=Distribution("fixed", 1e14))
    wash, _ = sea.misconduct

    def planted(count: int) -> Market:
        cases = (dataclasses.replace(wash, count=count),)
        return dataclasses.replace(sea, kinds=(dear, *others), misconduct=cases)

    assert not list(flaws(planted(1)))
    (flaw,) = flaws(planted(2))
    assert flaw.field == "misconduct[0].strength"


def test_what_the_loyal_pay_is_more_than_the_dearest_price_where_none_is_learned() -> None:
    sea = market_of(WHOLE, "sea.toml")
    buoy, *others = sea.kinds
    plain = dataclasses.replace(buoy, price=Distribution("fixed", 1e14), learner=None)
    _, dearer = sea.misconduct

    def planted(strength: float) -> Market:
        cases = (dataclasses.replace(dearer, strength=strength),)
        return dataclasses.replace(sea, kinds=(plain, *others), misconduct=cases)

    assert not list(flaws(planted(89)))
    (flaw,) = flaws(planted(90))
    assert flaw.rule == "an offer may come to 9,100,000,000,000,000 minor units: 2^53 - 1 at most"


def test_a_text_that_is_no_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"^sea\.toml: not TOML: .*line 3, column 13"):
        market_of(edited("about = { zh", "about = { zh;"), "sea.toml")
    path = tmp_path / "sea.toml"
    path.write_bytes(b"name = '\xff'")
    with pytest.raises(Unreadable, match=r"^sea\.toml: not UTF-8 at byte 8$"):
        read_market(path)


def test_a_text_that_is_nested_beyond_reason_is_unreadable() -> None:
    with pytest.raises(Unreadable, match=r"^sea\.toml: not TOML: "):
        market_of("name = " + "[" * 20_000 + "]" * 20_000, "sea.toml")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("days = 1e" + "9" * 30, f"1e{'9' * 30} is no figure that can be held"),
        ("days = " + "1" * 5_000, "Exceeds the limit (4300 digits)"),
        ("days = 0x" + "f" * 6_000, "Exceeds the limit (4300 digits)"),
        (".".join(["a"] * 5_000) + " = 1", "maximum recursion depth exceeded"),
    ],
    ids=["exponent", "digits", "hexadecimal", "keys"],
)
def test_figures_and_keys_beyond_reason_are_unreadable(line: str, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        market_of(edited("days = 20", line), "sea.toml")
    assert why in str(caught.value)
    assert str(caught.value).startswith("sea.toml: ")


def test_a_file_that_is_absent_a_folder_or_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"sea\.toml: no such file$"):
        read_market(tmp_path / "sea.toml")
    with pytest.raises(Unreadable, match="directory"):
        read_market(tmp_path)
    path = tmp_path / "long.toml"
    path.write_text(WHOLE + "#" * FILE_MAX, encoding="utf-8")
    with pytest.raises(Unreadable, match=r"^long\.toml: over 1,048,576 bytes$"):
        read_market(path)


def test_a_value_that_is_too_long_to_repeat_is_not_repeated() -> None:
    said = refused(edited('name = "sea"', f'name = "{"s" * 61}"'))
    assert said == "sea.toml:1: name: must match pattern '^[a-z][a-z0-9-]{0,39}$'"


# What is made in a program.


def test_a_market_made_in_a_program_is_held_to_the_same_rules(sea: Market) -> None:
    assert require_possible(sea) is sea
    buoy, *others = sea.kinds
    circle = dataclasses.replace(buoy, parents=("chart",))
    with pytest.raises(BadField, match=r"^kinds\[0\]\.parents: nothing derives from itself"):
        require_possible(dataclasses.replace(sea, kinds=(circle, *others)))
    (flaw,) = flaws(dataclasses.replace(sea, kinds=(circle, *others)))
    assert (flaw.path, flaw.field) == (("kinds", 0, "parents"), "kinds[0].parents")


# The canonical form.


def test_the_digest_names_what_the_file_says_and_not_how(sea: Market) -> None:
    rewritten = edited("days = 20", "days = 0x14  # a fortnight and a weekend")
    assert digest(market_of(rewritten, "other.toml")) == digest(sea)
    spelled = edited('median = "3000.00 CNY"', "median = 300000")
    assert digest(market_of(spelled, "other.toml")) == digest(sea)
    for old, new in [("seed = 2", "seed = 3"), ("sigma = 0.2", "sigma = 0.20001")]:
        changed = WHOLE.replace("rounds = 2", "rounds = 2\nseed = 2")
        assert digest(market_of(changed, "x")) != digest(market_of(changed.replace(old, new), "x"))


def test_the_canonical_form_says_every_default_and_reads_back(sea: Market) -> None:
    record = record_of(sea)
    assert set(record) == {field.name for field in dataclasses.fields(Market)}
    assert set(record["kinds"][0]) == {field.name for field in dataclasses.fields(Kind)}
    assert b'"sigma":"0.2"' in canonical(sea)
    assert market_from(record) == sea
    with pytest.raises(BadField, match=r"^kinds\[0\]\.rows: must be a valid integer, not '6'$"):
        market_from({**record, "kinds": [{**record["kinds"][0], "rows": "6"}]})
