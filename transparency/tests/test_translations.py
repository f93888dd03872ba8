"""The Spanish catalogue: whole, exact in its placeholders, and compiled as it stands."""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import SimpleTestCase
from django.utils.translation.template import templatize

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "es" / "LC_MESSAGES" / "django.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2)}
HELD = re.compile(r"%\(\w+\)s|%%|\{\w+\}|</?[a-z][^>]*>")
"""What a sentence must hold in every language: placeholders and tags."""

FORBIDDEN = re.compile(
    r"\b(ilegal|mint|entrega(n)? (sus|las) lecturas|comparten? (sus lecturas )?con ICE)\b", re.IGNORECASE
)
"""Words that design rule 7 keeps out, in Spanish."""


def messages_in(path: Path) -> set[str | tuple[str, ...]]:
    """Return the messages of a module or template; a plural is a pair. Indentation is cut: Babel reads Python only."""
    text = path.read_text()
    if path.suffix == ".html":
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    found = extract_python(BytesIO(text.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    return {message for _line, name, call, _comments in found if (message := literal(name, call))}


def literal(name: Any, call: Any) -> str | tuple[str, ...]:
    """Return the message of a call of gettext's, "" where its text is no literal."""
    parts = tuple(part for part in (call if isinstance(call, list | tuple) else [call]) if isinstance(part, str))
    if "ngettext" in name:
        return parts[:2]
    return parts[0] if parts else ""


def used_messages() -> set[str | tuple[str, ...]]:
    """Return every message that a page of ours, the admin's aside, can show."""
    base = settings.BASE_DIR
    files = [*base.glob("agencies/templates/agencies/**/*.html"), *base.glob("transparency/templates/*.html")]
    skipped = {"admin", "tests", "migrations", "management"}
    files += [path for path in base.glob("agencies/**/*.py") if not skipped & set(path.relative_to(base).parts)]
    return set().union(*(messages_in(path) for path in files))


def texts(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return a message's text, or its singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text or ())


class SpanishTests(SimpleTestCase):
    """What every Spanish page rests on."""

    messages: list[Message]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        with CATALOGUE.open("rb") as file:
            cls.messages = [message for message in read_po(file) if message.id]

    def test_every_message_of_the_pages_is_in_the_catalogue(self) -> None:
        known = {message.id for message in self.messages}
        self.assertGreater(len(used_messages()), 400)
        self.assertEqual(sorted(map(str, used_messages() - known)), [])

    def test_every_message_is_translated_and_none_is_a_guess(self) -> None:
        unfinished = [message.id for message in self.messages if message.fuzzy or not all(texts(message.string))]
        self.assertEqual(unfinished, [])

    def test_placeholders_and_tags_are_kept(self) -> None:
        for message in self.messages:
            for wanted, given in zip(texts(message.id), texts(message.string), strict=True):
                with self.subTest(wanted):
                    self.assertEqual(sorted(HELD.findall(given)), sorted(HELD.findall(wanted)))

    def test_words_of_the_rules_of_truth_hold_in_spanish(self) -> None:
        for message in self.messages:
            self.assertNotRegex(str(message.string), FORBIDDEN)

    def test_compiled_catalogue_is_what_the_text_gives(self) -> None:
        with CATALOGUE.with_suffix(".mo").open("rb") as file:
            compiled = {texts(message.id): texts(message.string) for message in read_mo(file) if message.id}
        self.assertEqual(compiled, {texts(message.id): texts(message.string) for message in self.messages})
