"""Processes for files of unknown origin: a hostile one hurts nothing but the process that opened it.

`process.py` is the side that asks, `inside.py` the side that opens. What stays private to a use is what it does with a
file and how it says it.
"""
