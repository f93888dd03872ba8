"""How dates and numbers are written in each language, where the country differs from Django's choice."""
