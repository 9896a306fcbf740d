"""The sentences of the citizen screen."""

from cardops.pin.prompts import Prompt, Turn
from cardops.texts import Texts, gettext_noop

_SENTENCES = {
    Turn.ENTER: gettext_noop("Type your PIN. Nobody else may see it."),
    Turn.CHOOSE: gettext_noop(
        "Choose the PIN of your card: 6 to 8 digits that nobody can guess. Type it twice."
    ),
    Turn.KEEP: gettext_noop(
        "Your PIN was blocked. Type the PIN that you have had so far, twice: the card takes what "
        "you type now, and nobody can check that it is the same."
    ),
    Turn.CONFIRM: gettext_noop(
        "The card holds a certificate already. The new one takes its place: the old certificate "
        "stops working for good."
    ),
    Turn.WAIT: gettext_noop("One moment, the card is working. Leave it in the reader."),
    Turn.DONE: gettext_noop("Done. Your certificate is on the card."),
    Turn.UNBLOCKED: gettext_noop("Done. Your card takes the PIN that you typed."),
    Turn.FAILED: gettext_noop("It did not work this time. The officer will tell you what is next."),
}
_WRONG = {
    Turn.ENTER: gettext_noop("That was not the PIN of this card."),
    Turn.CHOOSE: gettext_noop("This PIN is too easy to guess."),
}
_LABELS = {
    "title": gettext_noop("Your PIN"),
    "pin": gettext_noop("PIN"),
    "again": gettext_noop("The same PIN again"),
    "submit": gettext_noop("Confirm"),
    "consent": gettext_noop("I know that one more wrong PIN blocks the card."),
    "different": gettext_noop("The two PINs differ. Type the new PIN twice the same."),
    "digits": gettext_noop("A PIN has 6 to 8 digits."),
    "gone": gettext_noop("This page is closed. Thank you."),
}


def labels(texts: Texts) -> dict[str, str]:
    """Return the fixed words of the page."""
    return {name: texts(message) for name, message in _LABELS.items()}


def sentence(texts: Texts, prompt: Prompt) -> str:
    said = texts(_SENTENCES[prompt.turn])
    if prompt.of > 1:
        said += " " + texts("(%(number)s of %(of)s)") % {"number": prompt.number, "of": prompt.of}
    return f"{texts(_WRONG[prompt.turn])} {said}" if prompt.wrong else said


def tries(texts: Texts, prompt: Prompt) -> str:
    """Say how many tries are left; nothing while the count is full."""
    left = prompt.tries_left
    if left is None or prompt.turn != Turn.ENTER:
        return ""
    return texts.plural("%(left)s try left.", "%(left)s tries left.", left) % {"left": left}
