"""The rules of what cannot be undone, held against card, journals and the body's own ledger."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from archive.services import audit
from cardops import tlv
from cardops.cards import piv
from cardops.cards.profile import Role
from cardops.journal import Journal
from cardops.virtual import state
from cardops.virtual.piv import TRIES, Memory
from registration.ca.base import State as Status
from registration.ca.embedded import revocations
from registration.ca.embedded.ledger import Ledger
from registration.models import Application, Certificate, Issuance
from registration.services import stages
from registration.workflow.issuance import Stage
from registration.workflow.states import State
from tests.faults.citizen import PIN
from tests.faults.place import Place

CERTIFICATES = {Role.SIGNING: bytes.fromhex("5FC10A"), Role.AUTHENTICATION: bytes.fromhex("5FC105")}
IDENTIFIERS = (bytes.fromhex("5FC102"), bytes.fromhex("5FC107"))  # CHUID, CCC


@dataclass(frozen=True)
class Scene:
    """All that the rules look at: the card as it was and as it is, and what everybody wrote."""

    before: Memory
    now: Memory
    application: Application
    journal: Journal
    said: tuple[str, ...]  # of the citizen

    @property
    def ledger(self) -> Ledger:
        return Ledger(settings.OVERA["CA"]["FOLDER"] / "ledger")

    @property
    def issuances(self) -> list[Issuance]:
        return list(Issuance.objects.filter(application=self.application))

    def live(self) -> dict[int, Issuance | None]:
        """Return the certificates that the body holds valid, with whose they are."""
        ledger = self.ledger
        owners = {}
        for issuance in Issuance.objects.select_related("application"):
            entry = ledger.promised(str(issuance.pk))
            if entry:
                owners[entry.serial] = issuance
        folder = settings.OVERA["CA"]["FOLDER"] / "ledger" / "certificates"
        serials = [int(path.stem, 16) for path in folder.glob("*.cer")]
        return {each: owners.get(each) for each in serials if _valid(ledger, each)}


def scene(
    place: Place, before: dict[str, Any], now: dict[str, Any], case: str, journal: Journal
) -> Scene:
    said = place.said.read_text().split() if place.said.exists() else []
    return Scene(
        before=state.from_json(before).memory,
        now=state.from_json(now).memory,
        application=Application.objects.get(pk=case),
        journal=journal,
        said=tuple(said),
    )


def always(seen: Scene) -> list[str]:
    """Return what is broken that must hold at every moment."""
    checks = (
        _one_live,
        _accepted_only_with_its_key,
        _nothing_lost,
        _strange_certificates,
        _old_key_in_time,
        _known_pin,
    )
    return [finding for check in checks for finding in check(seen)]


def at_the_end(seen: Scene) -> list[str]:
    """Return what is broken now that the officer has nothing left to do."""
    ending = _issued if seen.application.state == State.ISSUED else _given_up
    checks = (ending, _tables_agree, _nothing_waits, _pin_told)
    return [*always(seen), *(finding for check in checks for finding in check(seen))]


def _valid(ledger: Ledger, serial: int) -> bool:
    return revocations.describe(ledger.last_change(serial)).state == Status.VALID


def _one_live(seen: Scene) -> Iterator[str]:
    live = seen.live()
    if None in live.values():
        yield "the body has a live certificate of nobody's issuance"
    owned = Counter((each.application_id, each.role) for each in live.values() if each)
    for (_application, role), number in owned.items():
        if number > 1:
            yield f"{number} live certificates for {role}"


def _accepted_only_with_its_key(seen: Scene) -> Iterator[str]:
    for issuance in seen.issuances:
        if issuance.stage != Stage.CONFIRMED:
            continue
        role, der = Role(issuance.role), stages.certificate_der(issuance)
        if certificate(seen.now, role) != der:
            yield f"{role} was accepted, and the card holds another certificate"
        if spki(seen.now, role) != _spki_of(der):
            yield f"{role} was accepted, and its key is not on the card"


def _nothing_lost(seen: Scene) -> Iterator[str]:
    kept = seen.before.objects.keys() - set(CERTIFICATES.values())
    if IDENTIFIERS[0] not in kept:
        kept -= set(IDENTIFIERS)  # a blank card gets them
    for tag in kept:
        if seen.now.objects.get(tag) != seen.before.objects[tag]:
            yield f"the object {tag.hex()} was lost"
    for slot in seen.before.keys.keys() - set(piv.SLOTS.values()):
        if _public(seen.now, slot) != _public(seen.before, slot):
            yield f"the key {slot:X} was lost"


def _strange_certificates(seen: Scene) -> Iterator[str]:
    for role in CERTIFICATES:
        held = certificate(seen.now, role)
        issued = [
            stages.certificate_der(each)
            for each in seen.issuances
            if each.role == role and hasattr(each, "certificate")
        ]
        if held not in [certificate(seen.before, role), *issued]:
            yield f"the card holds a certificate for {role} that is from nowhere"


def _old_key_in_time(seen: Scene) -> Iterator[str]:
    """An old key is destroyed only once the citizen was told and its serial journaled."""
    for role, slot in piv.SLOTS.items():
        old = certificate(seen.before, role)
        if old is None or _public(seen.now, slot) == _public(seen.before, slot):
            continue
        serial = f"{x509.load_der_x509_certificate(old).serial_number:x}"
        noted = {seen.journal.replacement(str(each.pk), role) for each in seen.issuances}
        if serial not in noted:
            yield f"the old key for {role} is gone, and no journal knows which it was"
        if "confirm" not in seen.said:
            yield f"the old key for {role} is gone, and the citizen was not told"


def _known_pin(seen: Scene) -> Iterator[str]:
    if seen.now.pin.value not in (seen.before.pin.value, PIN):
        yield "the card has a PIN that nobody chose"


def _issued(seen: Scene) -> Iterator[str]:
    stopped = [each.role for each in seen.issuances if each.stage not in _ENDED]
    if stopped:
        yield f"the case is issued, but not {stopped}"
    roles = sorted(each.role for each in seen.issuances if each.stage == Stage.CONFIRMED)
    mine = [each for each in seen.live().values() if each]
    live = sorted(each.role for each in mine)
    if not live == roles == sorted(settings.OVERA["ROLES"]):
        yield f"live are {live}, proven are {roles}"
    if any(each.application_id != seen.application.pk for each in mine):
        yield "a certificate whose key was destroyed is still live"


_ENDED = (Stage.CONFIRMED, Stage.ABANDONED)


def _given_up(seen: Scene) -> Iterator[str]:
    if seen.application.state != State.SIGNED:
        yield f"the case ended as {seen.application.state}"
    yield from given_up(seen)


def given_up(seen: Scene) -> list[str]:
    """Return what is broken after the officer gave the making up."""
    findings = []
    if any(each.stage != Stage.ABANDONED for each in seen.issuances):
        findings.append("given up, and an issuance goes on")
    live = seen.live()
    if any(each and each.application_id == seen.application.pk for each in live.values()):
        findings.append("given up, and a certificate of this case is live")
    for role, slot in piv.SLOTS.items():
        old = certificate(seen.before, role)
        destroyed = old is not None and _public(seen.now, slot) != _public(seen.before, slot)
        if destroyed and x509.load_der_x509_certificate(old or b"").serial_number in live:
            findings.append(f"given up, and the old certificate for {role} lives without a key")
    return findings


def _tables_agree(seen: Scene) -> Iterator[str]:
    ours = Certificate.objects.filter(revoked_at=None).values_list("serial", flat=True)
    if {int(each, 16) for each in ours} != set(seen.live()):
        yield "our table and the body's ledger disagree on what is live"
    findings = audit.verify().findings
    if findings:
        yield f"the audit does not verify: {findings}"


def _nothing_waits(seen: Scene) -> Iterator[str]:
    if seen.journal.unsent():
        yield "the desk still keeps an answer"


def _pin_told(seen: Scene) -> Iterator[str]:
    if seen.now.pin.left != TRIES:
        yield f"{seen.now.pin.left} tries are left, and nobody was told"
    if seen.application.state == State.ISSUED and seen.now.pin.value != PIN:
        yield "the card's PIN is not the citizen's"


def certificate(memory: Memory, role: Role) -> bytes | None:
    stored = memory.objects.get(CERTIFICATES[role])
    return tlv.find(stored, 0x70) if stored else None


def spki(memory: Memory, role: Role) -> bytes | None:
    return _public(memory, piv.SLOTS[role])


def _public(memory: Memory, slot: int) -> bytes | None:
    key = memory.keys.get(slot)
    if key is None:
        return None
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _spki_of(der: bytes) -> bytes:
    key = x509.load_der_x509_certificate(der).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
