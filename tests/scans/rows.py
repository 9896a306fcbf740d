"""What a scan leaves in the database, without a scanner: a stack of one sheet with one mark."""

from django.utils import timezone

from archive import spool
from registration.models import Mark, Page, PaperScan, Sheet, Stack
from registration.services import bundles

PICTURE = {"original": "image/jpeg", "picture": "image/jpeg", "width": 8, "height": 8}


def scan_of(page: Page) -> Mark:
    """Return the mark on a sheet that waits for confirmation; the paper has a scan as well."""
    now = timezone.now()
    paper = page.paper
    came = spool.put([b"the file of a scanner", page.code.encode()])
    stack = Stack.objects.create(
        office=paper.application.office,
        name="scan.pdf",
        spooled=came.name,
        sha256=came.sha256,
        size=came.size,
        pages=1,
        state=Stack.State.READ,
        received_at=now,
        moved_at=now,
    )
    files = {bundles.ORIGINAL: b"a page", bundles.PREVIEW: b"a page", "0.png": b"a signature"}
    sheet = Sheet.objects.create(
        stack=stack,
        number=1,
        state=Sheet.State.NAMED,
        page=page,
        bundle=bundles.put(files),
        scanned=PICTURE | {"dpi": [150, 150], "turn": 0},
    )
    PaperScan.objects.create(
        paper=paper, sha256=paper.sha256, size=paper.size, pages=1, made_at=now
    )
    return Mark.objects.create(
        sheet=sheet, kind=Mark.Kind.SIGNATURE, name="citizen", answer="signed", zone={}, cut="0.png"
    )
