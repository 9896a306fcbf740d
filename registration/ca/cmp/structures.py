"""The messages of CMP as ASN.1, as far as we speak it (RFC 9810, appendix F; RFC 4211).

All tags are explicit but those of the template.
"""

from asn1crypto import algos, core, crl, csr, x509


class FreeText(core.SequenceOf):
    _child_spec = core.UTF8String


class InfoTypeAndValue(core.Sequence):
    _fields = [("type", core.ObjectIdentifier), ("value", core.Any, {"optional": True})]


class InfoTypesAndValues(core.SequenceOf):
    _child_spec = InfoTypeAndValue


class Algorithm(core.Sequence):
    """AlgorithmIdentifier, its parameters unread: each protection reads its own."""

    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]


class Header(core.Sequence):
    _fields = [
        ("pvno", core.Integer),
        ("sender", x509.GeneralName),
        ("recipient", x509.GeneralName),
        ("message_time", core.GeneralizedTime, {"explicit": 0, "optional": True}),
        ("protection_algorithm", Algorithm, {"explicit": 1, "optional": True}),
        ("sender_kid", core.OctetString, {"explicit": 2, "optional": True}),
        ("recipient_kid", core.OctetString, {"explicit": 3, "optional": True}),
        ("transaction_id", core.OctetString, {"explicit": 4, "optional": True}),
        ("sender_nonce", core.OctetString, {"explicit": 5, "optional": True}),
        ("recipient_nonce", core.OctetString, {"explicit": 6, "optional": True}),
        ("free_text", FreeText, {"explicit": 7, "optional": True}),
        ("general_info", InfoTypesAndValues, {"explicit": 8, "optional": True}),
    ]


class FailureInfo(core.BitString):
    _map = {
        0: "bad-algorithm",
        1: "bad-message-check",
        2: "bad-request",
        3: "bad-time",
        4: "bad-certificate-id",
        5: "bad-data-format",
        6: "wrong-authority",
        7: "incorrect-data",
        8: "missing-time-stamp",
        9: "bad-proof-of-possession",
        10: "certificate-revoked",
        11: "certificate-confirmed",
        12: "wrong-integrity",
        13: "bad-recipient-nonce",
        14: "time-not-available",
        15: "unaccepted-policy",
        16: "unaccepted-extension",
        17: "additional-information-not-available",
        18: "bad-sender-nonce",
        19: "bad-template",
        20: "signer-not-trusted-there",
        21: "transaction-id-in-use",
        22: "unsupported-version",
        23: "not-authorized",
        24: "system-unavailable",
        25: "system-failure",
        26: "duplicate-request",
    }


class StatusInfo(core.Sequence):
    _fields = [
        ("status", core.Integer),
        ("text", FreeText, {"optional": True}),
        ("failure", FailureInfo, {"optional": True}),
    ]


class StatusInfos(core.SequenceOf):
    _child_spec = StatusInfo


class Certificates(core.SequenceOf):
    _child_spec = x509.Certificate


class CertificateOrEncrypted(core.Choice):
    _alternatives = [
        ("certificate", x509.Certificate, {"explicit": 0}),
        ("encrypted", core.Sequence, {"explicit": 1}),
    ]


class CertifiedKeyPair(core.Sequence):
    _fields = [
        ("certificate", CertificateOrEncrypted),
        ("private_key", core.Sequence, {"explicit": 0, "optional": True}),
        ("publication", core.Sequence, {"explicit": 1, "optional": True}),
    ]


class CertificateResponse(core.Sequence):
    _fields = [
        ("number", core.Integer),
        ("status", StatusInfo),
        ("pair", CertifiedKeyPair, {"optional": True}),
        ("info", core.OctetString, {"optional": True}),
    ]


class CertificateResponses(core.SequenceOf):
    _child_spec = CertificateResponse


class Granting(core.Sequence):
    """CertRepMessage."""

    _fields = [
        ("authorities", Certificates, {"explicit": 1, "optional": True}),
        ("responses", CertificateResponses),
    ]


class Confirmation(core.Sequence):
    """CertStatus."""

    _fields = [
        ("hash", core.OctetString),
        ("number", core.Integer),
        ("status", StatusInfo, {"optional": True}),
        ("hash_algorithm", algos.DigestAlgorithm, {"explicit": 0, "optional": True}),
    ]


class Confirmations(core.SequenceOf):
    _child_spec = Confirmation


class Poll(core.Sequence):
    _fields = [("number", core.Integer)]


class Polls(core.SequenceOf):
    _child_spec = Poll


class Waiting(core.Sequence):
    _fields = [
        ("number", core.Integer),
        ("check_after", core.Integer),  # seconds
        ("reason", FreeText, {"optional": True}),
    ]


class Waitings(core.SequenceOf):
    """PollRepContent."""

    _child_spec = Waiting


class Template(core.Sequence):
    """CertTemplate: which certificate is meant, by serial number and issuer."""

    _fields = [
        ("serial", core.Integer, {"implicit": 1}),
        ("issuer", x509.Name, {"explicit": 3}),
    ]


class RevocationDetails(core.Sequence):
    _fields = [("certificate", Template), ("entry", crl.CRLEntryExtensions, {"optional": True})]


class RevocationRequest(core.SequenceOf):
    _child_spec = RevocationDetails


class RevocationAnswer(core.Sequence):
    """RevRepContent."""

    _fields = [
        ("status", StatusInfos),
        ("certificates", core.SequenceOf, {"explicit": 0, "optional": True, "spec": core.Any}),
        ("lists", core.SequenceOf, {"explicit": 1, "optional": True, "spec": core.Any}),
    ]


class Refusal(core.Sequence):
    """ErrorMsgContent."""

    _fields = [
        ("status", StatusInfo),
        ("code", core.Integer, {"optional": True}),
        ("details", FreeText, {"optional": True}),
    ]


class Body(core.Choice):
    """PKIBody; what only others send or ask is unread."""

    _alternatives = [
        ("cp", Granting, {"explicit": 3}),
        ("p10cr", csr.CertificationRequest, {"explicit": 4}),
        ("rr", RevocationRequest, {"explicit": 11}),
        ("rp", RevocationAnswer, {"explicit": 12}),
        ("pkiconf", core.Null, {"explicit": 19}),
        ("genm", InfoTypesAndValues, {"explicit": 21}),
        ("genp", InfoTypesAndValues, {"explicit": 22}),
        ("error", Refusal, {"explicit": 23}),
        ("certconf", Confirmations, {"explicit": 24}),
        ("pollreq", Polls, {"explicit": 25}),
        ("pollrep", Waitings, {"explicit": 26}),
    ]


class Message(core.Sequence):
    """PKIMessage."""

    _fields = [
        ("header", Header),
        ("body", Body),
        ("protection", core.OctetBitString, {"explicit": 0, "optional": True}),
        ("certificates", Certificates, {"explicit": 1, "optional": True}),
    ]


class MacParameters(core.Sequence):
    """PBMParameter (RFC 4211, section 4.4)."""

    _fields = [
        ("salt", core.OctetString),
        ("hash", Algorithm),
        ("iterations", core.Integer),
        ("mac", Algorithm),
    ]
