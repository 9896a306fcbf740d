"""The evidence of a certificate: for whom it is, why it is taken, the file."""

import io

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registration.errors import RegistrationError
from registration.forms.evidence import EvidenceForm
from registration.models import Certificate
from registration.services import dossiers
from registration.views import access, answers

_may_take = permission_required("archive.view_recordfile", raise_exception=True)


@never_cache
@_may_take
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, serial: str) -> HttpResponseBase:
    """Ask for the reason; with it (POST) hand out the bundle."""
    certificate = dossiers.visible(serial, by=access.officer(request))
    if certificate is None:
        raise Http404
    form = EvidenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _bundle(request, certificate, form)
    return _page(request, certificate, form)


def _bundle(request: HttpRequest, certificate: Certificate, form: EvidenceForm) -> HttpResponseBase:
    by, reason = access.officer(request), form.cleaned_data["reason"]
    try:
        bundle = dossiers.take(certificate, reason=reason, by=by)
    except RegistrationError as error:
        form.add_error(None, answers.refused(request, error))
        return _page(request, certificate, form)
    return FileResponse(
        io.BytesIO(bundle.data),
        filename=bundle.name,
        content_type="application/zip",
        as_attachment=True,
    )


def _page(request: HttpRequest, certificate: Certificate, form: EvidenceForm) -> HttpResponse:
    shown = {"certificate": certificate, "case": certificate.application, "form": form}
    return render(request, "registration/evidence.html", shown)
