"""How unlikely a count is: the tails of the Poisson and the binomial distribution, by logarithms alone.

Written here since scipy takes over a second to load, and a check asks for thousands of small tails.
"""

from __future__ import annotations

from math import exp, inf, lgamma, log, log1p

#: Terms after which a tail has settled to far more figures than a threshold needs.
_TERMS = 10_000


def poisson_none(expected: float) -> float:
    """The chance of no event where so many are expected."""
    return exp(-expected)


def poisson_tail(count: int, expected: float) -> float:
    """The chance of a count at least as far out as this one, on its side of what is expected."""
    if expected <= 0:
        return 0.0 if count > 0 else 1.0
    upper = count >= expected
    first = count * log(expected) - expected - lgamma(count + 1)
    total, term = 1.0, 1.0
    for step in range(1, _TERMS):
        term *= expected / (count + step) if upper else (count - step + 1) / expected
        total += term
        if term < total * 1e-12:
            break
    return min(1.0, exp(first + log(total)))


def binomial_tail(count: int, of: int, share: float) -> float:
    """The chance of at least ``count`` of ``of`` where each has this chance."""
    if count <= of * share or count <= 0:
        return 1.0
    if share <= 0:
        return 0.0
    first = (
        _log_choose(of, count) + count * log(share) + (of - count) * (log1p(-share) if share < 1 else -inf)
    )
    if count == of:
        return exp(count * log(share))
    total, term = 1.0, 1.0
    odds = share / (1 - share)
    for k in range(count, of):
        term *= (of - k) / (k + 1) * odds
        total += term
        if term < total * 1e-12:
            break
    return min(1.0, exp(first + log(total)))


def smoothed(count: int, of: int) -> float:
    """A share that is neither 0 nor 1 for want of records: half a record is added on both sides."""
    return (count + 0.5) / (of + 1)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
