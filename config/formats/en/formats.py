"""Dates as the Danish public sector writes them in English: Tuesday 1 December at 9:00."""

DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "l j F"
TIME_FORMAT = "G:i"
DATETIME_FORMAT = r"l j F \a\t" "\N{NO-BREAK SPACE}G:i"
SHORT_DATE_FORMAT = "j M Y"
