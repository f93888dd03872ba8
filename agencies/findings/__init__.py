"""Findings: what rules make of statements and laws that do not fit together, and the words for it.

One module a rule, from `Material` to `Draft`s; `rebuild` writes them. Nothing here reads a document, decides what a
name means, or says that anybody broke a law.
"""
