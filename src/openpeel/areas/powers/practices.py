"""How forces fill in the columns of public stop and search files, worked out from their rows.

The limits (a quarter, a half, three quarters, 95 in 100) are openpeel's assumptions, chosen on the
public files of 2019; every report prints the counts beside the practice, so they can be judged.
"""

from __future__ import annotations

from openpeel.engine.declare.measures import Practice, PracticeRule, Reading

AS_RECORDED = "as-recorded"
BLANK_AFTER_NFA = "blank-after-no-further-action-is-not-linked"

#: The reading for forces that fill the column in only where something followed.
NOT_LINKED_AFTER_NFA = Reading(
    id=BLANK_AFTER_NFA,
    met="case when outcome_linked is null and no_further_action then false else outcome_linked end",
    says="a blank after no further action is read as not linked, since the force fills the column in only "
    "where something followed",
)

LINKED_OUTCOME = Practice(
    id="powers.outcome_linked",
    title="Outcome linked to object of search",
    counts=(
        ("searches", "true"),
        ("known", "outcome_linked is not null"),
        ("nfa", "no_further_action"),
        ("nfa_linked", "no_further_action and outcome_linked"),
        ("nfa_blank", "no_further_action and outcome_linked is null"),
        ("acted", "not no_further_action"),
        ("acted_linked", "not no_further_action and outcome_linked"),
        ("acted_blank", "not no_further_action and outcome_linked is null"),
        ("outcome_blank", "no_further_action is null"),
    ),
    rules=(
        PracticeRule("no searches", "searches = 0", "there were no searches", reading=AS_RECORDED),
        PracticeRule(
            "never",
            "known = 0",
            "never filled in",
            status="not-supplied",
            reason="the force does not fill this column in (blank on all {searches} searches)",
        ),
        PracticeRule(
            "no further action marked as linked",
            "4 * nfa_linked > nfa",
            "marks searches with no further action as linked",
            status="not-interpretable",
            reason="{nfa_linked} of {nfa} searches with no further action are marked as having a linked "
            "outcome, so it is not known what the column means here",
        ),
        PracticeRule(
            "linked where nothing followed",
            "nfa_linked * acted > acted_linked * nfa",
            "marks no further action as linked more often than other outcomes",
            status="not-interpretable",
            reason="no further action is marked as linked more often ({nfa_linked} of {nfa}) than other "
            "outcomes are ({acted_linked} of {acted}), so it is not known what the column means here",
        ),
        PracticeRule(
            "every row", "100 * known >= 95 * searches", "filled in on nearly every row", reading=AS_RECORDED
        ),
        PracticeRule("most rows", "4 * known >= 3 * searches", "filled in on most rows", reading=AS_RECORDED),
        PracticeRule(
            "only where something followed",
            "4 * (acted - acted_blank) >= 3 * acted and 4 * nfa_blank >= 3 * nfa and acted > 0",
            "filled in only where something followed",
            reading=BLANK_AFTER_NFA,
        ),
        PracticeRule(
            "patchy",
            "true",
            "filled in on some rows without a pattern",
            status="not-interpretable",
            reason="filled in on {known} of {searches} searches without a pattern that says what a "
            "blank means",
            keep_bounds=True,
        ),
    ),
)


def filled(column: str, title: str, of: str, known: str, blank: str) -> Practice:
    """The practice of a column that ought to be filled in on every record of a kind.

    Args:
        column: name of the practice.
        title: heading of its table.
        of: condition for a record to count.
        known: condition for it to be filled in with a wording that is known.
        blank: condition for it to be blank.
    """
    return Practice(
        id=f"powers.{column}",
        title=title,
        counts=(
            ("records", of),
            ("known", f"({of}) and ({known})"),
            ("blank", f"({of}) and ({blank})"),
        ),
        rules=(
            PracticeRule("no records", "records = 0", "there were no such searches"),
            PracticeRule(
                "never",
                "blank = records",
                "never filled in",
                status="not-supplied",
                reason="the force does not fill this column in (blank on all {records} searches it "
                "applies to)",
            ),
            PracticeRule(
                "no wording known",
                "known = 0",
                "filled in, in no wording that openpeel knows",
                status="not-interpretable",
                reason="none of the {records} searches it applies to has a wording that openpeel knows "
                "({blank} are blank)",
                keep_bounds=True,
            ),
            PracticeRule(
                "rarely",
                "2 * known < records",
                "filled in on fewer than half",
                status="not-interpretable",
                reason="filled in on only {known} of the {records} searches it applies to",
                keep_bounds=True,
            ),
            PracticeRule("every row", "100 * known >= 95 * records", "filled in on nearly every row"),
            PracticeRule("partly", "true", "filled in on most rows; blanks are unknown"),
        ),
    )


