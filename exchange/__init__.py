"""A data exchange: nothing lists before it complies, nothing trades without a scenario.

The vocabulary of the floor stands at the top of this package (`participants`, `specsheet`,
`listing`, `scenarios`, `trading`, `delivery`, `clearing`); `services` holds one use case a
module; `venue` puts a running exchange together.  `ledger` and `pricing` are libraries of
their own beside it.
"""
