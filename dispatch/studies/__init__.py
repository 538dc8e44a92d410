"""Works about a past period that a supervisor asks for and the worker does: hot issues, replays of a change."""
