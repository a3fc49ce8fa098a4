"""Suspects, worked by hand."""

from __future__ import annotations

import pytest

from records_of import Records
from spec import Case, Expected, Spec, World

SUSPECTS = Records(
    "offenders.suspect",
    """
    crime_id | suspect_id | identified_at | wanted_since_at | wanted_until_at | interview_or_arrest_needed | arrested_at | interviewed_at | first_opportunity_at | eliminated_at
    1        | 1          | 9 10:00       | 10 10:00        |                 | yes                        |             |                |                      |
    2        | 2          | 9 10:00       | 10 10:00        | 20 10:00        | yes                        | 20 10:00    |                | 15 10:00             |
    3        | 3          | 9 10:00       |                 |                 | no                         |             |                |                      |
    4        | 4          | 9 10:00       |                 |                 | yes                        |             | 12 10:00       | 11 10:00             |
    5        | 5          | 9 10:00       |                 |                 |                            | 12 10:00    |                | 14 10:00             |
    6        | 6          | 12-05 10:00   | 12-06 10:00     | 02-02 10:00     | yes                        | 02-02 10:00 |                |                      |
    7        | 7          | 9 10:00       | 12 10:00        | 12 16:00        | yes                        |             |                | 12 10:00             | 13 10:00
    8        | 8          | 10-01 10:00   | 10-11 10:00     |                 | yes                        |             |                |                      |
    9        | 9          | 9 10:00       |                 |                 | no                         | 13 10:00    |                | 12 10:00             |
    """,  # noqa: E501
)

SPECS = [
    Spec(
        "offenders.suspects_outstanding",
        "Suspects wanted at the end of the period.",
        (
            Case(
                "Suspects of January, two of earlier months", SUSPECTS, (
                Expected(
                    "1, 8, and 6, who was found in February; 2 and 7 were found in January",
                    "3", 3, 3,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.suspects_outstanding_age_median",
        "The middle number of days, on the as-at day, for which the suspects still wanted have been.",
        (
            Case(
                "Suspects of January, two of earlier months", SUSPECTS, (
                Expected(
                    "1 since 10 January: 50 days; 8 since 11 October: 141. 6 was found in February",
                    "955/10", 2, 2,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.suspects_outstanding_age_p90",
        "The days for which nine in ten of the suspects still wanted have been wanted at most.",
        (
            Case(
                "Suspects of January, two of earlier months", SUSPECTS, (
                Expected(
                    "1 since 10 January: 50 days; 8 since 11 October: 141. 6 was found in February: 50 "
                    "+ 0.9 * 91",
                    "1319/10", 2, 2,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.suspects_wanted_for",
        "The middle time for which suspects of the period were wanted, those still wanted among them.",
        (
            Case(
                "Suspects of January, two of earlier months", SUSPECTS, (
                Expected(
                    "7 for 6 hours, 2 for 10 days, 1 still: 2, then 1 of 3 are still wanted",
                    "864000", 2, 3,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.suspects_arrested_or_interviewed",
        "Suspects arrested or interviewed / suspects of the period of whom that was needed.",
        (
            Case(
                "Suspects of January, two of earlier months", SUSPECTS, (
                Expected(
                    "2 and 4 of 1, 2, 4, 7; of 5 it is not known whether it was needed",
                    "2/4", 2, 4, unsure=1, bounds=("2/5", "3/5"),
                ),
            )),
        ),
    ),
    Spec(
        "offenders.arrest_after_opportunity",
        "The middle time from the first opportunity to the arrest, those not arrested among them.",
        (
            Case(
                "Suspects of January, two of earlier months", SUSPECTS, (
                Expected(
                    "9 after a day, 2 after five, 4 not yet: 2, then 1 of 3. 7 was eliminated; 5 was "
                    "arrested before",
                    "432000", 2, 3, unknown=1,
                ),
            )),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.measure)
def test_spec(world: World, spec: Spec) -> None:
    world.check(spec)
