"""What a certification body publishes, for embedded ones: its certificates, list and OCSP.

Open to everybody, as such addresses are; in an office's own installation there is nothing here.
"""

import base64
import binascii

from cryptography.x509 import ocsp as protocol
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from registration.ca.embedded import responder
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.errors import CAError
from registration.queries import bodies

_LONGEST_QUESTION = 4096  # bytes; about one certificate they are a hundred or two


@require_safe
@never_cache
@login_not_required
def certificate(request: HttpRequest, which: str, body: str = "") -> HttpResponse:  # noqa: ARG001
    issuing, root = _embedded(body).chain()
    return HttpResponse(
        {"issuing": issuing, "root": root}[which], content_type="application/pkix-cert"
    )


@require_safe
@never_cache
@login_not_required
def revocations(request: HttpRequest, body: str = "") -> HttpResponse:  # noqa: ARG001
    return HttpResponse(_embedded(body).crl(), content_type="application/pkix-crl")


@csrf_exempt
@require_POST
@never_cache
@login_not_required
def ocsp(request: HttpRequest, body: str = "") -> HttpResponse:
    return _answered(body, request.read(_LONGEST_QUESTION))


@require_safe
@never_cache
@login_not_required
def ocsp_get(request: HttpRequest, asked: str, body: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a question that the address carries (RFC 6960, A.1)."""
    try:
        question = base64.b64decode(asked[:_LONGEST_QUESTION], validate=True)
    except binascii.Error:
        question = b""
    return _answered(body, question)


def _answered(body: str, question: bytes) -> HttpResponse:
    try:
        answer = _embedded(body).ocsp(question)
    except CAError:
        answer = responder.refusal(protocol.OCSPResponseStatus.TRY_LATER)
    return HttpResponse(answer, content_type="application/ocsp-response")


def _embedded(name: str) -> EmbeddedCA:
    """Return the embedded body of that name; Http404 where there is none, or it is of another kind.

    The default one has no name.
    """
    if not settings.OVERA_DEVELOPMENT or name not in bodies.names():
        raise Http404
    body = bodies.connector(name)
    if not isinstance(body, EmbeddedCA):
        raise Http404
    return body
