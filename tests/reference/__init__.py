"""Measures a second time, in plain Python: dictionaries and loops, no SQL, and of the engine the declarations alone.

``draws`` draws, ``logic`` makes conditions, ``shape`` record types, ``tables`` supplies of records and what was known
on a day, ``ask_for`` measures. ``derive`` and ``figures`` work out what these must come to, from what the docs say.
``hold`` holds the engine to it.
"""
