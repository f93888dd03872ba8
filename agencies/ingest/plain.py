"""Text of documents where it is shown as it is: in a terminal."""


def plain(text: str) -> str:
    """Return text with a mark for each character that does not print: none of a document's controls a terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
