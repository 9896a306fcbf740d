"""From a block's text to HTML: restricted Markdown, and placeholders from a closed list.

Paragraphs, numbered lists, *italic* and **bold**; a placeholder is `{law.trust}`. Nothing else is
read as markup, and a text never passes the template engine.
"""

import re
from html import escape

from markdown_it import MarkdownIt

from registration.documents import papers
from registration.documents.papers import Block

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MARKDOWN = MarkdownIt("zero", {"typographer": False}).enable(["emphasis", "list", "newline"])


class UnknownPlaceholderError(ValueError):
    """A text names something that is not on the list of `placeholders`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def placeholders(body: str = "") -> dict[str, str]:
    """Return what may stand in braces, with the text that takes its place on a body's papers."""
    return {
        f"{group}.{name}": text
        for group, texts in papers.constants(body).items()
        for name, text in texts.items()
    }


def check(text: str) -> None:
    """Raise UnknownPlaceholderError where a text names what nobody can fill in."""
    known = placeholders()
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            raise UnknownPlaceholderError(name)


def plain(block: Block) -> str:
    """Return the block's text as it is read aloud; raise UnknownPlaceholderError."""
    check(block.text)
    known = placeholders()
    return _PLACEHOLDER.sub(lambda found: known[found[1]], block.text).replace("*", "")


def html(block: Block, body: str = "") -> str:
    """Return the block's text as HTML; raise UnknownPlaceholderError."""
    check(block.text)
    known = placeholders(body)
    return _PLACEHOLDER.sub(lambda found: escape(known[found[1]]), _MARKDOWN.render(block.text))
