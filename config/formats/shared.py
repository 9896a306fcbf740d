"""What the languages share; the date ends with its dot, and is read without it too."""

DATE_FORMAT = SHORT_DATE_FORMAT = "d.m.Y."
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d.m.Y. H:i"
DATE_INPUT_FORMATS = ["%d.%m.%Y.", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"]
FIRST_DAY_OF_WEEK = 1
