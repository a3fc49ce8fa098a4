"""How many records ordinarily share what is asked of them, learnt from how much shares spread from month to month."""

from __future__ import annotations

import numpy as np

#: Records of a month, and months, that are needed to learn how shares spread.
_SPREAD = 5
#: A share of the squares of normal values, and what they lie below; the first where so many months are here.
_MOST, _HALF, _MANY = (0.9, 2.706), (0.5, 0.455), 100


def together(hits: np.ndarray, of: np.ndarray) -> float:
    """How many records ordinarily share what is asked, at least 1: by how much shares spread more than chance has it.

    The steps of one incident have its blanks in common. A few spoilt months change nothing: nine in ten of all
    forces' spread less than is taken here, or, where there are not many of them, half.
    """
    enough = of >= _SPREAD
    share = np.divide(hits, of, out=np.full(hits.shape, np.nan), where=enough)
    rows = enough.any(1)
    middle = np.zeros((len(of), 1))
    middle[rows, 0] = np.nanmedian(share[rows], axis=1)
    expected = of * middle
    some = enough & (expected >= 1) & (middle < 1)
    if some.sum() < _SPREAD:
        return 1.0
    apart = ((hits - expected) ** 2)[some] / (expected * (1 - middle))[some]
    below, usually = _MOST if len(apart) >= _MANY else _HALF
    return max(1.0, float(np.quantile(apart, below)) / usually)


def one_a_month(counts: np.ndarray, known: np.ndarray, share: float) -> np.ndarray:
    """Whether in most of a force's other months one value, each time another, holds such a share of a column.

    ``counts`` says how often each value (the last axis) stands with each force in each month, ``known`` how often any.
    Ranks that apply in one
    round are all the same; that they are in this month, too, is no doubt.
    """
    enough = known >= _SPREAD
    one = enough & (counts.max(2) >= known * share)
    others, others_of = one.sum(1, keepdims=True) - one, enough.sum(1, keepdims=True) - enough
    return np.asarray((others_of > 0) & (others * 2 > others_of))
