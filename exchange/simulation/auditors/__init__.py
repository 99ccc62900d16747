"""Auditors that know the tables alone: of the money in the journals, and of the rights to use."""
