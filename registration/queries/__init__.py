"""Reading what the counter knows: one module per noun, no writing."""