OUTCOME = filled("outcome", "Outcome", "true", "no_further_action is not null", "outcome is null")
GENDER = filled("gender", "Gender", "has_person", "gender is not null", "gender is null")
AGE = filled("age_range", "Age range", "has_person", "age_range is not null", "age_range is null")
ETHNICITY = filled(
    "self_defined_ethnicity",
    "Self-defined ethnicity",
    "has_person",
    "ethnicity_chinese_in_other is not null",
    "self_defined_ethnicity is null",
)
POWER = filled("power", "Legislation", "true", "power is not null", "legislation is null")
OBJECT = filled("object", "Object of search", "true", "object is not null", "object_of_search is null")

#: Disproportionality needs both the power and the ethnicity of a search.
POWER_AND_ETHNICITY = Practice(
    id="powers.power_and_ethnicity",
    title="Legislation and self-defined ethnicity together",
    counts=(
        ("records", "has_person"),
        ("power", "has_person and power is not null"),
        ("ethnicity", "has_person and ethnicity_chinese_in_other is not null"),
    ),
    rules=(
        PracticeRule("no records", "records = 0", "there were no such searches"),
        PracticeRule(
            "never",
            "power = 0 or ethnicity = 0",
            "one of the two is never filled in",
            status="not-supplied",
            reason="of {records} searches of people, the power is known of {power} and self-defined ethnicity of "
            "{ethnicity}",
        ),
        PracticeRule(
            "rarely",
            "2 * power < records or 2 * ethnicity < records",
            "one of the two is filled in on fewer than half",
            status="not-interpretable",
            reason="of {records} searches of people, the power is known of {power} and self-defined ethnicity of "
            "{ethnicity}: too few of one of them",
        ),
        PracticeRule("both", "true", "both are filled in on most rows; blanks widen the bounds"),
    ),
)

OUTER_CLOTHING = Practice(
    id="powers.more_than_outer_clothing",
    title="Removal of more than outer clothing",
    counts=(
        ("records", "has_person"),
        ("yes", "has_person and more_than_outer_clothing"),
        ("no", "has_person and not more_than_outer_clothing"),
    ),
    rules=(
        PracticeRule("no records", "records = 0", "there were no such searches", reading=AS_RECORDED),
        PracticeRule(
            "never",
            "yes + no = 0",
            "never filled in",
            status="not-supplied",
            reason="the force does not fill this column in (blank on all {records} searches of people)",
        ),
        PracticeRule(
            "only yes",
            "no = 0 and 2 * yes < records",
            "filled in only where it was so, or rarely",
            status="not-interpretable",
            reason="only ever says yes ({yes} of {records}); it is not known whether a blank means no",
        ),
        PracticeRule(
            "every row",
            "100 * (yes + no) >= 95 * records",
            "filled in on nearly every row",
            reading=AS_RECORDED,
        ),
        PracticeRule(
            "most rows", "4 * (yes + no) >= 3 * records", "filled in on most rows", reading=AS_RECORDED
        ),
        PracticeRule(
            "patchy",
            "true",
            "filled in on some rows without a pattern",
            status="not-interpretable",
            reason="filled in on {yes} + {no} of {records} searches of people, too few to tell what "
            "a blank means",
            keep_bounds=True,
        ),
    ),
)
