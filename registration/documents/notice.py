"""The notice that certificates expire, as an e-mail: the wording of the letter without its form."""

from dataclasses import dataclass

from django.template import Context, Engine

from registration.documents import contexts, papers, wording
from registration.documents.contexts import CaseContext
from registration.documents.papers import Version


@dataclass(frozen=True)
class Email:
    subject: str
    body: str


def email(case: CaseContext, version: Version) -> Email:
    """Return what is sent; neither the JMBG nor the number of the card stands in it."""
    until = contexts.day(case.certificate_until)
    context = Context(
        {place: _text(version, place) for place in ("lead", "statement", "note")}
        | {"until": until, "office": case.office_name, "office_address": case.office_address}
        | papers.constants(),
        autoescape=False,
    )
    template = Engine(dirs=[str(papers.ROOT)]).get_template("notice/email.txt")
    subject = f"Сертификати у Вашој личној карти важе до {until}"
    return Email(case.script.spell(subject), case.script.spell(template.render(context)))


def _text(version: Version, place: str) -> str:
    blocks = [wording.plain(block) for block in version.blocks if block.place == place]
    return "\n\n".join(blocks)
