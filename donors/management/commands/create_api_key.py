"""Makes an API key for a person."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from donors.models import ApiKey, User
from donors.services import create_api_key


class Command(BaseCommand):
    help = "Creates an API key for the person with this email and prints it: it is shown only once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what will use it")
        further = [scope for scope in ApiKey.Scope.values if scope != ApiKey.Scope.READ]
        parser.add_argument(
            "--scope", action="append", default=[], choices=further, help="what it may do besides reading"
        )

    def handle(self, *args: Any, email: str, name: str, scope: list[str], **options: Any) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account with the email {email}.")
        self.stdout.write(create_api_key(user, name, scopes=scope).secret)
