"""The store in a bucket of a real S3 server, OpenStack Swift of Debian: nothing is different."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from django.conf import settings
from django.utils import timezone

from archive import store
from archive.models import FixityFinding
from archive.services import records
from archive.services.files import blobs, fixity, mirroring, repairs
from archive.store import places, sealed
from archive.store.sealing import PIECE
from config import stores
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.archive.s3 import server

LARGE = random.Random(7).randbytes(10 * PIECE + 1000)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server.running(tmp_path_factory.mktemp("swift")) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Any:
    """Return what an administrator would look into the bucket with."""
    config = Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required")
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=server.KEY,
        aws_secret_access_key=server.SECRET,
        config=config,
    )
    client.create_bucket(Bucket="overa")
    return client


@pytest.fixture
def bucket(
    client: Any, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Return the settings of a folder of its own in the bucket, as the environment says them."""
    secret = tmp_path / "secret"
    secret.write_text(server.SECRET + "\n")
    monkeypatch.setenv("OVERA_FILES", f"s3://overa/{tmp_path.name}")
    monkeypatch.setenv("OVERA_FILES_ENDPOINT", address)
    monkeypatch.setenv("OVERA_FILES_REGION", "us-east-1")
    monkeypatch.setenv("OVERA_FILES_KEY", server.KEY)
    monkeypatch.setenv("OVERA_FILES_SECRET_FILE", str(secret))
    options = stores.place("OVERA_FILES")
    monkeypatch.setitem(settings.OVERA, "FILES", options)
    monkeypatch.setitem(settings.OVERA, "REPLICA", None)
    return dict(options)


def under(bucket: dict[str, Any], sha256: str) -> str:
    return f"{bucket['location']}/{sealed.path(sha256)}"


def flip(client: Any, key: str) -> None:
    data = bytearray(client.get_object(Bucket="overa", Key=key)["Body"].read())
    data[-1] ^= 1
    client.put_object(Bucket="overa", Key=key, Body=bytes(data))


def test_files_go_in_and_out_whole_in_ranges_and_in_pieces(
    client: Any, bucket: dict[str, Any]
) -> None:
    for data in (b"", b"small", LARGE):
        sha256 = store.address(data)
        assert not store.exists(sha256)
        assert store.put(data) == store.put([data]) == sha256
        assert store.get(sha256) == data
    file = store.opened(sha256)
    assert b"".join(file.read(3 * PIECE - 5, 3 * PIECE + 5)) == LARGE[3 * PIECE - 5 : 3 * PIECE + 5]
    assert len(list(sealed.lying(places.main(), ""))) == 3
    flip(client, under(bucket, sha256))
    with pytest.raises(store.FileDamagedError):
        store.get(sha256)
    store.delete(sha256)
    assert not store.exists(sha256)
    with pytest.raises(store.FileMissingError):
        store.get(sha256)
    assert len(list(places.main().names())) == 4


def test_a_list_goes_on_after_a_name(bucket: dict[str, Any]) -> None:
    for number in range(12):
        store.put(b"%d" % number)
    names = [each.name for each in places.main().names()]
    assert names == sorted(names)
    assert [each.name for each in places.main().names(after=names[9])] == names[10:]


def test_a_server_that_does_not_answer_is_no_missing_file(
    bucket: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.OVERA, "FILES", bucket | {"endpoint_url": "http://127.0.0.1:9"})
    for act in (store.get, store.exists):
        with pytest.raises(store.PlaceError):
            act("a" * 64)
    monkeypatch.setitem(settings.OVERA, "FILES", bucket | {"secret_key": "wrong"})
    with pytest.raises(store.PlaceError):
        store.put(b"new")


@pytest.mark.django_db(transaction=True)
def test_the_bucket_as_replica_gives_back_what_the_folder_lost(
    client: Any,
    bucket: dict[str, Any],
    officer: Officer,
    heads_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(settings.OVERA, "FILES", tmp_path / "files")
    monkeypatch.setitem(settings.OVERA, "REPLICA", bucket)
    record = records.file(cases.filing(), by=officer)
    named = sorted(blobs.of_record(record))
    assert mirroring.catch_up(seconds=60) == 5
    (tmp_path / "files" / sealed.path(named[0])).unlink()
    flip(client, under(bucket, named[1]))
    fixity.begin(by=None)
    assert fixity.go_on(timezone.now() + timedelta(days=2), seconds=60).checked == 5
    lost, damaged = FixityFinding.objects.order_by("where")[::-1]
    assert (lost.name, lost.kind, lost.ending) == (named[0], "missing", "")
    assert (damaged.name, damaged.kind, damaged.ending) == (named[1], "damaged", "repaired")
    repairs.repair(lost, by=officer)
    assert all(store.get(each) for each in named)


@pytest.mark.django_db(transaction=True)
def test_a_case_is_filed_into_the_bucket_and_verified_there(
    client: Any, bucket: dict[str, Any], officer: Officer, heads_file: Path
) -> None:
    record = records.file(cases.filing(), by=officer)
    flip(client, under(bucket, record.files.all()[0].sha256))
    fixity.begin(by=None)
    fixity.go_on(timezone.now(), seconds=60)
    finding = FixityFinding.objects.get()
    assert (finding.name, finding.kind) == (record.files.all()[0].sha256, "damaged")
