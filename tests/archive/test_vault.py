import json
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import connection

from archive import vault
from archive.models import AuditPrivate
from archive.services import audit

JMBG = "0101990610020"


def key_file() -> Path:
    vault.token("any", "thing")
    return Path(settings.OVERA["KEYS"]) / "data.json"


def test_what_was_sealed_opens() -> None:
    assert vault.open_(vault.seal("Ђорђе", "name"), "name") == "Ђорђе".encode()


def test_two_seals_of_one_value_have_nothing_in_common() -> None:
    first, second = vault.seal(JMBG), vault.seal(JMBG)
    assert first[5:17] != second[5:17]
    assert first[17:] != second[17:]


def test_a_seal_does_not_open_elsewhere() -> None:
    with pytest.raises(vault.VaultError) as caught:
        vault.open_(vault.seal(JMBG, "record.jmbg"), "record.document_number")
    assert caught.value.about == "record.document_number"


def test_a_flipped_bit_is_noticed() -> None:
    sealed = bytearray(vault.seal(JMBG))
    for place in (0, 2, 8, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(vault.VaultError):
            vault.open_(bytes(changed))


def test_a_truncated_seal_is_an_error_of_ours() -> None:
    with pytest.raises(vault.VaultError):
        vault.open_(vault.seal(JMBG)[:9])


def test_tokens_tell_equal_values_and_kinds_apart() -> None:
    token = vault.token("jmbg", JMBG)
    assert token == vault.token("jmbg", JMBG)
    assert token != vault.token("document", JMBG)
    assert len(token) == 73
    assert vault.tokens("jmbg", JMBG) == [token]


def test_kind_and_value_cannot_run_into_each_other() -> None:
    assert vault.token("ab", "c") != vault.token("a", "bc")


def test_the_key_file_is_its_owners_and_its_keys_are_independent() -> None:
    path = key_file()
    stored = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.glob(".data.json*")) == []
    seal, token = (list(stored[use]["keys"].values()) for use in ("seal", "token"))
    assert seal != token


def test_an_older_key_still_opens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(settings.OVERA, "KEYS", tmp_path)
    sealed, old = vault.seal(JMBG), vault.token("jmbg", JMBG)
    stored = json.loads((tmp_path / "data.json").read_text())
    for use in ("seal", "token"):
        stored[use]["keys"]["00000000"] = "A" * 43 + "="
        stored[use]["current"] = "00000000"
    (tmp_path / "data.json").write_text(json.dumps(stored))
    vault.forget_keys()
    assert vault.open_(sealed) == JMBG.encode()
    assert vault.seal(JMBG)[1:5] == bytes(4)
    assert vault.tokens("jmbg", JMBG) == [old, vault.token("jmbg", JMBG)]


@pytest.mark.django_db
def test_a_sealed_field_is_bytes_in_the_table_and_plain_in_the_model() -> None:
    with audit.transaction():
        audit.append("tested", subject="S", by=None, private={"jmbg": JMBG, "n": [1, None]})
    assert AuditPrivate.objects.get().data == {"jmbg": JMBG, "n": [1, None]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM archive_auditprivate")
        (data,) = cursor.fetchone()
    assert JMBG.encode() not in bytes(data)
    assert vault.open_(bytes(data), "archive.auditprivate.data")[:8] == b'{"jmbg":'


def test_a_sealed_field_refuses_comparisons_that_would_find_nothing() -> None:
    with pytest.raises(FieldError):
        AuditPrivate.objects.filter(data={"jmbg": JMBG})
