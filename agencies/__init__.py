"""The record: agencies, places, documents, statements, and the links that follow from them.

Everything that reads or writes the record lives here; `api` shows it as JSON and is never imported from here.
"""
