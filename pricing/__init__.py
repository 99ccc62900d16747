"""Pricing, valuation and revenue allocation, usable without the exchange.

Amounts are integers of minor units; every price comes with a `PricingRecord` that holds its
plug-in, parameters and inputs, so that it can be recomputed.
"""
