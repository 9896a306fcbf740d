"""Work outside of the officer's request: the desk conversation, the CA, scans, the sweeps."""

import logging
from datetime import datetime
from functools import partial

from celery import Task, current_app, shared_task
from django.utils import timezone

from archive.services import audit
from archive.services.log import stamps
from archive.tasks import once_committed
from registration.ca.errors import CAError
from registration.queries import bodies
from registration.seals.errors import UnforeseenError
from registration.services import (
    acceptances,
    body_health,
    conversation,
    diagnoses,
    dropping,
    enrolments,
    issuances,
    notices,
    paper_scans,
    pin_entries,
    publications,
    published,
    readings,
    resumptions,
    revocations,
    seals,
    stack_reading,
    stacks,
    status_requests,
    sweeps,
    unblockings,
    watching,
)
from registration.services.answers import Next, Then
from registration.services.desks import Outgoing

_UNTIL_NEXT_SWEEP = 10  # seconds
_UNTIL_ASKED_AGAIN = 60

log = logging.getLogger(__name__)


@shared_task(name="overa.server.deliver")
def deliver(text: str) -> None:
    """Take one message of a desk."""
    _go_on(conversation.receive(text))


@shared_task
def read_card(reading_id: str) -> None:
    _send(readings.command(reading_id))


@shared_task
def examine_card(diagnosis_id: str) -> None:
    _send(diagnoses.command(diagnosis_id))


@shared_task
def command(issuance_id: str) -> None:
    """Ask the desk, or the CA, for what the issuance waits for."""
    _send(issuances.command(issuance_id))
    enrol(issuance_id)


@shared_task
def enrol(issuance_id: str) -> None:
    """Get the certificate; where it came, let the desk write it."""
    if enrolments.enrol(issuance_id):
        _send(issuances.command(issuance_id))
    _send(issuances.stop(issuance_id))


@shared_task
def conclude(issuance_id: str) -> None:
    """Go on with the card, or tell the citizen; then tell the body, revoke what was replaced."""
    _send(issuances.follow(issuance_id))
    accept(issuance_id)
    supersede(issuance_id)


@shared_task(name="overa.bodies.go_on")
def go_on_with_what_waited() -> None:
    """Go on with the issuings for which the certification body was away, if it is back."""
    for issuance_id in resumptions.go_on(timezone.now()):
        command.delay(str(issuance_id))


@shared_task(name="overa.bodies.ask")
def ask_bodies() -> None:
    """Let each certification body be asked how it is: one that is dead keeps nobody waiting."""
    for name in bodies.names():
        ask_body.apply_async([name], expires=_UNTIL_ASKED_AGAIN)


@shared_task(name="overa.bodies.ask_one")
def ask_body(name: str) -> None:
    body_health.ask(name)


@shared_task
def stop(issuance_id: str) -> None:
    """Let the desk leave the card where the making was interrupted elsewhere."""
    _send(issuances.stop(issuance_id))


@shared_task
def accept(issuance_id: str) -> None:
    """Tell the body that its certificate is on the card, where it wants to know."""
    acceptances.tell(issuance_id)


@shared_task
def supersede(issuance_id: str) -> None:
    """Revoke what a new certificate replaced; where its body does not, the sweep comes again."""
    try:
        revocations.supersede(issuance_id)
    except CAError as fault:
        log.warning("a replaced certificate is not revoked yet: %s", fault.reason)


@shared_task
def unblock(unblocking_id: str) -> None:
    """Order the desk to unblock the PIN, if that is still wanted."""
    _send(unblockings.command(unblocking_id))


@shared_task
def change_status(request_id: str) -> None:
    """Let the body change a status, then look whether it shows already."""
    if status_requests.perform(request_id):
        look_for_changes.delay()


@shared_task
def seal(seal_id: str) -> None:
    """Make the electronic seal of one paper."""
    hindered = seals.perform(seal_id)
    if hindered is not None:
        cause = hindered.__cause__ if isinstance(hindered, UnforeseenError) else None
        log.warning("a paper could not be sealed: %s", hindered.reason, exc_info=cause)


@shared_task
def cancel_entry(application_id: str) -> None:
    """Let the desk stop asking the citizen for a PIN."""
    _send(pin_entries.command(application_id))


