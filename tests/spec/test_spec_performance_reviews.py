"""Reviews of performance by system, audit and survey, worked by hand."""

from __future__ import annotations

import pytest

from records_of import Records
from spec import Case, Expected, Spec, World

REVIEWS = Records(
    "workforce.performance_review",
    """
    known_from_source | employee_id | year_starts_on | exempt | standing  | completed_by_system
    system            | 1           | 1              | no     | completed | no
    system            | 2           | 1              | no     | completed | yes
    system            | 3           | 1              | no     | begun     |
    system            | 4           | 1              | yes    | not begun |
    system            | 5           | 1              |        | completed | no
    system            | 6           | 1              | no     |           |
    system            | 7           | 1              | no     | completed |
    system            | 8           | 12-01          | no     | completed | no
    audit             | 1           | 1              | no     | completed |
    audit             | 2           | 1              | no     | not found |
    audit             | 4           | 1              | yes    | not begun |
    """,
)
ANSWERS = Records(
    "workforce.workforce_survey_response",
    """
    answered_on | worker_type      | review_in_year
    10          | police officer   | yes
    10          | police officer   | no
    11          | police staff     | yes
    12          | police staff     |
    12-10       | police staff     | no
    """,
    {"survey": "Winter"},
)

SPECS = [
    Spec(
        "workforce.reviews_completed",
        "Of the reviews due by the system, the share that it shows as completed.",
        (
            Case(
                "Review years that start in January, one in December", REVIEWS, (
                Expected(
                    "1, 2 and 7 of 1, 2, 3 and 7; of 6 it is not known, of 5 not whether it was due",
                    "3/4", 3, 4, unknown=1, unsure=1, bounds=("3/6", "5/6"),
                ),
            )),
        ),
    ),
    Spec(
        "workforce.reviews_completed_by_people",
        "Of the reviews due by the system, the share that people completed.",
        (
            Case(
                "Review years that start in January, one in December", REVIEWS, (
                Expected(
                    "1 of 1, 2 and 3; by whom 7 was, and how 6 stands, is not known; of 5 not whether it was due",
                    "1/3", 1, 3, unknown=2, unsure=1, bounds=("1/6", "4/6"),
                ),
            )),
        ),
    ),
    Spec(
        "workforce.reviews_found_completed",
        "Of the reviews due that were audited, the share found completed.",
        (
            Case(
                "Review years that start in January, one in December", REVIEWS, (
                Expected("1 of 1 and 2; 4 was exempt", "1/2", 1, 2),
            )),
        ),
    ),
    Spec(
        "workforce.reviews_said",
        "Of the people asked, the share who say they had a review in the last 12 months.",
        (
            Case(
                "Answers of January, one of December", ANSWERS, (
                Expected("two of three; one did not answer", "2/3", 2, 3, unknown=1, bounds=("2/4", "3/4")),
            )),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.measure)
def test_spec(world: World, spec: Spec) -> None:
    world.check(spec)
