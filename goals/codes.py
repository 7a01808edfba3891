"""The frame's own codes: of the goals, the countries, and DAC's of the regions that Central America lies in."""

GOALS = (1, 2, 3, 4, 5)
# The countries with `in_carsi`. PostgreSQL knows how many rows name one of these codes, and does not know it of a join.
SEVEN = ("BZ", "CR", "GT", "HN", "NI", "PA", "SV")
# DAC regions: Central America; North and Central America; America.
CENTRAL_AMERICA, NORTH_AND_CENTRAL_AMERICA, AMERICA = "1032", "389", "498"
# The nearest first.
REGIONS_AROUND = (CENTRAL_AMERICA, NORTH_AND_CENTRAL_AMERICA, AMERICA)
