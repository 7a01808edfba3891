"""English for readers of many countries: the month as a word, since 3/4/2026 is in March for some and in April for others."""

SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
