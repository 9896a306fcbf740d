"""The list of categories that comes with the product, until the office puts its own in force.

Marks, contents and terms are assumed: the office's list has the consent of its public archive.
"""

from dataclasses import dataclass
from datetime import date

from archive.retention import Counting

VALID_FROM = date(2000, 1, 1)  # before anything that can be filed
_ENDED_WITHOUT = ("refused", "withdrawn")
_KINDS = ("issue", "renew", "unblock", "status")


@dataclass(frozen=True)
class ShippedCategory:
    """A line of the list; its years are `OVERA["RETENTION_YEARS"]`."""

    mark: str
    name: str
    counting: Counting
    outcomes: tuple[tuple[str, str], ...]  # (kind of the case, how it ended)


CATEGORIES = (
    ShippedCategory(
        "КЕС-1",
        "Захтеви за издавање и обнављање квалификованих електронских сертификата, "
        "са уговором и општим условима",
        Counting.CERTIFICATES,
        (("issue", "issued"), ("renew", "issued")),
    ),
    ShippedCategory(
        "КЕС-2",
        "Захтеви за деблокаду ПИН-а личне карте",
        Counting.PERFORMED,
        (("unblock", "performed"),),
    ),
    ShippedCategory(
        "КЕС-3",
        "Захтеви за опозив, суспензију и реактивацију сертификата",
        Counting.CERTIFICATES,
        (("status", "performed"),),
    ),
    ShippedCategory(
        "КЕС-4",
        "Одбијени захтеви и захтеви од којих је корисник одустао",
        Counting.DECISION,
        tuple((kind, outcome) for kind in _KINDS for outcome in _ENDED_WITHOUT),
    ),
)
