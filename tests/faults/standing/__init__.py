"""The programs of the counter as the supervisor starts them, but standing still where wanted."""
