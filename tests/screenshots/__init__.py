"""Pictures of every page, taken while the stories are told: `make screenshots`."""
