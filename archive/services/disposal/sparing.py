"""Leaving out of a disposal what may not be destroyed any more."""

from archive.disposal import Item, Obstacle
from archive.models import DisposalItem
from archive.services import audit
from archive.services.paper import custody


def spare(item: DisposalItem, why: Obstacle) -> None:
    """Leave a record out, paper and files."""
    item.state, item.obstacle = Item.SPARED, why
    item.save(update_fields=["state", "obstacle", "copies", "pages"])


def spare_files(item: DisposalItem, why: Obstacle, *, by: audit.Actor | None) -> None:
    """Leave out the files of a record whose paper two members saw destroyed: the ledger says so.

    What is on loan was not there to be destroyed. Called inside of the transaction that locked the
    disposal or the record.
    """
    if why != Obstacle.ON_LOAN:
        item.copies, item.pages = item.record.paper()
        custody.papers_destroyed(item.record, by=by, reason=item.disposal.act_number)
    spare(item, why)
