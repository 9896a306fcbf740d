"""Asks about certificates of one issuer: each over OCSP, the rest in one reading of the CRL."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import AuthorityInformationAccessOID

from registration.ca.status import crl, fetching, ocsp
from registration.ca.status.answer import Answer, StatusError
from registration.ca.status.crl import Wanted

Told = Answer | StatusError
IN_CERTIFICATE = "certificate"
_DOWN = frozenset({"unreachable", "too-slow", "answered-with-an-error"})
_NO_ISSUER = (ValueError, TypeError, InvalidSignature)


@dataclass(frozen=True)
class Sources:
    """Where to ask: an address, IN_CERTIFICATE for what the certificate says, or "" for nowhere."""

    ocsp: str = IN_CERTIFICATE
    crl: str = IN_CERTIFICATE
    nonce_required: bool = True
    timeout: float = 10.0  # seconds for a question
    list_timeout: float = 60.0  # seconds for a whole list
    longest_list: int = 200_000_000  # bytes
    budget: float = 40.0  # seconds for all questions together


@dataclass
class Inquiry:
    """One round of questions about certificates of one issuer."""

    issuer: x509.Certificate
    sources: Sources
    now: datetime
    _silent: dict[str, StatusError] = field(default_factory=dict)

    def tell(self, certificates: Sequence[x509.Certificate]) -> dict[int, Told]:
        """Return for each serial number what is known, or why nobody could tell."""
        ends = time.monotonic() + self.sources.budget
        told: dict[int, Told] = {}
        for each in certificates:
            told[each.serial_number] = self._asked(each, ends)
        doubted = [each for each in certificates if _is_open(told[each.serial_number])]
        for point, those in self._by_list(doubted).items():
            told |= self._looked_up(point, those, told)
        return told

    def _asked(self, certificate: x509.Certificate, ends: float) -> Told:
        address = self._ocsp_address(certificate)
        try:
            _require_issued_by(certificate, self.issuer)
            if address in self._silent:
                return self._silent[address]
            return self._question(certificate, address, ends)
        except StatusError as doubt:
            if doubt.reason in _DOWN:  # the others need not wait for it too
                self._silent[address] = doubt
            return doubt

    def _question(self, certificate: x509.Certificate, address: str, ends: float) -> Answer:
        if not address:
            raise StatusError("no-address")
        if time.monotonic() > ends:
            raise StatusError("too-slow", retryable=True)
        asked = ocsp.question(certificate, self.issuer)
        answer = fetching.post(address, asked.der, ocsp.MEDIA_TYPE, self.sources.timeout)
        return ocsp.read(answer, asked, self.now, nonce_required=self.sources.nonce_required)

    def _ocsp_address(self, certificate: x509.Certificate) -> str:
        if self.sources.ocsp != IN_CERTIFICATE:
            return self.sources.ocsp
        return next(_ocsp_addresses(certificate), "")

    def _by_list(
        self, certificates: Iterable[x509.Certificate]
    ) -> Mapping[str, list[x509.Certificate]]:
        """Group certificates by the address of their list that stands in them."""
        grouped = defaultdict(list)
        for each in certificates:
            grouped[next(_list_addresses(each), "")].append(each)
        return grouped

    def _looked_up(
        self, point: str, certificates: Iterable[x509.Certificate], told: Mapping[int, Told]
    ) -> dict[int, Told]:
        serials = {each.serial_number for each in certificates}
        address = point if self.sources.crl == IN_CERTIFICATE else self.sources.crl
        if not address:
            return {serial: told[serial] for serial in serials}
        wanted = Wanted(serials, self.issuer, point, self.now)
        try:
            with fetching.get(address, self.sources.list_timeout) as read:
                return dict(crl.find(read, wanted, most=self.sources.longest_list))
        except StatusError as doubt:
            return dict.fromkeys(serials, doubt)


def _is_open(told: Told) -> bool:
    """Tell whether the list may be asked: what the responder does not know, it does not list."""
    return isinstance(told, StatusError) and not told.final


def _require_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    """Raise a final doubt: a list of this issuer says nothing about another's certificate."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except _NO_ISSUER as fault:
        raise StatusError("of-another-issuer", final=True) from fault


def _ocsp_addresses(certificate: x509.Certificate) -> Iterator[str]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except (x509.ExtensionNotFound, ValueError):
        return
    for each in extension.value:
        if each.access_method == AuthorityInformationAccessOID.OCSP:
            yield from _web(each.access_location)


def _list_addresses(certificate: x509.Certificate) -> Iterator[str]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    except (x509.ExtensionNotFound, ValueError):
        return
    for each in extension.value:
        for name in each.full_name or ():
            yield from _web(name)


def _web(name: x509.GeneralName) -> Iterator[str]:
    if isinstance(name, x509.UniformResourceIdentifier) and name.value.startswith("http"):
        yield name.value
