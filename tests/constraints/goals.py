"""Goals, places, sectors, exchange rates, priorities."""

# A valid row in every table that factories do not fill.
ROWS = """
INSERT INTO goals_priority (goal_id, country_id, title_en, title_es, rank, period_start, period_end, source, version)
VALUES (1, 'HN', 'a', 'a', 1, '2025-01-01', '2026-01-01', '', 1);
INSERT INTO goals_heldrate (currency, month, usd_per_unit, known, source, held_at, decision, decided_by)
VALUES ('HNL', '2027-01-01', 0.02, 0.04, 'a', now(), 'open', '');
INSERT INTO goals_ratechange (currency, month, usd_per_unit, source, origin, "by", at)
VALUES ('HNL', '2027-01-01', 0.02, 'a', 'file', '', now());
"""

# Constraint -> a statement that breaks it.
BREAKS = {
    "goal_number_is_1_to_5": "INSERT INTO goals_goal VALUES (6, 'a', 'a', 'a', 'a')",
    "sector_code_is_five_digits": "UPDATE goals_sector SET code = '1513x' WHERE code = '15261'",
    "sector_category_is_three_digits": "UPDATE goals_sector SET category = 'x'",
    "country_code_is_two_capitals": "INSERT INTO goals_country VALUES ('xx', 'a', 'a', false)",
    "country_in_carsi_is_one_of_seven": "UPDATE goals_country SET in_carsi = true WHERE code = 'MX'",
    "region_code_is_digits": "INSERT INTO goals_region VALUES ('x', 'a', 'a', false)",
    "area_level_is_1_or_2": "UPDATE goals_area SET level = 3",
    "area_code_begins_with_its_country": "UPDATE goals_area SET country_id = 'HN' WHERE country_id = 'GT'",
    "area_of_level_2_is_part_of_one": "UPDATE goals_area SET level = 2",
    "area_point_is_on_the_globe": "UPDATE goals_area SET latitude = 91",
    "rate_once_a_month": (
        "INSERT INTO goals_exchangerate (currency, month, usd_per_unit) VALUES ('EUR', '2024-01-01', 1)"
    ),
    "rate_is_positive": "UPDATE goals_exchangerate SET usd_per_unit = 0",
    "rate_currency_is_three_capitals": "UPDATE goals_exchangerate SET currency = 'eur' WHERE currency = 'EUR'",
    "rate_month_is_its_first_day": "UPDATE goals_exchangerate SET month = month + 1",
    "rate_basis_is_known": "UPDATE goals_exchangerate SET basis = 'week'",
    "rate_origin_is_known": "UPDATE goals_exchangerate SET origin = 'guess'",
    "rate_has_a_source": "UPDATE goals_exchangerate SET source = ''",
    "held_rate_is_asked_once": (
        "INSERT INTO goals_heldrate (currency, month, usd_per_unit, known, source, held_at, decision, decided_by)"
        " SELECT currency, month, usd_per_unit, known, source, held_at, decision, decided_by FROM goals_heldrate"
    ),
    "held_rate_is_positive": "UPDATE goals_heldrate SET usd_per_unit = 0",
    "held_rate_is_decided_by_somebody": "UPDATE goals_heldrate SET decision = 'accepted'",
    "priority_rank_begins_at_1": "UPDATE goals_priority SET rank = 0",
    "priority_period_in_order": "UPDATE goals_priority SET period_end = '2000-01-01'",
    "priority_area_has_its_country": "UPDATE goals_priority SET area_id = 'HN-CR', country_id = NULL",
    "priority_rank_once_in_a_period": (
        "INSERT INTO goals_priority (goal_id, country_id, title_en, title_es, rank, period_start, period_end, source,"
        " version) VALUES (1, 'HN', 'b', 'b', 1, '2025-06-01', '2027-01-01', '', 1)"
    ),
}

# Table and trigger -> a statement that it refuses.
REFUSED = {
    "goals_ratechange.append_only": "DELETE FROM goals_ratechange",
}
