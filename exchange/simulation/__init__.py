"""Simulated markets: declared in a file, played through the exchange's own rules, repeatable.

    market      what a market file declares: who is there, what is sold, how they decide
    reading     a market file, or file, line, field and rule of what is wrong with it
    streams     chance: one stream per agent, the same bits one by one and a million at once
    depth       what a kernel asks of an exchange, whether it is played in full or in batches
    kernel      the days of a market: agents look, decide and act
    full, fast  the two depths: the real services, and the same rules in batches
    trace       everything that happened, as columns

A run is determined by its market and its seed alone: nothing here reads the wall clock, the
system's randomness, or the order in which processes finish.
"""
