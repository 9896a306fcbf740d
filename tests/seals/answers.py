"""What a time-stamping authority may answer instead of a stamp."""

from collections.abc import Callable

from asn1crypto import tsp

from tests.seals.stamper import REPLY, Stamper

Answer = tuple[int, str, bytes]
Answers = Callable[[Stamper, bytes], Answer]


def refused(code: str) -> Answers:
    """Answer with a refusal of RFC 3161, section 2.4.2: a status and no stamp."""

    def answer(_server: Stamper, _query: bytes) -> Answer:
        status = tsp.PKIStatusInfo({"status": "rejection", "fail_info": {code}}).dump()
        return 200, REPLY, bytes([0x30, len(status)]) + status

    return answer


def said(status: int, kind: str = "text/html", body: bytes = b"<p>Sign in</p>") -> Answers:
    return lambda _server, _query: (status, kind, body)


def of_another(field: str) -> Answers:
    """Stamp another query than was asked: another nonce, or other content."""

    def answer(server: Stamper, query: bytes) -> Answer:
        request = tsp.TimeStampReq.load(query)
        if field == "nonce":
            request["nonce"] = int(request["nonce"]) + 1
        else:
            request["message_imprint"]["hashed_message"] = b"\1" * 32
        return 200, REPLY, server.reply(request.dump(force=True))

    return answer


def with_a_broken_signature(server: Stamper, query: bytes) -> Answer:
    reply = server.reply(query)
    return 200, REPLY, reply[:-1] + bytes([reply[-1] ^ 1])
