"""English for readers of many countries: the month as a word, since 3/4/2026 is a day of March or of April."""

SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
