"""What forces have and spend, by line and year, with reserves and plans; services shared with partners.

Amounts are in scale with the residents of the nation, so that amounts per resident are those of a real force.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import chance, one_of, pick, spread, u, whole
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter

#: Pounds of funding for 1,000 residents in the year to March 2023, share of it from council tax, and general reserve against it.
FUNDING = parameter("funding_per_1000", 212_000, 22_000, 165_000, 330_000)
PRECEPT = parameter("precept_share", 0.37, 0.06, 0.2, 0.55)
RESERVE = parameter("general_reserve", 0.035, 0.01, 0.015, 0.07)

#: Code -> kind, title, stream of income, what it is spent on, sort of reserve, share of the funding, department.
#: The core grant is what the precept and the other grants leave.
_LINES = (
    ("F-1010", "income", "Council tax precept", "council tax precept", "", "", "precept_share", "Corporate"),
    ("F-1020", "income", "Core grant", "core grant", "", "", "1 - precept_share - 0.085", "Corporate"),
    (
        "F-1030",
        "income",
        "Council tax support grant",
        "council tax support grant",
        "",
        "",
        "0.035",
        "Corporate",
    ),
    ("F-1040", "income", "Uplift and other specific grants", "specific grant", "", "", "0.05", "Corporate"),
    ("F-1050", "income", "Fees and charges", "fees and charges", "", "", "0.03", "Corporate"),
    ("F-2010", "spending", "Police officers", "", "officers", "", "0.5", "People"),
    ("F-2020", "spending", "Police staff", "", "staff", "", "0.22", "People"),
    ("F-2030", "spending", "Community support officers", "", "PCSOs", "", "0.025", "People"),
    ("F-2040", "spending", "Overtime", "", "overtime", "", "0.03", "People"),
    ("F-3010", "spending", "Premises", "", "premises", "", "0.04", "Estates"),
    ("F-3020", "spending", "Fleet", "", "transport", "", "0.024", "Fleet"),
    ("F-3030", "spending", "Supplies and services", "", "supplies and services", "", "0.075", "Corporate"),
    ("F-3040", "spending", "Systems and network", "", "IT", "", "0.045", "Technology"),
    ("F-3050", "spending", "Collaboration", "", "collaboration", "", "0.02", "Corporate"),
    ("F-3060", "spending", "Capital financing", "", "capital financing", "", "0.02", "Corporate"),
    ("F-3070", "spending", "Ill-health pensions", "", "pensions", "", "0.025", "People"),
    ("F-4010", "saving", "Procurement", "", "supplies and services", "", "0.004", "Corporate"),
    ("F-4020", "saving", "Estate", "", "premises", "", "0.003", "Estates"),
    ("F-4030", "saving", "Vacancies held", "", "staff", "", "0.006", "People"),
    ("F-5010", "reserve", "General reserve", "", "", "general", "general_reserve", "Corporate"),
    ("F-5020", "reserve", "Earmarked for change", "", "", "earmarked", "0.02", "Corporate"),
    ("F-5030", "reserve", "Capital receipts", "", "", "capital", "0.008", "Corporate"),
    ("F-6010", "capital", "Vehicles", "borrowing", "transport", "", "0.014", "Fleet"),
    ("F-6020", "capital", "Buildings", "borrowing", "premises", "", "0.018", "Estates"),
    ("F-6030", "capital", "Systems", "use of reserves", "IT", "", "0.012", "Technology"),
)
_ROWS = " UNION ALL ".join(
    f"SELECT *, '{code}' AS line_id, '{kind}' AS line_kind, '{title}' AS title, nullif('{stream}', '') AS funding_stream, "
    f"nullif('{spent}', '') AS spent_on, nullif('{reserve}', '') AS reserve_kind, '{department}' AS department, {share} AS share FROM forces"
    for code, kind, title, stream, spent, reserve, share, department in _LINES
)
#: The year whose funding the parameters give, and how it grows.
_BASE, _GROWTH = 2022, 1.045
_PILLARS = ("Safer communities", "Support for victims", "Justice", "A sound organisation")

_AMOUNT = f"residents / 1000.0 * {FUNDING} * share * pow({_GROWTH}, CASE WHEN line_kind = 'reserve' THEN 0 ELSE y - {_BASE} END)"
#: Reserves fall a little every year; income comes in as it was set, spending not quite.
_OUTTURN = f"""amount * CASE WHEN line_kind = 'income' AND (y = {_BASE} OR funding_stream = 'council tax precept') THEN 1 WHEN line_kind = 'income' THEN
    1 + 0.01 * ({u("out")} - 0.4) WHEN line_kind = 'capital' THEN 0.4 + 0.6 * {u("out")} WHEN line_kind = 'saving' THEN 0.5 + 0.6 * {u("out")}
    WHEN spent_on = 'overtime' THEN 0.95 + 0.45 * {u("out")} ELSE 0.97 + 0.06 * {u("out")} END"""
_BALANCE = f"CASE WHEN y <= {_BASE} THEN 1.0 ELSE 1.0 - 0.02 * (y - {_BASE}) END"

#: ``_closed_on``: the day the accounts of the year are closed; before it there is no outturn.
FINANCE_LINE = Made(
    "leadership.finance_line",
    f"""
    SELECT force, _k, line_id, year_starts_on, year_ends_on, line_kind, false AS total, title, funding_stream, spent_on, reserve_kind, department,
        CASE WHEN line_kind IN ('spending', 'saving', 'capital') THEN {one_of("pillar", _PILLARS)} END AS pillar,
        CASE WHEN y <= 2024 THEN 'approved' WHEN y = 2025 THEN 'draft' ELSE 'forecast' END AS plan_standing,
        CASE WHEN line_kind <> 'reserve' THEN round(amount, 2)::DECIMAL(18,2) END AS budget,
        CASE WHEN line_kind <> 'reserve' THEN round(amount * CASE WHEN line_kind = 'spending' THEN 0.99 + 0.025 * {u("revised")} ELSE 1 END, 2)::DECIMAL(18,2) END
            AS revised_budget,
        CASE WHEN line_kind <> 'reserve' THEN round(amount + (outturn - amount) * 0.7, 2)::DECIMAL(18,2) END AS forecast,
        (year_ends_on - 90)::DATE AS forecast_on, CASE WHEN line_kind <> 'reserve' THEN round(outturn, 2)::DECIMAL(18,2) END AS outturn, y < 2024 AS audited,
        CASE WHEN line_kind = 'reserve' THEN round(amount * {_BALANCE.replace("(y - ", "(y - 1 - ").replace("y <=", "y - 1 <=")}, 2)::DECIMAL(18,2) END AS opening_balance,
        CASE WHEN line_kind = 'reserve' THEN round(amount * {_BALANCE}, 2)::DECIMAL(18,2) END AS closing_balance,
        CASE WHEN line_kind = 'saving' THEN {chance("recurring", 0.6)} END AS recurring, _closed_on
    FROM (SELECT *, {_OUTTURN} AS outturn
          FROM (SELECT * REPLACE (hash(xor(_k, hash(line_id || y))) AS _k), make_date(y::INTEGER, 4, 1) AS year_starts_on,
                    make_date(y::INTEGER + 1, 3, 31) AS year_ends_on, make_date(y::INTEGER + 1, 5, 31) AS _closed_on, {_AMOUNT} AS amount
                FROM (SELECT *, unnest(range({_BASE}, 2028)) AS y FROM ({_ROWS}))))
    """,
    later={"forecast_on": ("forecast",), "_closed_on": ("outturn", "audited", "closing_balance")},
    monthly=False,
)

#: Number -> title, partner, sort of partner, service, cost and planned saving for 1,000 residents, began.
_SHARED = (
    ("COL-001", "Shared workshops", "Example Fire and Rescue Service", "fire and rescue", "fleet", 1900, 260, "2018-10-01"),
    ("COL-002", "Shared stations", "Example Fire and Rescue Service", "fire and rescue", "estate", 900, 310, "2019-04-01"),
    ("COL-003", "Joint procurement", "Example Fire and Rescue Service; Example County Council", "fire and rescue", "procurement", 150, 120, "2020-04-01"),
    ("COL-004", "Regional forensics", "Regional unit", "regional unit", "forensics", 2600, 200, "2015-04-01"),
    ("COL-005", "Serious and organised crime", "Regional unit", "regional unit", "specialist policing", 3800, 0, "2014-04-01"),
    ("COL-006", "Shared payroll", "Neighbouring force", "other police force", "human resources", 420, 90, "2021-04-01"),
    ("COL-007", "Analysts", "Example University", "university", "data analysis", 110, 0, "2022-09-01"),
)  # fmt: skip
_SHARED_ROWS = ", ".join(
    f"({i}, '{a}', '{b}', '{c}', '{d}', '{e}', {f}, {g}, DATE '{h}')"
    for i, (a, b, c, d, e, f, g, h) in enumerate(_SHARED)
)

COLLABORATION = Made(
    "leadership.collaboration",
    f"""
    SELECT force, _k, collaboration_id, make_date(y::INTEGER, 4, 1) AS year_starts_on, make_date(y::INTEGER + 1, 3, 31) AS year_ends_on,
        title, partners, partner_kind, service, began_on, CASE WHEN i = 5 THEN DATE '2026-03-31' END AS ended_on,
        make_date(y::INTEGER + 1, 10, 1) AS review_due_on,
        CASE WHEN {chance("reviewed", 0.7)} THEN make_date(y::INTEGER, 10, 1) + {whole("reviewed day", -60, 120)}::INTEGER END AS reviewed_on,
        {pick("led", {"this force": 4, "partner": 3, "jointly": 3})} AS led_by, round(residents / 1000.0 * each * {spread("cost", 1, 0.08)}, 2)::DECIMAL(18,2) AS cost,
        round(residents / 1000.0 * planned, 2)::DECIMAL(18,2) AS planned_saving,
        CASE WHEN planned > 0 THEN round(residents / 1000.0 * planned * (0.2 + 1.0 * {u("saved")}) - CASE WHEN {chance("cost more", 0.06)} THEN
            residents / 1000.0 * planned ELSE 0 END, 2)::DECIMAL(18,2) END AS saving,
        CASE WHEN planned > 0 THEN {pick("basis", {"accounts": 45, "estimate": 35, "business case only": 20})} END AS saving_basis,
        CASE WHEN planned > 0 THEN {chance("cash", 0.6)} END AS saving_in_cash,
        round(people * 0.002 * (1 + 3 * {u("posts")}), 1)::DECIMAL(9,2) AS full_time_equivalents,
        CASE service WHEN 'fleet' THEN 'More vehicles on the road' WHEN 'estate' THEN 'Counters in more towns' END AS other_benefit,
        make_date(y::INTEGER + 1, 5, 31) AS _closed_on
    FROM (SELECT f.* REPLACE (hash(xor(_k, hash(collaboration_id || y))) AS _k), s.*, y
          FROM forces f, (VALUES {_SHARED_ROWS}) s(i, collaboration_id, title, partners, partner_kind, service, each, planned, began_on),
               (VALUES (2022), (2023), (2024), (2025)) years(y)
          WHERE i < 3 OR {u("has it", "hash(xor(f._k, hash(s.collaboration_id)))")} < 0.7)
    WHERE NOT (i = 5 AND y > 2025)
    """,
    later={"reviewed_on": (), "_closed_on": ("cost", "saving", "saving_basis", "saving_in_cash")},
    monthly=False,
)

TABLES = (FINANCE_LINE, COLLABORATION)
