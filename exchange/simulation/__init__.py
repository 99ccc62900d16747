"""Simulated markets: declared in a file, played through the exchange's own rules, repeatable.

    market      what a market file declares, how it is read, and what is refused of it
    streams     chance: one stream per agent, the same bits one by one and a million at once
    depth       what a kernel asks of an exchange, whether it is played in full or in batches
    kernel      the days of a market: agents look, decide and act
    full, fast  the two depths: the real services, and the same rules in batches
    faults      the full depth with crashes, held to the auditors
    auditors    of money and of rights, which know the tables alone
    trace       everything that happened, as columns
    run         a market played into a folder, resumed, replayed, and as a job of the site
    measures    every figure of a run, from its trace alone
    sweep       settings by seeds, on any executor
    report      a run as one page, and what differs between two

A run is determined by its market and its seed alone: nothing here reads the wall clock, the
system's randomness, or the order in which processes finish.
"""
