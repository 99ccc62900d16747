"""Mutation testing of the gate: every check is broken in every small way, and a test must notice.

    make mutate                      the rules, the review and the cases
    make mutate MUTATE=--services    the services of the gate and the ledger's rules as well
    make mutate MUTATE='--keep build/mutate'
                                     keep what is found there, and go on from it after a stop
    make mutate MUTATE='--keep build/mutate --again'
                                     the same, and meet what survived with the tests of today

A mutant is one changed node of one function, put in its place while a process runs: no file is
touched.  A rule's mutant meets the examples first, which take milliseconds; what they leave alive
meets the tests that run the changed line, those first that few others run beside, until one fails.

What survives is printed and fails the command, unless `reviewed.toml` says why it may: because
nothing can tell it from the whole (equivalent), or because only words, order or speed differ
(harmless).  What would let a product through that should not be has no place in that list.  Words
that are only shown are left alone: which of them are wrong is for a reader to see.
"""
