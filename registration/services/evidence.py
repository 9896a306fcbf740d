"""Keeps with an issuance what its start was computed from; the rows are never changed."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from archive import chain
from registration.models import Evidence, Issuance
from registration.queries.gate import Requirement


def record(issuance: Issuance, requirements: Iterable[Requirement], option: str) -> None:
    """Write a row for every reference of every requirement, and one for the circled option."""
    for requirement in requirements:
        for kind, reference, facts in requirement.references:
            _write(issuance, kind, reference, {"requirement": requirement.code, **facts})
    _write(issuance, "option", option, {"requirement": "option_circled"})


def _write(issuance: Issuance, kind: str, reference: str, facts: Mapping[str, Any]) -> None:
    stated = chain.plain(facts)
    digest = hashlib.sha256(chain.canonical(stated)).hexdigest()
    Evidence.objects.create(
        issuance=issuance, kind=kind, reference=reference, facts=stated, sha256=digest
    )
