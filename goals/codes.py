"""The frame's own codes: the numbers of the goals, and DAC's codes of the regions that Central America lies in."""

GOALS = (1, 2, 3, 4, 5)
# DAC regions: Central America; North and Central America; America.
CENTRAL_AMERICA, NORTH_AND_CENTRAL_AMERICA, AMERICA = "1032", "389", "498"
# The nearest first.
REGIONS_AROUND = (CENTRAL_AMERICA, NORTH_AND_CENTRAL_AMERICA, AMERICA)
