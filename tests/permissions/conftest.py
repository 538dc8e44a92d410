"""The same people as in the tests of the interface."""

from tests.api.conftest import cast as cast
