"""Tariffs: the ways in which data products are sold, registered in pyproject.toml as any other.

A tariff with its parameters is a plan; `pricing.plan` has the form in which a plan is written
down.  docs/tariffs.md has the table of tariffs and the price forms of real listings.
"""
