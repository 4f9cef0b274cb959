"""Dates as Danes write them: tirsdag den 1. december kl. 9.00."""

DATE_FORMAT = "j. F Y"
MONTH_DAY_FORMAT = r"l \d\e\n j. F"
TIME_FORMAT = "G.i"
DATETIME_FORMAT = r"l \d\e\n j. F \k\l." "\N{NO-BREAK SPACE}G.i"
SHORT_DATE_FORMAT = "j.n.Y"
