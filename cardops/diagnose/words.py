"""What each finding means, and what to do next: English here, Serbian in the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cardops.diagnose.findings import Code, Finding
from cardops.texts import Texts, gettext_noop


@dataclass(frozen=True)
class Words:
    """Two sentences about a finding."""

    wrong: str
    next: str


_WORDS = {
    Code.DESK_SILENT: Words(
        gettext_noop("The desk does not answer."),
        gettext_noop(
            "Look whether the computer of the desk is switched on and its program runs; start it"
            " again."
        ),
    ),
    Code.SERVICE_DOWN: Words(
        gettext_noop("The smart-card service of this computer does not run."),
        gettext_noop(
            "Start it again: on Linux pcscd, on Windows the service “Smart Card” (SCardSvr)."
        ),
    ),
    Code.REMOTE_SESSION: Words(
        gettext_noop("This is a remote session: it sees the readers of the far computer."),
        gettext_noop("Sit down at the computer into which the reader is plugged."),
    ),
    Code.NO_READER: Words(
        gettext_noop("The computer sees no card reader."),
        gettext_noop(
            "Plug the reader straight into the computer, not into a USB hub; try another socket,"
            " then another reader."
        ),
    ),
    Code.VIRTUAL_READER: Words(
        gettext_noop(
            "The system shows a reader that is none: %(readers)s. Programs may look into it instead"
            " of the real one."
        ),
        gettext_noop(
            "Choose the real reader in the program, or switch the virtual one off in the device"
            " manager."
        ),
    ),
    Code.SEVERAL_READERS: Words(
        gettext_noop("Several readers are connected: %(readers)s. Looked into was %(used)s."),
        gettext_noop("Leave only the reader with the card connected: some programs see the first."),
    ),
    Code.NO_CARD: Words(
        gettext_noop("There is no card in the reader."),
        gettext_noop("Insert the card with the chip first, the chip up, as far as it goes."),
    ),
    Code.HELD: Words(
        gettext_noop("Another program holds the card."),
        gettext_noop(
            "Close browsers and signing programs that use cards, then take the card out and insert"
            " it again."
        ),
    ),
    Code.MUTE: Words(
        gettext_noop("There is a card in the reader, but its chip does not answer."),
        gettext_noop(
            "Turn the card round, with the chip first and up. If that does not help, wipe the chip"
            " with a dry cloth, then try another reader."
        ),
    ),
    Code.REMOVED: Words(
        gettext_noop("The card was taken out while it was being examined."),
        gettext_noop("Put it back, leave it in the reader and examine it again."),
    ),
    Code.RESET: Words(
        gettext_noop("Another program disturbed the card while it was being examined."),
        gettext_noop("Close programs that use cards and examine it again."),
    ),
    Code.FAULTY: Words(
        gettext_noop("The card or the reader answered with a fault."),
        gettext_noop(
            "Take the card out, insert it again and examine it once more; then try another reader."
            " If it stays, the chip is damaged: a new identity card is needed."
        ),
    ),
    Code.UNKNOWN_CARD: Words(
        gettext_noop("This is not a Serbian identity card with a chip that is known here."),
        gettext_noop("Insert the identity card; a bank or health card cannot be used."),
    ),
    Code.TOO_OLD: Words(
        gettext_noop("The chip of this card is too old for a certificate."),
        gettext_noop(
            "Only cards issued after 18.08.2014. can carry one. The holder needs a new identity"
            " card first."
        ),
    ),
    Code.CARD_EXPIRED: Words(
        gettext_noop("The identity card itself expired on %(expires_on)s"),
        gettext_noop("The holder needs a new identity card first, then a certificate on it."),
    ),
    Code.NO_APPLICATION: Words(
        gettext_noop("The chip has no application for signing."),
        gettext_noop("No certificate fits on this card. The holder needs a new identity card."),
    ),
    Code.PIN_BLOCKED: Words(
        gettext_noop("The PIN is blocked after too many wrong tries."),
        gettext_noop("It is unblocked at the counter with Obrazac 2, by the holder in person."),
    ),
    Code.TRIES_USED: Words(
        gettext_noop("A wrong PIN was typed: tries left before the card blocks: %(tries_left)s."),
        gettext_noop(
            "Let the holder type the PIN slowly. Who does not remember it asks with Obrazac 2."
        ),
    ),
    Code.NO_CERTIFICATE: Words(
        gettext_noop("There is no certificate for signing on the card: it was never issued."),
        gettext_noop("The holder asks for one with Obrazac 1."),
    ),
    Code.NO_AUTHENTICATION: Words(
        gettext_noop("The certificate for signing is there, the one for logging in is not."),
        gettext_noop("The card signs. To log in to portals the holder asks for a new certificate."),
    ),
    Code.UNREADABLE: Words(
        gettext_noop("What lies on the card in place of the certificate for %(roles)s is none."),
        gettext_noop("A new certificate must be issued with Obrazac 1."),
    ),
    Code.NOT_YET_VALID: Words(
        gettext_noop("The certificate for %(roles)s is valid only from %(on)s"),
        gettext_noop("Look whether date and time of this computer are right; else wait."),
    ),
    Code.EXPIRED: Words(
        gettext_noop("The certificate for %(roles)s expired on %(on)s"),
        gettext_noop("The holder asks for a new one with Obrazac 1."),
    ),
    Code.CONFIGURATION: Words(
        gettext_noop("A file of the certification body at this desk is no certificate: %(file)s."),
        gettext_noop("Tell the administrator: until then nobody sees whether the chain is whole."),
    ),
    Code.CHAIN_MISSING: Words(
        gettext_noop(
            "The certificates of the certification body are not installed: %(issuer)s is missing."
        ),
        gettext_noop(
            "Install the certification body's certificates: they are not on the card. At the desk"
            " they lie in the folder that its configuration names."
        ),
    ),
}
_ROLES = {
    "signing": gettext_noop("signing"),
    "authentication": gettext_noop("logging in"),
}
_DATES = frozenset({"on", "expires_on"})


def of(finding: Finding, texts: Texts) -> Words:
    """Return what is wrong and what to do next, in the language of `texts`."""
    words = _WORDS[finding.code]
    facts = {name: _said(name, value, texts) for name, value in finding.facts.items()}
    return Words(_filled(texts(words.wrong), facts), _filled(texts(words.next), facts))


def role(name: str, texts: Texts) -> str:
    return texts(_ROLES[name])


def nothing(texts: Texts) -> str:
    """Return what is said where nothing is wrong."""
    return texts("Nothing is wrong with the card: what can be seen without a PIN is in order.")


def _filled(sentence: str, facts: Mapping[str, str]) -> str:
    return sentence % facts if "%(" in sentence else sentence


def _said(name: str, value: Any, texts: Texts) -> str:
    if name in _DATES:
        return f"{date.fromisoformat(value):%d.%m.%Y.}"
    if name == "roles":
        return ", ".join(texts(_ROLES[each]) for each in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
