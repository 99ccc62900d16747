"""The use cases of the floor, one a module, each named by its verb.

A service takes a participant's signed act and a `Floor`.  It checks standing, state and rules,
then writes business rows and chain entries in one unit of work.  Sending the same signed act
again returns what the first one brought about and changes nothing.
"""
