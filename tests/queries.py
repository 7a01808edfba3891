"""How many queries an address asks."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, address: str, **headers: str) -> int:
    """The queries that a GET of the address asks, with what is remembered over requests remembered already."""
    client.get(address, headers=headers)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, headers=headers).status_code == 200
    return len(asked)
