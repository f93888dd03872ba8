"""What changed between two copies of one document: the rules, and the rows made by them.

No page is made here, and nothing that a document says is altered: changes follow from statements and are rebuilt.
"""
