"""Small pictures as inline SVG: pure functions from numbers to markup, one module each.

No colour, size or style is set here: the style sheet does that by class, as the content security policy asks. Every
number that a picture shows stands beside it as text, which is the caller's part.
"""
