"""English for readers of many countries: the month as a word, since 3/4/2026 is a day of March or of April.

Hours run from 0 to 23, as in Spanish: after “a.m.” the end of a sentence would be a second full stop.
"""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "N j, Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
