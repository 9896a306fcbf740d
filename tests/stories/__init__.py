"""The counter's stories, told on running programs: redis, worker, agent, pcscd, Chromium."""
