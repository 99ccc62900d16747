"""The rule catalogue, a module a chapter: each rule beside the check that decides it.

Statements and citations follow the project's catalogue of 90 rules; a rule stands here once
the exchange has what is needed to decide it.  Thresholds that no law sets are marked as
proposals where they are defined.
"""
