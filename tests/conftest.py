"""What every test shares; the servers themselves come from tests/servers.py."""
