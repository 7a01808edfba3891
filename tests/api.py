"""The API as a script pulls it."""

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from donors import services
from donors.models import User


class Api:
    """A script with a key of `user`."""

    def __init__(self, user: User, language: str = "en", scopes: Iterable[str] = ("write", "review", "export")) -> None:
        secret = services.create_api_key(user, "test", scopes=scopes).secret
        self.client = Client(headers={"authorization": f"Bearer {secret}", "accept-language": language})

    def get(self, address: str, status: int = 200) -> Any:
        """What /api/v1/ answers at the address, which must have that status."""
        answer = self.client.get(f"/api/v1/{address}")
        assert answer.status_code == status, answer.text
        return answer.json()

    def ids(self, address: str) -> list[Any]:
        """The ids on the first page."""
        return [row["id"] for row in self.get(address)["results"]]

    def pages(self, address: str) -> list[list[Any]]:
        """The ids on each page, by following `next`; then back by `previous`, which must give the same."""
        forth, answer = [], self.get(address)
        while True:
            forth.append([row["id"] for row in answer["results"]])
            if answer["next"] is None:
                break
            answer = self.client.get(answer["next"]).json()
        back = [forth[-1]]
        while answer["previous"] is not None:
            answer = self.client.get(answer["previous"]).json()
            back.append([row["id"] for row in answer["results"]])
        assert back[::-1] == forth
        return forth

    def all(self, address: str) -> list[Any]:
        """The ids on all pages."""
        return [*chain(*self.pages(address))]

    def refused(self, address: str) -> list[tuple[str, str]]:
        """The fields that a 400 names, with their sentences."""
        answer = self.get(address, status=400)
        assert (answer["code"], answer["status"]) == ("invalid", 400)
        return [(error["parameter"], error["detail"]) for error in answer["errors"]]

    def queries(self, address: str) -> int:
        """The queries of one call, with what is remembered over calls remembered already."""
        self.get(address)
        with CaptureQueriesContext(connection) as asked:
            self.get(address)
        return len(asked)

    def upload(self, address: str, form: dict[str, Any], status: int, **headers: str) -> Any:
        """What /api/v1/ answers to a form with files."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.post(f"/api/v1/{address}", form, headers=named)
        assert answer.status_code == status, answer.text
        return answer.json()

    def send(self, method: str, address: str, body: Any, status: int, **headers: str) -> Any:
        """What /api/v1/ answers to a body, with that status; `headers` by their names with _ for -."""
        answer = self.client.generic(
            method,
            f"/api/v1/{address}",
            json.dumps(body, default=str),
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None
