"""Lets the inherited contract tell what differs when it fails."""

import pytest

pytest.register_assert_rewrite("tests.channels_ingest.contract")
