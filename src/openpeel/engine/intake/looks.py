"""What all texts of a column look like, told from their bytes at once, so that needless steps can be left out.

Nothing is decided here: a step that is left out would have changed nothing. Where a look does not tell,
every step is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

#: Bytes that white space begins or ends with (tab, line ends, space; no-break space; byte-order mark).
_EDGES = np.array([*range(33), 0xA0, 0xBF, 0xC2, 0xEF], np.uint8)
_EDGE = np.isin(np.arange(256), _EDGES)
_CONTROLS = np.isin(np.arange(256), [*range(9), 11, 12, *range(14, 32)])
_IS_FIGURE = np.isin(np.arange(256), list(b"0123456789"))
_FIGURES = np.isin(np.arange(256), list(b"0123456789.-"))
#: How long `2024-03-04 14:05:00` is, and where its marks stand.
STAMP_LENGTH = 19
_STAMP = ((4, b"-"), (7, b"-"), (10, b" T"), (13, b":"), (16, b":"))
_STAMP_FIGURES = tuple(at for at in range(STAMP_LENGTH) if at not in dict(_STAMP))


@dataclass(frozen=True)
class Look:
    """What holds of every text of a column that is not empty.

    Attributes:
        shortest, longest: in bytes; 0 where there is none.
        empty: whether any text is empty or missing.
        neat: none begins or ends with white space.
        control: some hold a control character.
        figures: none holds anything but figures, points and minus signs.
        points: some hold a point.
        stamps: all are of the shape of a date and a time to the second.
    """

    shortest: int = 0
    longest: int = 1 << 31
    empty: bool = True
    neat: bool = False
    control: bool = True
    figures: bool = False
    points: bool = True
    stamps: bool = False


UNKNOWN = Look()
_NOTHING = Look(0, 0, True, True, False, False, False, False)


def look(texts: pa.ChunkedArray) -> Look:
    """Look at a column of strings."""
    looks = [_look(chunk) for chunk in texts.chunks if len(chunk)]
    held = [one for one in looks if one.shortest]
    if not held:
        return _NOTHING
    return Look(
        min(one.shortest for one in held),
        max(one.longest for one in held),
        any(one.empty for one in looks),
        all(one.neat for one in held),
        any(one.control for one in held),
        all(one.figures for one in held),
        any(one.points for one in held),
        all(one.stamps for one in held),
    )


def _look(chunk: pa.Array) -> Look:
    _, ends, data = chunk.buffers()
    kind = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
    offsets = np.frombuffer(ends, kind, len(chunk) + 1, chunk.offset * np.dtype(kind).itemsize)
    starts, lengths = offsets[:-1], np.diff(offsets)
    # A missing text may lie over any bytes; it is not looked at.
    full = lengths > 0
    if chunk.null_count:
        full &= chunk.is_valid().to_numpy(zero_copy_only=False)
    if not full.any():
        return _NOTHING
    held = np.frombuffer(data, np.uint8)
    starts, lengths = (starts, lengths) if full.all() else (starts[full], lengths[full])
    inner = held[offsets[0] : offsets[-1]]
    least, most = inner.min(), inner.max()
    figures = least >= ord("-") and most <= ord("9")
    return Look(
        int(lengths.min()),
        int(lengths.max()),
        len(starts) < len(chunk),
        not (_EDGE[held[starts]].any() or _EDGE[held[starts + lengths - 1]].any()),
        bool(least < 32 and _CONTROLS[inner].any()),
        bool(figures and _FIGURES[inner].all()),
        bool(not figures or (inner == ord(".")).any()),
        _are_stamps(held, starts, lengths),
    )


def _are_stamps(held: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> bool:
    if lengths.min() != STAMP_LENGTH or lengths.max() != STAMP_LENGTH:
        return False
    marks = all(np.isin(held[starts + at], np.frombuffer(m, np.uint8)).all() for at, m in _STAMP)
    # DuckDB reads `12:00: 5`, too; what the long way would not read must not be read by the short one.
    return marks and all(_IS_FIGURE[held[starts + at]].all() for at in _STAMP_FIGURES)
