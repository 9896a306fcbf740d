"""What a rule finds: a sentence for the officer, and whether the case may go on with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


@dataclass(frozen=True)
class Finding:
    """`message` is an English msgid with %(name)s places for `params`.

    What does not block is a warning: the officer confirms it by its `code`, or corrects `field`.
    The sentence may quote what was typed: it is for the screen, never for a log.
    """

    code: str
    field: str  # of `applicant.Applicant`, or of the choices made with it
    blocking: bool
    message: str
    params: Mapping[str, Any] = default(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Return the sentence in English."""
        return self.message % self.params


def refuse(code: str, field_: str, message: str, **params: Any) -> Finding:
    return Finding(code, field_, blocking=True, message=message, params=params)


def warn(code: str, field_: str, message: str, **params: Any) -> Finding:
    return Finding(code, field_, blocking=False, message=message, params=params)
