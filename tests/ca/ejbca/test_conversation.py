"""What is asked of EJBCA, and what its answers become: enrolled, waiting, found, revoked."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from registration.ca import checks, subject
from registration.ca.base import Enrolled, Pending, Phase, State, Transaction
from registration.ca.ejbca.authority import EjbcaCA
from registration.ca.errors import CARefusedError, CAUnreachableError
from tests.ca.cards import Card
from tests.ca.ejbca.conftest import Place, enrolled, serial
from tests.ca.ejbca.stub import Reply

EMAIL = "petar@example.rs"


def now() -> datetime:
    return datetime.now(UTC)


def test_a_certificate_of_the_request_comes_back(place: Place, ejbca: EjbcaCA) -> None:
    request = Card().request(email=EMAIL, not_after=now() + timedelta(days=400))
    granted = enrolled(ejbca, request)
    checks.check(granted.certificate, request, ejbca.chain(), now(), request.not_after)
    assert granted.transaction.phase == Phase.GRANTED
    _method, path, body = place.stub.asked[0]
    assert path == "/v1/certificate/pkcs10enroll"
    assert body["username"] == "overa-case-1"
    assert body["include_chain"] is False
    assert body["email"] == EMAIL
    csr = x509.load_pem_x509_csr(body["certificate_request"].encode())
    assert csr.public_bytes(Encoding.DER) == request.csr
    assert place.stub.states() == ["valid"]


def test_the_cards_end_is_sent_unless_the_body_cannot_take_it(place: Place) -> None:
    end = datetime(2030, 3, 1, 22, 59, 59, tzinfo=UTC)
    request = Card().request(not_after=end)
    enrolled(place.connect(), request)
    enrolled(place.connect(SEND_END="0"), request)
    sent = [body.get("end_time") for _, _, body in place.stub.asked]
    assert sent == ["2030-03-01 22:59:59+00:00", None]


def test_each_asking_has_a_password_of_its_own_that_nothing_kept_shows(
    place: Place, ejbca: EjbcaCA
) -> None:
    request = Card().request()
    transactions = [enrolled(ejbca, request).transaction for _ in range(2)]
    first, second = (body["password"] for _, _, body in place.stub.asked)
    assert first != second
    assert len(first) == 64
    assert first not in str(transactions)
    assert "secret" not in repr(ejbca)


def test_what_a_repeated_request_gets_is_another_certificate(place: Place, ejbca: EjbcaCA) -> None:
    """The reason why nothing is asked twice without looking."""
    request = Card().request()
    assert enrolled(ejbca, request).certificate != enrolled(ejbca, request).certificate
    assert place.stub.states() == ["valid", "valid"]


@pytest.mark.parametrize("form", ["der", "pem", "twice"])
def test_a_certificate_may_come_in_other_wrappings(place: Place, ejbca: EjbcaCA, form: str) -> None:
    def change(reply: Reply) -> Reply:
        der = base64.b64decode(reply.data["certificate"])
        pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
        forms = {"der": der, "pem": pem, "twice": base64.b64encode(der)}
        return replace(reply, data=reply.data | {"certificate": text(forms[form])})

    place.stub.change = change
    granted = enrolled(ejbca, Card().request())
    assert granted.certificate == place.stub.issued[0][1]


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_request_for_somebody_else_is_not_sent(place: Place, ejbca: EjbcaCA) -> None:
    other = subject.build("Мара", "Марић", "0202990715015", "007654321")
    with pytest.raises(CARefusedError) as refusal:
        ejbca.enrol(replace(Card().request(), subject=other), ejbca.begin("case-1"))
    assert refusal.value.reason == "request-names-another-subject"
    assert place.stub.asked == []


class TestApproval:
    @pytest.fixture(autouse=True)
    def approvals(self, place: Place) -> None:
        place.stub.approvals = "asked"

    def waiting(self, ejbca: EjbcaCA) -> Transaction:
        answer = ejbca.enrol(Card().request(), ejbca.begin("case-1"))
        assert isinstance(answer, Pending)
        assert answer.check_after == 60
        return Transaction.from_json(answer.transaction.to_json())

    def test_what_waits_is_asked_for_until_it_is_approved(
        self, place: Place, ejbca: EjbcaCA
    ) -> None:
        waiting = self.waiting(ejbca)
        assert (waiting.phase, waiting.number) == (Phase.PENDING, 1)
        assert isinstance(ejbca.enrol(Card().request(), waiting), Pending)
        place.stub.requests[1].state = "approved"
        granted = ejbca.enrol(Card().request(), waiting)
        assert isinstance(granted, Enrolled)
        assert granted.transaction.phase == Phase.GRANTED
        assert place.stub.verbs() == ["pkcs10enroll", "finalize", "finalize"]
        assert place.stub.states() == ["valid"]

    def test_what_was_finalized_without_our_hearing_is_found(
        self, place: Place, ejbca: EjbcaCA
    ) -> None:
        waiting = self.waiting(ejbca)
        place.stub.requests[1].state = "approved"
        first = ejbca.enrol(Card().request(), waiting)
        again = ejbca.enrol(Card().request(), waiting)
        assert first == again
        assert place.stub.states() == ["valid"]

    @pytest.mark.parametrize(
        ("state", "reason"),
        [
            ("has been rejected", "approval-refused"),
            ("has expired", "approval-expired"),
            ("could not be executed", "approval-not-executed"),
        ],
    )
    def test_what_is_not_approved_is_refused(
        self, place: Place, ejbca: EjbcaCA, state: str, reason: str
    ) -> None:
        waiting = self.waiting(ejbca)
        place.stub.requests[1].state = state
        with pytest.raises(CARefusedError) as refusal:
            ejbca.enrol(Card().request(), waiting)
        assert refusal.value.reason == reason

    def test_the_number_may_stand_in_the_link_alone(self, place: Place, ejbca: EjbcaCA) -> None:
        def change(reply: Reply) -> Reply:
            return replace(reply, data={"status_code": 202, "link": reply.data["link"]})

        place.stub.change = change
        assert self.waiting(ejbca).number == 1

    def test_a_revocation_that_waits_is_not_done_yet(self, place: Place, ejbca: EjbcaCA) -> None:
        place.stub.approvals = ""
        granted = enrolled(ejbca, Card().request())
        place.stub.approvals = "asked"
        with pytest.raises(CAUnreachableError) as fault:
            ejbca.revoke(serial(granted), "superseded", now())
        assert fault.value.reason == "revocation-waits-for-approval"


class TestLost:
    def test_it_is_found_by_the_key_of_the_request(self, ejbca: EjbcaCA) -> None:
        granted = enrolled(ejbca, Card().request("case-1"))
        enrolled(ejbca, Card().request("case-2"))
        found = ejbca.lookup("case-1")
        assert found
        assert found.certificate == granted.certificate
        assert ejbca.lookup("case-3") is None

    def test_what_is_revoked_is_not_found(self, ejbca: EjbcaCA) -> None:
        ejbca.revoke(serial(enrolled(ejbca, Card().request())), "superseded", now())
        assert ejbca.lookup("case-1") is None

    def test_all_of_a_lost_asking_is_revoked(self, place: Place, ejbca: EjbcaCA) -> None:
        transaction = ejbca.begin("case-1")
        for _ in range(2):
            ejbca.enrol(Card().request("case-1"), transaction)
        enrolled(ejbca, Card().request("case-2"))
        ejbca.reject(transaction, None)
        ejbca.reject(transaction, None)
        assert place.stub.states() == ["revoked", "revoked", "valid"]

    def test_one_that_is_not_wanted_is_revoked(self, place: Place, ejbca: EjbcaCA) -> None:
        granted = enrolled(ejbca, Card().request())
        for _ in range(2):
            ejbca.reject(granted.transaction, granted.certificate)
        assert place.stub.body.status(serial(granted)).reason == "cessationOfOperation"

    def test_confirming_says_nothing(self, place: Place, ejbca: EjbcaCA) -> None:
        granted = enrolled(ejbca, Card().request())
        ejbca.confirm(granted.transaction, granted.certificate)
        assert place.stub.verbs() == ["pkcs10enroll"]


class TestStatus:
    @pytest.mark.parametrize(
        "reason",
        [
            "unspecified",
            "keyCompromise",
            "affiliationChanged",
            "superseded",
            "cessationOfOperation",
            "privilegeWithdrawn",
        ],
    )
    def test_revoked_for_every_reason_and_only_once(self, ejbca: EjbcaCA, reason: str) -> None:
        number = serial(enrolled(ejbca, Card().request()))
        first = ejbca.revoke(number, reason, now())
        assert (first.state, first.reason) == (State.REVOKED, reason)
        assert first.at
        again = ejbca.revoke(number, "superseded", now() + timedelta(hours=1))
        assert again == first == ejbca.status(number)

    def test_suspended_released_suspended_and_revoked(self, place: Place, ejbca: EjbcaCA) -> None:
        number = serial(enrolled(ejbca, Card().request()))
        for reason, state in (
            ("certificateHold", State.SUSPENDED),
            ("certificateHold", State.SUSPENDED),
            ("removeFromCRL", State.VALID),
            ("removeFromCRL", State.VALID),
            ("certificateHold", State.SUSPENDED),
            ("keyCompromise", State.REVOKED),
        ):
            assert ejbca.revoke(number, reason, now()).state == state
            assert ejbca.status(number).state == state
        assert place.stub.states() == ["revoked"]

    @pytest.mark.parametrize("reason", ["certificateHold", "removeFromCRL"])
    def test_revoked_is_final(self, ejbca: EjbcaCA, reason: str) -> None:
        number = serial(enrolled(ejbca, Card().request()))
        ejbca.revoke(number, "superseded", now())
        with pytest.raises(CARefusedError) as refusal:
            ejbca.revoke(number, reason, now())
        assert refusal.value.reason == "certificate-revoked"

    def test_the_field_counts_not_the_message(self, place: Place, ejbca: EjbcaCA) -> None:
        number = serial(enrolled(ejbca, Card().request()))
        place.stub.change = lambda reply: replace(reply, data=reply.data | {"revoked": False})
        with pytest.raises(CARefusedError) as refusal:
            ejbca.revoke(number, "superseded", now())
        assert refusal.value.reason == "status-not-changed"

    def test_a_stranger_is_unknown(self, ejbca: EjbcaCA) -> None:
        assert ejbca.status(4711).state == State.UNKNOWN
        for reason, told in (("superseded", "not-found-there"), ("bored", "reason-not-known")):
            with pytest.raises(CARefusedError) as refusal:
                ejbca.revoke(4711, reason, now())
            assert refusal.value.reason == told

    def test_the_issuer_is_named_as_ejbca_writes_it(self, place: Place) -> None:
        place.stub.issuer = 'CN="Overa, razvoj/1", O=Telo?, C=RS'
        with pytest.raises(CARefusedError):
            place.connect().revoke(4711, "superseded", now())
        granted = enrolled(place.connect(), Card().request())
        named = place.connect(ISSUER=place.stub.issuer)
        assert named.revoke(serial(granted), "superseded", now()).state == State.REVOKED


def test_health_asks_who_may_be_asked(place: Place, ejbca: EjbcaCA) -> None:
    assert ejbca.health().ok
    assert [path for _, path, _ in place.stub.asked] == ["/v1/certificate/status", "/v1/ca"]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"AUTHORITY": "OveraSubb"}, "ca-not-known"),
        ({"ISSUER": "CN=Somebody"}, "issuer-written-otherwise"),
        ({"URL": "https://127.0.0.1:1/"}, "ConnectionRefusedError"),
    ],
)
def test_health_names_what_is_wrong(place: Place, change: dict[str, str], detail: str) -> None:
    health = place.connect(**change).health()
    assert (health.ok, health.detail) == (False, detail)


def test_health_finds_who_is_not_authorized(place: Place, ejbca: EjbcaCA) -> None:
    place.stub.administrators = ()
    assert ejbca.health().detail == "not-authorized"


def test_health_finds_an_issuing_authority_that_has_ended(ejbca: EjbcaCA) -> None:
    later = replace(ejbca, clock=lambda: now() + timedelta(days=365 * 11))
    assert later.health().detail == "issuing-ca-expired"
