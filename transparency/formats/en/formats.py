"""Dates in English: the day first and the month as a word, which nobody can misread."""

DATE_FORMAT = "j F Y"
