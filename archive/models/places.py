"""Where papers lie: rooms, shelves, boxes, and the checks of what is really there."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archive import codes


class Place(models.Model):
    """A room, a shelf or a box; folders may lie in any of them."""

    class Kind(models.TextChoices):
        ROOM = "room", _("room")
        SHELF = "shelf", _("shelf")
        BOX = "box", _("box")

    # What may stand in what.
    ABOVE = {
        Kind.ROOM: (None, Kind.ROOM),
        Kind.SHELF: (Kind.ROOM, Kind.SHELF),
        Kind.BOX: (Kind.ROOM, Kind.SHELF),
    }
    CODED = {
        Kind.ROOM: codes.Kind.ROOM,
        Kind.SHELF: codes.Kind.SHELF,
        Kind.BOX: codes.Kind.BOX,
    }

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(_("code"), max_length=codes.LENGTH, unique=True)
    name = models.CharField(_("name"), max_length=60)
    office_code = models.CharField(_("office"), max_length=12, blank=True, db_index=True)
    years = models.CharField(_("years"), max_length=40, blank=True)  # of what lies in it, in words
    content = models.CharField(_("content"), max_length=120, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)  # nothing more is put in

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="one_place_of_a_name"),
            models.UniqueConstraint(
                fields=["name", "office_code"], condition=Q(parent=None), name="one_room_of_a_name"
            ),
            models.CheckConstraint(
                condition=Q(kind="room") | Q(parent__isnull=False), name="only_rooms_stand_alone"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="no_place_in_itself"),
        ]
        permissions = [("keep_paper", "Can keep the paper: places, loans, labels, checks")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_code(self) -> str:
        return codes.spaced(self.code)

    @property
    def above(self) -> list["Place"]:
        """Return what it stands in, the room first."""
        return [*self.parent.above, self.parent] if self.parent else []

    @property
    def path(self) -> str:
        """Return the way to it: room, shelf, box."""
        return " / ".join(each.name for each in (*self.above, self))


class PlaceCheck(models.Model):
    """One look at what is really in a place; as long as it is not finished, scans are added."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="checks")
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=150)
    scanned = models.JSONField(default=list)  # what was read, in its order: codes, or as typed
    finished_at = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=150, blank=True)
    result = models.JSONField(null=True)  # `queries.…Difference` as plain lists, names as they were

    class Meta:
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(finished_at=None), name="one_open_check_of_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.begun_at:%Y-%m-%d}"

    @property
    def differs(self) -> bool:
        """Tell whether it found anything that is not as it should be."""
        found = self.result or {}
        return any(found.get(name) for name in ("missing", "returned", "elsewhere", "unknown"))
