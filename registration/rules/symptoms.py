"""What citizens meet at their own Windows computer: symptom → cause → what to do.

The page of the counter and the printed leaflet both read this table.
"""

from dataclasses import dataclass

from registration.rules.findings import gettext_noop


@dataclass(frozen=True)
class Cause:
    """Sentences are English msgids; `counter`: only a visit to the counter helps."""

    code: str
    cause: str
    remedy: str
    counter: bool = False


@dataclass(frozen=True)
class Symptom:
    """What the computer shows, with its causes, the most frequent and the simplest first."""

    code: str
    title: str
    causes: tuple[Cause, ...]


_CONTENT = Symptom(
    "content",
    gettext_noop("“The content of the card is not available”, or the card is not seen"),
    (
        Cause(
            "wrong-way-round",
            gettext_noop("The card lies the wrong way round, or its chip is dirty."),
            gettext_noop(
                "Insert it with the chip first and up, as far as it goes. Wipe the chip with a dry"
                " cloth."
            ),
        ),
        Cause(
            "hub",
            gettext_noop("The reader hangs on a USB hub or a keyboard, or it is broken."),
            gettext_noop(
                "Plug it straight into the computer, into another socket too. Try another reader."
            ),
        ),
        Cause(
            "service-stopped",
            gettext_noop("The Windows service “Smart Card” does not run."),
            gettext_noop(
                "Press Windows + R, type services.msc, open “Smart Card”: startup type Automatic,"
                " then Start."
            ),
        ),
        Cause(
            "held",
            gettext_noop("Another program holds the card."),
            gettext_noop(
                "Close all browsers and signing programs, take the card out, insert it again."
            ),
        ),
        Cause(
            "remote-desktop",
            gettext_noop("You work over Remote Desktop: the far computer does not see the reader."),
            gettext_noop(
                "Sit down at the computer with the reader, or tick “Smart cards” under Local"
                " Resources before you connect."
            ),
        ),
        Cause(
            "windows-hello",
            gettext_noop("A virtual reader of Windows Hello stands before the real one."),
            gettext_noop(
                "Choose the real reader in the program. If it offers no choice, disable the virtual"
                " reader in the Device Manager."
            ),
        ),
        Cause(
            "first-slot",
            gettext_noop("The program looks into the first reader only (“slot 1”)."),
            gettext_noop("Leave only the reader with the card plugged in, and start again."),
        ),
    ),
)
_CERTIFICATE = Symptom(
    "certificate",
    gettext_noop("The certificate is not shown, or it is refused"),
    (
        Cause(
            "middleware",
            gettext_noop("The program for the card (middleware) is missing or old."),
            gettext_noop(
                "Install the newest one from the web site of the certification body, then restart"
                " the computer."
            ),
        ),
        Cause(
            "chain",
            gettext_noop(
                "The certification body's own certificates are not installed: they are not on the"
                " card."
            ),
            gettext_noop(
                "Install root and issuing certificate from its web site: the root under Trusted"
                " Root Certification Authorities."
            ),
        ),
        Cause(
            "listed-without-card",
            gettext_noop("It is listed although the card is out: Windows remembers old ones."),
            gettext_noop(
                "Insert the card and choose the certificate with the latest date. Delete old ones"
                " in certmgr.msc."
            ),
        ),
        Cause(
            "replaced-card",
            gettext_noop("You got a new identity card: the certificate stayed on the old one."),
            gettext_noop("Ask for a certificate on the new card, with Obrazac 1."),
            counter=True,
        ),
        Cause(
            "old-card",
            gettext_noop("The chip is too old: the identity card was issued until 18.08.2014."),
            gettext_noop("Ask for a new identity card, then for a certificate on it."),
            counter=True,
        ),
        Cause(
            "expired",
            gettext_noop("The certificate expired, or there never was one."),
            gettext_noop("Ask for a new one with Obrazac 1. It is free and made on the spot."),
            counter=True,
        ),
    ),
)
_PIN = Symptom(
    "pin",
    gettext_noop("The PIN is not accepted"),
    (
        Cause(
            "pin-blocked",
            gettext_noop("After three wrong PINs the card is blocked."),
            gettext_noop("Come in person and have it unblocked with Obrazac 2."),
            counter=True,
        ),
    ),
)

SYMPTOMS = (_CERTIFICATE, _CONTENT, _PIN)
