"""Releases: the whole public record as files, numbered, checksummed, never changed.

What the record holds is written by `agencies.ingest.facts_export`; here it becomes a publication.
"""
