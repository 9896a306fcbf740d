"""The sentences of the citizen screen."""

from cardops.pin.prompts import Fault, Prompt, Turn
from cardops.pin.rules import PinRules
from cardops.texts import Texts, gettext_noop

_SENTENCES = {
    Turn.ENTER: gettext_noop("Type your PIN. Nobody else may see it."),
    Turn.CHOOSE: gettext_noop(
        "Choose the PIN of your card: %(least)s to %(most)s digits that nobody can guess. Type it "
        "twice."
    ),
    Turn.KEEP: gettext_noop(
        "Your PIN was blocked. Type the PIN that you have had so far, twice: the card takes what "
        "you type now, and nobody can check that it is the same."
    ),
    Turn.CONFIRM: gettext_noop(
        "The card holds a certificate already. The new one takes its place: the old certificate "
        "stops working for good."
    ),
    Turn.LAST_TRY: gettext_noop(
        "Only one try is left. If the PIN is wrong once more, the card is blocked, and you have to "
        "ask for it to be unblocked."
    ),
    Turn.WAIT: gettext_noop("One moment, the card is working. Leave it in the reader."),
    Turn.DONE: gettext_noop("Done. Your certificate is on the card."),
    Turn.UNBLOCKED: gettext_noop("Done. Your card takes the PIN that you typed."),
    Turn.FAILED: gettext_noop("It did not work this time. The officer will tell you what is next."),
}
_ON_THE_READER = {
    Turn.ENTER: gettext_noop(
        "Type your PIN on the keys of the card reader, then press OK there. Nobody else may see it."
    ),
    Turn.CHOOSE: gettext_noop(
        "Choose the PIN of your card: %(least)s to %(most)s digits that nobody can guess. Type it "
        "twice on the keys of the card reader, and press OK there each time."
    ),
    Turn.KEEP: gettext_noop(
        "Your PIN was blocked. Type the PIN that you have had so far, twice, on the keys of the "
        "card reader: the card takes what you type now, and nobody can check that it is the same."
    ),
}
_FAULTS = {
    Fault.WRONG: gettext_noop("That was not the PIN of this card."),
    Fault.LENGTH: gettext_noop("A PIN has %(least)s to %(most)s digits."),
    Fault.EASY: gettext_noop("This PIN is too easy to guess."),
    Fault.DIFFERENT: gettext_noop("The two PINs differ. Type the new PIN twice the same."),
}
_SUBMIT = {
    Turn.CONFIRM: gettext_noop("I agree"),
    Turn.LAST_TRY: gettext_noop("I know that, one more try"),
}
_LABELS = {
    "title": gettext_noop("Your PIN"),
    "pin": gettext_noop("PIN"),
    "again": gettext_noop("The same PIN again"),
    "submit": gettext_noop("Confirm"),
    "refuse": gettext_noop("Stop here"),
    "different": _FAULTS[Fault.DIFFERENT],
    "keys": gettext_noop("Keys in random order"),
    "erase": gettext_noop("Erase"),
    "gone": gettext_noop("This page is closed. Thank you."),
}


def labels(texts: Texts) -> dict[str, str]:
    """Return the fixed words of the page."""
    return {name: texts(message) for name, message in _LABELS.items()}


def sentence(texts: Texts, prompt: Prompt) -> str:
    """Say what is asked, which time of how many, and what was wrong before."""
    asked = _ON_THE_READER if prompt.pad else _SENTENCES
    said = [texts(asked[prompt.turn])]
    if prompt.of > 1:
        said.append(texts("(%(number)s of %(of)s)"))
    if prompt.fault:
        said.insert(0, texts(_FAULTS[prompt.fault]))
    return " ".join(said) % {"number": prompt.number, "of": prompt.of, **_bounds(prompt.rules)}


def length(texts: Texts, rules: PinRules | None) -> str:
    """Say how long a PIN is, where one is asked for."""
    if rules is None:
        return ""
    return texts(_FAULTS[Fault.LENGTH]) % _bounds(rules)


def submit(texts: Texts, turn: Turn) -> str:
    """Say what the button does."""
    return texts(_SUBMIT.get(turn, _LABELS["submit"]))


def tries(texts: Texts, prompt: Prompt) -> str:
    """Say how many tries are left, where a PIN is asked for."""
    left = prompt.tries_left
    if left is None:
        return ""
    return texts.plural("%(left)s try left.", "%(left)s tries left.", left) % {"left": left}


def time(texts: Texts, seconds: int | None) -> str:
    """Say how long the question waits."""
    if seconds is None:
        return ""
    return texts("Time left: %(seconds)s s") % {"seconds": seconds}


def _bounds(rules: PinRules | None) -> dict[str, int]:
    return {"least": rules.least, "most": rules.most} if rules else {}
