"""Printed names to agencies, by recorded decisions: parse, candidates, score, decide, undo, merge.

Nothing here reads a document or summarises links.
"""
