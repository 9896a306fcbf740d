"""Which steps exist: pure tables, no database."""
