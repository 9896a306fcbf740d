"""No table of the archive, no column and no file is forgotten when it moves."""

from django.apps import apps
from django.db.models import ForeignKey, Model

from archive import addresses
from archive.services.moving import rows, tables

MOVED = {table.model for table in tables.EVERYTHING}


def test_every_table_belongs_to_the_archive_or_is_left_out_for_a_reason() -> None:
    every = set(apps.get_app_config("archive").get_models(include_auto_created=True))
    named = [*MOVED, *tables.AUDIT, *tables.LEFT_OUT]
    assert every - set(named) == set(), "name it in archive/services/moving/tables.py"
    assert set(named) - every == set()
    assert len(named) == len(set(named))
    assert all(reason.strip() for reason in tables.LEFT_OUT.values())


def test_rows_name_rows_that_came_before_them() -> None:
    seen: set[type[Model]] = set()
    for table in tables.EVERYTHING:
        targets = {each.related_model for each in rows.references(table)}
        assert targets - seen - {table.model} == set(), table.name
        seen.add(table.model)


def test_the_way_to_the_record_leads_to_it() -> None:
    for table in tables.OF_RECORD:
        model: type[Model] = table.model
        for step in table.record.split("__"):
            column = model._meta.get_field(step)  # noqa: SLF001
            assert isinstance(column, ForeignKey)
            model = column.related_model
        assert model is tables.RECORD.model


def test_what_is_keyed_by_this_installation_is_made_anew() -> None:
    tokens = {
        (table.name, column.attname)
        for table in tables.EVERYTHING
        for column in rows.columns(table)
        if "token" in column.attname
    }
    assert tokens == set()


def test_every_column_of_addresses_brings_its_file() -> None:
    """A row with a file in each such column names all of them."""
    for table in tables.EVERYTHING:
        columns = [each.field for each in addresses.columns() if each.model is table.model]
        row = table.model(pk=1, **{name: f"{at}" * 64 for at, name in enumerate(columns)})
        for joined in table.joined:
            setattr(row, joined, row._meta.get_field(joined).related_model())  # noqa: SLF001
            for each in row._meta.get_field(joined).related_model._meta.concrete_fields:  # noqa: SLF001
                if each.attname == "position":
                    setattr(getattr(row, joined), each.attname, 0)
        if hasattr(row, "position"):
            row.position = 0
        assert {each.sha256 for each in table.files(row)} == {getattr(row, c) for c in columns}
