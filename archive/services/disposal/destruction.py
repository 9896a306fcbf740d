"""Destroying what was confirmed, record by record; killed in the middle, it goes on from there.

A record's rows go in one transaction, which keeps the addresses of its files; then the files go;
then the addresses. Whoever comes next finds by the item's state how far the last one came.
"""

from django.db.models import QuerySet
from django.utils import timezone

from archive import disposal, store
from archive.disposal import Item, State
from archive.models import Disposal, DisposalItem, Record
from archive.queries import disposals as found
from archive.search import index
from archive.services import audit
from archive.services.disposal import disposal_documents, sparing, stubs
from archive.services.disposal.disposal_steps import Taking, note
from archive.services.files import blobs

AT_ONCE = 200  # records: a task stays shorter than the broker waits for it


def go_on(number: int, *, limit: int = AT_ONCE) -> bool:
    """Destroy the next records of a disposal; return whether there is something to go on with.

    Two at once do no harm: each record is locked, and done once. Where files cannot be removed it
    stops; the sweep goes on with it.
    """
    row = Disposal.objects.get(pk=number)
    if row.state != State.DESTROYING:
        return False
    for item in _next(row)[:limit]:
        if not _destroy(item.pk):
            return False
    if _next(row).exists():
        return True
    _finish(row)
    return False


def _next(row: Disposal) -> QuerySet[DisposalItem]:
    return row.items.filter(state__in=(Item.ACCEPTED, Item.ERASING)).order_by("pk")


def _destroy(number: int) -> bool:
    """Destroy a record, or spare it; return whether that is done."""
    if not _erase(number):
        return True
    _drop_files(number)
    return _close(number)


def _erase(number: int) -> bool:
    """Erase the rows, unless something stands in the way by now; return whether files are to go."""
    with audit.transaction():
        item = DisposalItem.objects.select_for_update(no_key=True).get(pk=number)
        if item.state != Item.ACCEPTED:
            return item.state == Item.ERASING
        record = Record.objects.select_for_update(no_key=True).get(pk=item.record_id)
        standing = found.obstacles([record], timezone.localdate(), within=item.disposal_id)
        if standing:
            sparing.spare_files(item, standing[record.pk], by=None)
            facts = {"disposal": item.disposal.number, "obstacle": item.obstacle}
            audit.append("record.spared", subject=record.file_number, by=None, facts=facts)
            return False
        item.copies, item.pages = record.paper()
        item.addresses = sorted(blobs.of_record(record))
        item.state = Item.ERASING
        item.save()
        stubs.erase(record, item.disposal)
    return True


def _drop_files(number: int) -> None:
    item = DisposalItem.objects.get(pk=number)
    left = [each for each in item.addresses if store.exists(each)]
    with audit.transaction():
        blobs.drop(left, by=None)


def _close(number: int) -> bool:
    """Forget the addresses once the files are gone; return whether they are."""
    item = DisposalItem.objects.get(pk=number)
    if blobs.going(item.addresses):
        return False
    done = DisposalItem.objects.filter(pk=number, state=Item.ERASING)
    done.update(state=Item.DESTROYED, addresses=[])
    return True


def _finish(row: Disposal) -> None:
    """Write the record of destruction, and close the disposal: file first, then the rows."""
    index.forget()
    made = disposal_documents.act(row)
    with audit.transaction():
        locked = Disposal.objects.select_for_update(no_key=True).get(pk=row.pk)
        if locked.state != State.DESTROYING:
            return
        disposal_documents.keep(locked, [made])
        locked.state = State.DESTROYED
        locked.save(update_fields=["state"])
        facts = {"act": locked.act_number, "document": made.sha256, **found.counts(locked)}
        note(Taking(locked, facts=facts), disposal.step("finish"), None)
