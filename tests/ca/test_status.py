"""The status client against openssl: it believes the truth, and nothing else."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.ocsp import OCSPRequestBuilder

from registration.ca.base import State
from registration.ca.status import crl, ocsp
from registration.ca.status.answer import Answer, Source, StatusError
from registration.ca.status.crl import Wanted
from tests.ca.answers import Body, now

MOST = 1_000_000
POINT = "http://ca.example.rs/issuing.crl"


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    made = Body.make(tmp_path_factory.mktemp("body"))
    for name in ("good", "revoked", "held", "plain-end"):
        made.issue(name)
    made.revoke("revoked", "-crl_reason", "keyCompromise")
    made.revoke("held", "-crl_hold", "holdInstructionNone")
    made.revoke("plain-end")
    return made


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Body:
    made = Body.make(tmp_path_factory.mktemp("stranger"))
    made.issue("good")
    return made


def doubt(act: Callable[[], object]) -> str:
    with pytest.raises(StatusError) as told:
        act()
    return told.value.reason


class TestOCSP:
    def ask(self, body: Body, name: str, *how: str, signer: str = "responder") -> Answer:
        asked = ocsp.question(body.certificate(name), body.issuer)
        return ocsp.read(body.answer(asked.der, *how, signer=signer), asked, now())

    @pytest.mark.parametrize(
        ("name", "state", "reason"),
        [
            ("good", State.VALID, ""),
            ("revoked", State.REVOKED, "keyCompromise"),
            ("held", State.SUSPENDED, "certificateHold"),
            ("plain-end", State.REVOKED, ""),
        ],
    )
    def test_the_responder_is_believed(
        self, body: Body, name: str, state: State, reason: str
    ) -> None:
        answer = self.ask(body, name)
        assert (answer.state, answer.reason, answer.source) == (state, reason, Source.OCSP)
        assert (answer.at is None) == (state == State.VALID)
        assert now() - answer.known_at < timedelta(minutes=1)

    def test_the_issuer_may_answer_itself(self, body: Body) -> None:
        assert self.ask(body, "good", signer="ca").state == State.VALID

    def test_a_certificate_that_the_responder_does_not_know_is_not_good(self, body: Body) -> None:
        index = body.folder / "index.txt"
        known = index.read_text()
        index.write_text("")
        with pytest.raises(StatusError) as told:
            self.ask(body, "good")
        index.write_text(known)
        assert (told.value.reason, told.value.final) == ("responder-does-not-know", True)

    @pytest.mark.parametrize("signer", ["checked", "plain", "good"])
    def test_whoever_was_not_certified_to_answer_is_not_believed(
        self, body: Body, signer: str
    ) -> None:
        reason = doubt(lambda: self.ask(body, "good", signer=signer))
        assert reason == "responder-not-authorised"

    def test_another_body_s_responder_is_not_believed(self, body: Body, stranger: Body) -> None:
        for kind in ("pem", "key"):
            content = (stranger.folder / f"responder.{kind}").read_bytes()
            (body.folder / f"foreign.{kind}").write_bytes(content)
        reason = doubt(lambda: self.ask(body, "good", signer="foreign"))
        assert reason == "responder-not-authorised"

    def test_without_its_certificate_an_answer_proves_nothing(self, body: Body) -> None:
        reason = doubt(lambda: self.ask(body, "good", "-resp_no_certs"))
        assert reason == "responder-not-authorised"

    def test_an_answer_to_another_question_is_noticed(self, body: Body) -> None:
        first, second = (ocsp.question(body.certificate("good"), body.issuer) for _ in "ab")
        answer = body.answer(first.der)
        assert doubt(lambda: ocsp.read(answer, second, now())) == "nonce-differs"

    def test_an_answer_about_another_certificate_is_noticed(self, body: Body) -> None:
        good = ocsp.question(body.certificate("good"), body.issuer)
        revoked = ocsp.question(body.certificate("revoked"), body.issuer)
        about = ocsp.Question(revoked.request, good.nonce, body.issuer)
        answer = body.answer(good.der)
        assert doubt(lambda: ocsp.read(answer, about, now())) == "about-another-certificate"

    def test_an_answer_without_a_nonce_may_be_an_old_one(self, body: Body) -> None:
        pair = body.certificate("good"), body.issuer
        bare = OCSPRequestBuilder().add_certificate(*pair, hashes.SHA1()).build()  # noqa: S303
        answer = body.answer(bare.public_bytes(serialization.Encoding.DER))
        asked = ocsp.question(*pair)
        assert doubt(lambda: ocsp.read(answer, asked, now())) == "nonce-missing"
        told = ocsp.read(answer, asked, now(), nonce_required=False)
        assert told.state == State.VALID

    @pytest.mark.parametrize(
        ("after", "reason"),
        [(timedelta(days=2), "out-of-date"), (timedelta(hours=-1), "not-yet-valid")],
    )
    def test_an_answer_counts_in_its_time_only(
        self, body: Body, after: timedelta, reason: str
    ) -> None:
        asked = ocsp.question(body.certificate("good"), body.issuer)
        answer = body.answer(asked.der, signer="ca")
        assert doubt(lambda: ocsp.read(answer, asked, now() + after)) == reason

    def test_no_changed_byte_makes_another_answer(self, body: Body) -> None:
        asked = ocsp.question(body.certificate("revoked"), body.issuer)
        answer = body.answer(asked.der)
        told = {self.changed(answer, asked, place) for place in range(len(answer))}
        assert told - {None, ocsp.read(answer, asked, now())} == set()

    @staticmethod
    def changed(answer: bytes, asked: ocsp.Question, place: int) -> Answer | None:
        changed = bytearray(answer)
        changed[place] ^= 1
        try:
            return ocsp.read(bytes(changed), asked, now())
        except StatusError:
            return None

    @pytest.mark.parametrize("noise", [b"", b"noise", b"\x30\x03\x0a\x01\x06"])
    def test_noise_and_refusals_say_nothing(self, body: Body, noise: bytes) -> None:
        asked = ocsp.question(body.certificate("good"), body.issuer)
        reason = doubt(lambda: ocsp.read(noise, asked, now()))
        assert reason == ("responder-refused" if noise[:1] == b"0" else "answer-malformed")


class TestList:
    def find(
        self, body: Body, data: bytes, *names: str, at: datetime | None = None
    ) -> dict[str, Answer]:
        serials = {body.certificate(name).serial_number: name for name in names}
        wanted = Wanted(serials, body.issuer, POINT, at or now())
        told = crl.find(io.BytesIO(data).read, wanted, most=MOST)
        return {serials[serial]: answer for serial, answer in told.items()}

    def test_the_list_tells_each_state(self, body: Body) -> None:
        told = self.find(body, body.crl(), "good", "revoked", "held", "plain-end")
        assert {name: (each.state, each.reason) for name, each in told.items()} == {
            "good": (State.VALID, ""),
            "revoked": (State.REVOKED, "keyCompromise"),
            "held": (State.SUSPENDED, "certificateHold"),
            "plain-end": (State.REVOKED, ""),
        }
        assert {each.source for each in told.values()} == {Source.CRL}

    def test_an_empty_list_is_a_list(self, stranger: Body) -> None:
        assert self.find(stranger, stranger.crl(), "good")["good"].state == State.VALID

    def test_a_list_of_users_alone_is_whole_for_us(self, body: Body) -> None:
        told = self.find(body, body.crl(extensions="users"), "revoked")
        assert told["revoked"].state == State.REVOKED

    @pytest.mark.parametrize(
        ("extensions", "reason"),
        [
            ("partial", "list-not-complete"),
            ("reasons", "list-not-complete"),
            ("delta", "critical-extension-not-known"),
        ],
    )
    def test_a_list_of_some_is_no_answer(self, body: Body, extensions: str, reason: str) -> None:
        data = body.crl(extensions=extensions)
        assert doubt(lambda: self.find(body, data, "good")) == reason

    def test_another_body_s_list_is_no_answer(self, body: Body, stranger: Body) -> None:
        assert doubt(lambda: self.find(body, stranger.crl(), "good")) == "signature-wrong"

    @pytest.mark.parametrize(
        ("after", "reason"),
        [(timedelta(days=2), "out-of-date"), (timedelta(hours=-1), "not-yet-valid")],
    )
    def test_a_list_counts_in_its_time_only(
        self, body: Body, after: timedelta, reason: str
    ) -> None:
        data = body.crl()
        assert doubt(lambda: self.find(body, data, "good", at=now() + after)) == reason

    def test_every_changed_byte_is_noticed(self, body: Body) -> None:
        data = body.crl()
        believed = []
        for place in range(0, len(data), 3):
            changed = bytearray(data)
            changed[place] ^= 1
            try:
                self.find(body, bytes(changed), "revoked")
            except StatusError:
                continue
            believed.append(place)
        assert believed == []

    def test_a_list_that_ends_early_or_late_or_never_is_no_answer(self, body: Body) -> None:
        data = body.crl()
        assert doubt(lambda: self.find(body, data[:-1], "good")) == "list-cut-short"
        assert doubt(lambda: self.find(body, data + b"\x00", "good")) == "list-malformed"
        wanted = Wanted({1}, body.issuer, POINT, now())
        short = lambda: crl.find(io.BytesIO(data).read, wanted, most=100)  # noqa: E731
        assert doubt(short) == "list-too-long"

    def test_a_weak_signature_is_no_answer(self, body: Body) -> None:
        data = body.crl("-md", "sha1")
        assert doubt(lambda: self.find(body, data, "good")) == "algorithm-not-accepted"

    @pytest.mark.parametrize("size", [1, 7, 4096])
    def test_the_list_may_come_in_pieces_of_any_size(self, body: Body, size: int) -> None:
        data = io.BytesIO(body.crl())
        serial = body.certificate("revoked").serial_number
        wanted = Wanted({serial}, body.issuer, POINT, now())
        told = crl.find(lambda most: data.read(min(most, size)), wanted, most=MOST)
        assert told[serial].state == State.REVOKED
