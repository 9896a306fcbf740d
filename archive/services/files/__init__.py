"""The stored files: kept as long as a record names them, verified, mirrored, repaired."""
