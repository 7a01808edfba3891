"""Spanish of Central America: 1,234,567.89, as budgets are written in six of its seven countries (CLDR es-419)."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
