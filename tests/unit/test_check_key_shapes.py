"""The shapes of keys, counted byte by byte, against the plain reading of each key by itself."""

from __future__ import annotations

import re
from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from openpeel.engine.check.keys import _counted

KEY = st.text("0019aZ-/. eE+é½", max_size=9)


def _plainly(key: str) -> tuple[str, bool, bool]:
    shape = "".join("A" if c.isascii() and c.isalpha() else "9" if c in "0123456789" else c for c in key)
    zero = re.search(r"(^|[^0-9])0[0-9]*[^0-9]*$", key)
    power = re.search(r"^[0-9]+([.][0-9]+)?[eE][+]?[0-9]+$", key)
    return shape, bool(zero), bool(power)


@given(st.lists(st.tuples(st.sampled_from(["north", "south"]), KEY), max_size=30), st.integers(0, 5))
def test_each_key_is_counted_as_it_would_be_alone(rows: list[tuple[str, str]], skipped: int) -> None:
    batch = pa.table({"force": [f for f, _ in rows], "key": [k for _, k in rows]}, _SCHEMA).to_batches()
    part = batch[0].slice(skipped) if batch else pa.RecordBatch.from_pylist([], _SCHEMA)
    expected = Counter((force, *_plainly(key)) for force, key in rows[skipped:])
    assert _counted(part["force"], part["key"]) == expected


_SCHEMA = pa.schema([("force", pa.string()), ("key", pa.string())])
