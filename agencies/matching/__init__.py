"""Printed names to agencies, by recorded decisions. Only exact and normalised matches so far; the rest waits.

Nothing here reads a document or summarises links.
"""
