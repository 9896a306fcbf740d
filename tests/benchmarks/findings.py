"""What the intake finds on pages of which the truth is known, counted: right, wrong, unsure."""

from collections import Counter

from registration.documents.zones import Rect
from registration.intake import circles, ink, layer, naming, placing, reading
from registration.intake.ink import Answer
from registration.intake.layer import Leaf
from registration.intake.naming import Name, Verdict
from registration.intake.reading import PageFinding
from registration.intake.scans import ScannedPage
from tests.benchmarks import scans
from tests.benchmarks.scans import Page

Told = Counter[str]


def read(page: ScannedPage) -> PageFinding:
    """Do everything that a page needs, the archive's copy of it included."""
    finding = reading.read(page, scans.office())
    printed = scans.printed(finding.name.code) if finding.name.code else None
    if printed and finding.placing:
        layer.paper([Leaf(page, printed, finding.placing)], "benchmark")
    return finding


def is_right(page: Page, name: Name) -> bool:
    return named(page, name) in {"right", "blank", "back in tray"}


def named(page: Page, name: Name) -> str:
    """Tell whether a page was named right, wrong, or went to the tray."""
    if page.born is None:
        told = {Verdict.BLANK: "blank", Verdict.UNREADABLE: "back in tray"}
        return told.get(name.verdict, "wrong")
    if name.verdict == Verdict.NAMED:
        return "right" if name.text == page.born.code else "wrong"
    return "wrong" if name.verdict == Verdict.BLANK else "tray"


def counted(page: Page, finding: PageFinding, kind: str) -> Told:
    """Count what was found right and wrong on a page that has its name."""
    if page.born is None:
        return Counter()
    if finding.placing is None:
        return Counter({f"{kind} not placed": 1})
    answers = [each.found for each in finding.signatures]
    told = _signatures(page, {each.zone.name: each.answer for each in answers}, kind)
    for seal in finding.seals:
        told[f"seal {'stamped' if page.sealed else 'clean'}->{seal.found.answer}"] += 1
    if finding.choice:
        told.update(_circle(page, finding.choice.found))
    return told + _alterations(page, finding, kind)


def boxes(page: Page, kind: str) -> Told:
    """Read and count a page's boxes and options alone: name, place, ink."""
    office = scans.office()
    name = naming.name(page.scan, office.key, office.lookup)
    printed = scans.printed(name.code) if name.code else None
    if printed is None:
        return Counter({f"{kind} box page in tray": 1})
    seen = reading.straightened(page.scan, printed, placing.place(page.scan, name.symbols, printed))
    answers = [ink.read(seen, zone) for zone in printed.zones_of("signature")]
    told = _signatures(page, {each.zone.name: each.answer for each in answers}, kind)
    if options := printed.zones_of("option"):
        told.update(_circle(page, circles.read(seen, options)))
    return told


def _signatures(page: Page, answers: dict[str, Answer], kind: str) -> Told:
    told = Counter(
        f"{kind} {'signed' if signed else 'empty'}->{answers[role]}" for role, signed in page.boxes
    )
    told.update(f"{kind} hand {trait}" for trait in page.traits)
    return told


def _circle(page: Page, choice: circles.Choice) -> Told:
    unsure = choice.answer == Answer.UNSURE
    right = choice.number == page.circled
    wrong = "wrong" if choice.number else "missed"
    return Counter({"circle " + ("unsure" if unsure else "right" if right else wrong): 1})


def _alterations(page: Page, finding: PageFinding, kind: str) -> Told:
    if page.altered:
        how, word = page.altered
        found = any(_touches(each.found.rect, word) for each in finding.alterations)
        return Counter({f"altered {how} {'found' if found else 'missed'}": 1})
    return Counter({f"{kind} page {'flagged' if finding.altered else 'unaltered'}": 1})


def _touches(one: Rect, other: Rect) -> bool:
    across = one.left < other.left + other.width + 2 and other.left - 2 < one.left + one.width
    return (
        across and one.top < other.top + other.height + 1 and other.top - 4 < one.top + one.height
    )
