"""The list of categories that comes with the product, until the office puts its own in force.

Marks, contents and terms are assumed: the office's list has the consent of its public archive.
"""

from datetime import date

from archive.retention import Counting, Line

VALID_FROM = date(2000, 1, 1)  # before anything that can be filed
_ENDED_WITHOUT = ("refused", "withdrawn")
_KINDS = ("issue", "renew", "unblock", "status")
_YEARS = None  # of `OVERA["RETENTION_YEARS"]`, by whoever takes the list in

CATEGORIES = (
    Line(
        "КЕС-1",
        "Захтеви за издавање и обнављање квалификованих електронских сертификата, "
        "са уговором и општим условима",
        _YEARS,
        Counting.CERTIFICATES,
        (("issue", "issued"), ("renew", "issued")),
    ),
    Line(
        "КЕС-2",
        "Захтеви за деблокаду ПИН-а личне карте",
        _YEARS,
        Counting.PERFORMED,
        (("unblock", "performed"),),
    ),
    Line(
        "КЕС-3",
        "Захтеви за опозив, суспензију и реактивацију сертификата",
        _YEARS,
        Counting.CERTIFICATES,
        (("status", "performed"),),
    ),
    Line(
        "КЕС-4",
        "Одбијени захтеви и захтеви од којих је корисник одустао",
        _YEARS,
        Counting.DECISION,
        tuple((kind, outcome) for kind in _KINDS for outcome in _ENDED_WITHOUT),
    ),
)
