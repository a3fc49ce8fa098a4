"""The demo nation: synthetic records of every record type, made on DuckDB, consistent with each other.

`knobs` says how large; `stage` holds what everything hangs on (forces, months, hours); each topic module
declares how its record types are made from it (`made.Made`); `build` makes them; `supply` tells what was known
on a day; `files` writes them the way forces send them.
"""
