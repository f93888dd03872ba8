"""Statements into links, and links into a graph: what the record adds up to.

Nothing here reads a document or decides what a printed name means.
"""
