"""A market file with something of everything, for tests to break in one place at a time."""

from __future__ import annotations

from typing import Final

WHOLE: Final = """\
name = "sea"
title = { zh = "海市", en = "Sea market" }
about = { zh = "什么都有一点。", en = "Something of everything." }
days = 20
rounds = 2

[house]
fee_ppm = 30_000
rule_pack = "cn"
netting_days = 5

[faults]
delivery_fails = 0.01

[[kinds]]
name = "buoy"
title = { zh = "浮标", en = "Buoys" }
price = { law = "lognormal", median = "3000.00 CNY", sigma = 0.2 }
quality = { law = "uniform", low = 0.2, high = 0.9 }
way = "negotiated"
contributors = 2
allocator = { name = "shapley" }
defects = { core = 0.1, personal = 0.2 }
[kinds.learner]
name = "hedge"
parameters = { grid = { floor = "100.00 CNY", ceiling = "900.00 CNY", steps = 9 }, rate = 0.1 }

[[kinds]]
name = "chart"
title = { zh = "海图", en = "Charts" }
price = { law = "fixed", value = 500_000 }
quality = { law = "fixed", value = 0.8 }
parents = ["buoy"]

[[kinds]]
name = "survey"
title = { zh = "测绘", en = "Surveys" }
price = { law = "exponential", mean = "800.00 CNY" }
quality = { law = "fixed", value = 0.5 }
way = "auction"
mechanism = { name = "second-price", parameters = { reserve = "50.00 CNY" } }

[[kinds]]
name = "feed"
title = { zh = "数据流", en = "Feeds" }
price = { law = "fixed", value = "90.00 CNY" }
quality = { law = "fixed", value = 0.5 }
way = "deal"

[[suppliers]]
name = "ranches"
count = 3
offers = { buoy = 2, feed = 1 }

[[suppliers]]
name = "institutes"
count = 2
offers = { chart = 1, survey = 1 }
joins = { law = "uniform", low = 0, high = 4 }

[[suppliers]]
name = "newcomers"
count = 1
offers = { chart = 1 }

[[buyers]]
name = "farms"
count = 10
wants = { buoy = 2, chart = 1 }
budget = { law = "fixed", value = "100000.00 CNY" }
value = { law = "exponential", mean = "4000.00 CNY" }

[[buyers]]
name = "ports"
count = 4
wants = { survey = 1, feed = 0 }
budget = { law = "lognormal", median = "90000.00 CNY", sigma = 0.5 }
value = { law = "uniform", low = 0, high = "2000.00 CNY" }

[[brokers]]
name = "house-of-deals"
count = 1
kinds = ["feed"]
deals = 0.5

[[misconduct]]
conduct = "wash"
suppliers = "ranches"
count = 1
strength = 2

[[misconduct]]
conduct = "discrimination"
suppliers = "ranches"
count = 2
strength = 0.3
first_day = 5
last_day = 15

[[shocks]]
day = 3
blow = "fee"
amount = 10_000

[[shocks]]
day = 5
blow = "demand"
target = "farms"
factor = 3

[[shocks]]
day = 6
blow = "entry"
target = "newcomers"

[[shocks]]
day = 9
blow = "exit"
target = "institutes"
factor = 0.5
"""
