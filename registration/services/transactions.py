"""What stands between us and the body about one certificate, as far as it must outlast a crash.

Only bodies that want to be told what became of a certificate have such transactions; with others
all of this is empty.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from registration.ca.base import Connector, Phase, Transaction
from registration.ca.errors import CARefusedError
from registration.models import Issuance
from registration.services import journal
from registration.workflow.issuance import Stage

APPROVAL = "waiting-approval"  # the progress of what a person at the body has to approve
_UNWANTED = frozenset({Phase.LOST, Phase.GRANTED})
_AWAITED = frozenset({Phase.ASKED, Phase.PENDING})


def of(issuance: Issuance) -> Transaction:
    return Transaction.from_json(issuance.transaction)


def keep(issuance: Issuance, transaction: Transaction) -> None:
    """Put it into the issuance and save, in the caller's transaction."""
    issuance.transaction = transaction.to_json()
    issuance.save(update_fields=["transaction"])


def close(issuance: Issuance) -> None:
    keep(issuance, replace(of(issuance), phase=Phase.NONE))


def is_lost(issuance: Issuance, connector: Connector, now: datetime) -> bool:
    """Tell whether a request is on record whose answer nobody can be waiting for any more."""
    asked = _last_asked(issuance)
    return asked is not None and now - asked.at > timedelta(seconds=connector.patience)


def _last_asked(issuance: Issuance) -> Any:
    return issuance.journal.filter(kind=journal.Kind.INTENT, step="enrol").last()


def may_come(issuance: Issuance, connector: Connector, now: datetime) -> bool:
    """Tell whether what was not found a moment ago may still be found."""
    asked = _last_asked(issuance)
    return asked is not None and now - asked.at <= timedelta(seconds=connector.settling)


def disown(issuance: Issuance) -> None:
    """Note that a person goes on after a lost answer: whatever was issued is not wanted."""
    transaction = of(issuance)
    if issuance.stage == Stage.UNKNOWN and transaction.phase == Phase.ASKED:
        issuance.transaction = replace(transaction, phase=Phase.LOST).to_json()


def acceptance(issuance: Issuance) -> Issuance.Acceptance:
    """Return whether the body is to be told of a certificate that the card has proven."""
    granted = of(issuance).phase == Phase.GRANTED
    return Issuance.Acceptance.OWED if granted else Issuance.Acceptance.NONE


def awaits(issuance: Issuance, transaction: Transaction) -> bool:
    """Tell whether an answer in this transaction is still waited for."""
    asked = of(issuance)
    return bool(asked.id) and asked.id == transaction.id and asked.phase in _AWAITED


def facts(transaction: Transaction) -> dict[str, str]:
    """Return what the journal says of it; nothing where there is none."""
    return {"transaction": transaction.id} if transaction.id else {}


def unwanted(issuance: Issuance) -> bool:
    """Tell whether something is to be rejected before the body may be asked anew."""
    return of(issuance).phase in _UNWANTED


def reject(connector: Connector, transaction: Transaction, certificate: bytes | None) -> bool:
    """Tell the body that nothing of the transaction is used; return whether it agreed.

    Raises CAUnreachableError where it cannot be told now. A body that knows of no such transaction
    issued nothing in it, or threw it away, or has closed it: then only revoking helps.
    """
    if transaction.phase == Phase.NONE:
        return False
    try:
        connector.reject(transaction, certificate)
    except CARefusedError:
        return False
    return True
