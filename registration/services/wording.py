"""The wording of papers: written by one person, approved by another, and from then on fixed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from archive.services import audit
from registration import errors
from registration.documents import papers, rendering
from registration.documents import wording as texts
from registration.documents.papers import Version
from registration.models import PaperVersion, TextBlock, User
from registration.queries import wording as found
from registration.rules.scripts import Script

_STATE = PaperVersion.State


def load_shipped() -> None:
    """Take in the versions that come with the product; those that are there stay as they are."""
    known = set(PaperVersion.objects.values_list("kind", "code"))
    for kind in papers.kinds():
        for version in papers.shipped(kind):
            if (kind, version.code) not in known:
                _load(version)


def begin(kind: str, *, by: User) -> PaperVersion:
    """Begin the next version of a kind as a copy of its latest one."""
    with audit.transaction():
        latest = PaperVersion.objects.filter(kind=kind).order_by("code").last()
        if latest is None:
            raise errors.PaperMissingError(kind=kind)
        if latest.state != _STATE.APPROVED:
            raise errors.WordingUnderWayError
        blocks = list(latest.blocks.all())
        draft = latest
        draft.pk, draft.code = None, f"{int(latest.code) + 1:03}"
        draft.state, draft.author = _STATE.DRAFT, by
        draft.approved_by, draft.approved_at = None, None
        draft.valid_from = timezone.localdate()
        draft.save()
        _copy(blocks, draft)
        _note("begin", draft, by)
    return draft


def propose(version: PaperVersion, *, by: User) -> None:
    """Hand a draft to a second person; raises WordingError where it cannot be printed."""
    with _step("propose", version, _STATE.DRAFT, by) as draft:
        _require_printable(draft)
        draft.state = _STATE.PROPOSED


def approve(version: PaperVersion, *, by: User) -> None:
    """Let a version count from its day on; only for somebody else than who wrote it."""
    with _step("approve", version, _STATE.PROPOSED, by) as proposed:
        if proposed.author_id == by.pk:
            raise errors.OwnWordingError
        if proposed.valid_from < timezone.localdate():
            raise errors.WordingDateError
        proposed.state = _STATE.APPROVED
        proposed.approved_by, proposed.approved_at = by, timezone.now()


def give_back(version: PaperVersion, *, by: User) -> None:
    """Let who wrote it go on writing."""
    with _step("give_back", version, _STATE.PROPOSED, by) as proposed:
        proposed.state = _STATE.DRAFT


def discard(version: PaperVersion, *, by: User) -> None:
    """Throw a draft away; its number is free again."""
    with audit.transaction():
        draft = _locked(version, _STATE.DRAFT)
        _note("discard", draft, by)
        draft.delete()


def note_edit(version: PaperVersion, *, by: User) -> None:
    """Note that a draft was written on."""
    with audit.transaction():
        _note("edit", version, by)


def preview(version: PaperVersion, script: Script) -> bytes:
    """Return the paper as PDF, its fields empty; raises WordingError."""
    return _rendered(found.version(version), script).pdf


@contextmanager
def _step(name: str, version: PaperVersion, state: str, by: User) -> Iterator[PaperVersion]:
    with audit.transaction():
        row = _locked(version, state)
        yield row
        row.save()
        _note(name, row, by)


def _locked(version: PaperVersion, state: str) -> PaperVersion:
    row = PaperVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    if row.state != state:
        raise errors.ChangedMeanwhileError
    return row


def _note(step: str, version: PaperVersion, by: User) -> None:
    facts = {"valid_from": version.valid_from.isoformat()}
    audit.append(f"wording.{step}", subject=f"{version.kind} {version.code}", by=by, facts=facts)


def _require_printable(draft: PaperVersion) -> None:
    version = found.version(draft)
    rendered = _rendered(version, Script.CYRILLIC)
    offered = {zone.name for zone in rendered.zones if zone.kind in {"signature", "seal"}}
    if not set(version.expected) <= offered:
        raise errors.WordingError(", ".join(sorted(set(version.expected) - offered)))


def _rendered(version: Version, script: Script) -> rendering.Rendered:
    try:
        return rendering.render(version, rendering.Blanks(), script)
    except texts.UnknownPlaceholderError as fault:
        raise errors.WordingError(f"{{{fault.name}}}") from fault


def _load(version: Version) -> None:
    with transaction.atomic():
        row = PaperVersion.objects.create(
            kind=version.kind,
            code=version.code,
            name=version.name,
            title=version.title,
            valid_from=version.valid_from,
            expected=list(version.expected),
            state=_STATE.APPROVED,
        )
        _copy(
            [
                TextBlock(place=each.place, heading=each.heading, text=each.text)
                for each in version.blocks
            ],
            row,
        )


def _copy(blocks: list[TextBlock], to: PaperVersion) -> None:
    TextBlock.objects.bulk_create(
        TextBlock(
            version=to, position=position, place=each.place, heading=each.heading, text=each.text
        )
        for position, each in enumerate(blocks, 1)
    )
