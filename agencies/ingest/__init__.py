"""Documents in: one module a format, each fetch() -> parse() (pure, bytes in, statements out) -> record().

What a printed name means is decided in `agencies.matching`; what statements add up to, in `agencies.network`.
"""
