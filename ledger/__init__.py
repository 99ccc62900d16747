"""A provenance ledger: signed acts in per-subject chains under one RFC 6962 tree.

Needs the standard library and `cryptography` alone, so that an auditor can use it without
the exchange.  The format is docs/ledger-format.md.
"""