@shared_task
def sweep() -> None:
    now = timezone.now()
    readings.sweep(now)
    diagnoses.sweep(now)
    for following in sweeps.sweep(now):
        _go_on(following)
    if resumptions.due(now):
        go_on_with_what_waited.apply_async(expires=_UNTIL_NEXT_SWEEP)
    for seal_id in seals.due(now):  # one that waits longer in the queue is handed out again
        seal.apply_async([seal_id], expires=_UNTIL_NEXT_SWEEP)
    for request_id in status_requests.due(now):
        change_status.apply_async([str(request_id)], expires=_UNTIL_NEXT_SWEEP)
    if publications.due(now):
        look_for_changes.apply_async(expires=_UNTIL_NEXT_SWEEP)


@shared_task(name="overa.scans.read_stack")
def read_stack(stack_id: str) -> None:
    """Spread a stack's pages over the workers."""
    for first in stack_reading.begin(stack_id):
        read_pages.delay(stack_id, first)


@shared_task(name="overa.scans.read_pages")
def read_pages(stack_id: str, first: int) -> None:
    stack_reading.read(stack_id, first)


@shared_task(name="overa.scans.keep")
def keep_scan(paper_id: str) -> None:
    """Make the scan of a paper whose pages are all confirmed."""
    paper_scans.keep(int(paper_id))


@shared_task
def sweep_scans() -> None:
    """Take in what scanners left in their folders; go on with what nobody works on."""
    now = timezone.now()
    for stack in (*watching.take_in(), *stack_reading.sweep(now)):
        read_stack.delay(str(stack.pk))
    for paper in paper_scans.awaiting(now):
        keep_scan.delay(str(paper.pk))
    stacks.tidy(now)


@shared_task(name="overa.published.read")
def read_published() -> None:
    """Ask the certification body for the status of what it issued to us."""
    published.read(timezone.now())


@shared_task(name="overa.published.look")
def look_for_changes() -> None:
    """Ask whether the changes that the body confirmed can be seen."""
    publications.look(timezone.now())


@shared_task(name="overa.notices.prepare")
def prepare_notices() -> None:
    """Find whose certificates expire, and send the e-mails that are due."""
    now = timezone.now()
    notices.prepare(now)
    for notice_id in notices.sweep(now):
        send_notice.delay(notice_id)


@shared_task(name="overa.notices.send")
def send_notice(notice_id: str) -> None:
    notices.send(notice_id)


@shared_task(name="overa.dropping.begin")
def begin_dropping(since: str = "", after: int = 0) -> None:
    """Let some cases be gone on with, each in a task of its own; come behind them for the next."""
    now = timezone.now()
    begun = datetime.fromisoformat(since) if since else now
    found = dropping.begin(now, since=begun, after=after)
    for case_id in found:
        drop_person.delay(case_id)
    if found:
        begin_dropping.delay(begun.isoformat(), found[-1])


@shared_task(name="overa.dropping.drop")
def drop_person(case_id: int) -> None:
    """Go on with one case; where it breaks off that is written down, and tried the night after."""
    try:
        dropping.go_on(case_id, timezone.now())
    except Exception as fault:
        log.warning("a person's data stay, it is tried again: %r", fault)
        dropping.note_failure(case_id, fault)
        if not isinstance(fault, dropping.FORESEEN):
            raise


@shared_task
def sign_audit_head() -> None:
    audit.sign_head()


@shared_task(name="overa.audit.stamp")
def stamp_audit_heads() -> None:
    """Get the time stamps that heads of the audit lack, where an authority is set."""
    stamps.stamp_missing()


def hand_over(task: Task, pk: object) -> None:
    """Let the worker do a task once the transaction is over; the sweep finds what was not sent."""
    once_committed(partial(task.delay, str(pk)))


_TASKS = {
    Then.COMMAND: command,
    Then.ENROL: enrol,
    Then.CONCLUDE: conclude,
    Then.ACCEPT: accept,
    Then.SUPERSEDE: supersede,
    Then.STOP: stop,
    Then.UNBLOCK: unblock,
}


def _go_on(following: Next | None) -> None:
    if following is not None:
        _TASKS[following.then](following.issuance)


def _send(outgoing: Outgoing | None) -> None:
    if outgoing is not None:
        queue = f"desk.{outgoing.desk_code}"
        current_app.send_task("overa.desk.deliver", [outgoing.text], queue=queue)
