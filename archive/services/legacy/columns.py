"""The columns of a list: the one table that reader, template and how-to agree on."""

from dataclasses import dataclass

from archive.search import folding


@dataclass(frozen=True)
class Column:
    """A column by its name, other names that lists have for it, and an example for the template.

    In the example row a column may stay empty where it need not be filled in.
    """

    name: str
    also: tuple[str, ...]
    example: str = ""
    needed: bool = False


COLUMNS = (
    Column("file_number", ("број списа", "заводни број", "деловодни број"), "17/2015", needed=True),
    Column("case_number", ("број предмета", "предмет"), "ЗК-17/15"),
    Column("surname", ("презиме",), "Петровић", needed=True),
    Column("given_name", ("име",), "Ана", needed=True),
    Column("jmbg", ("ЈМБГ", "матични број"), "0101990610020"),
    Column("document_number", ("број личне карте", "лична карта", "бр лк"), "001234567"),
    Column("decided_on", ("датум", "датум издавања", "датум решења"), "2.3.2015.", needed=True),
    Column("kind", ("врста", "поступак"), "издавање"),
    Column("outcome", ("исход", "стање"), "издат"),
    Column("office_code", ("шифра станице", "станица"), "071", needed=True),
    Column("office_name", ("назив станице",), "ПС Савски венац"),
    Column("officer", ("службеник", "обрадио"), "Јелена Илић"),
    Column("email", ("e-mail", "имејл", "е-пошта"), ""),
    Column("valid_until", ("важи до", "сертификат важи до"), "2.3.2020."),
    Column("certificates", ("сертификати", "сертификат"), "17-2015.cer"),
    Column("scans", ("скенови", "скен", "датотеке"), "17-2015.pdf"),
    Column("note", ("напомена", "примедба"), ""),
)  # fmt: skip

KINDS = {
    "issue": ("издавање", "издавање сертификата", "нови"),
    "renew": ("обнављање", "обнова", "обнављање сертификата"),
    "unblock": ("деблокада", "деблокада пина"),
    "status": ("промена статуса", "опозив", "суспензија"),
}
PERFORMED = frozenset({"unblock", "status"})  # what becomes of these, unless a list says more
OUTCOMES = {
    "issued": ("издат", "издато"),
    "performed": ("извршен", "извршено"),
    "withdrawn": ("повучен", "одустао", "повучено"),
    "refused": ("одбијен", "одбијено"),
}


def named(text: str) -> str | None:
    """Return the name of a column by what a list calls it, in either script."""
    wanted = folding.fold(text.replace("_", " "))
    for each in COLUMNS:
        if wanted in {folding.fold(name.replace("_", " ")) for name in (each.name, *each.also)}:
            return each.name
    return None


def word(text: str, words: dict[str, tuple[str, ...]]) -> str | None:
    """Return our own word for what a list says; None for what it may not say."""
    wanted = folding.fold(text)
    for name, others in words.items():
        if wanted in {folding.fold(each) for each in (name, *others)}:
            return name
    return None
