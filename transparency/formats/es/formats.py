"""Dates and numbers in the Spanish of the United States: 48,472 and 3.5, where Spain writes 48.472 and 3,5."""

DATE_FORMAT = r"j \d\e F \d\e Y"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
