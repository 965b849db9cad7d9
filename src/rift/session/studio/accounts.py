"""Make the annotators' accounts in the server's database, with an organisation and a token each.

It runs in the server's environment, where RIFT is not installed: standard input holds a JSON list of objects with
`address` and `password` (null: as it was), standard output gives one with `address` and `token` for each. The database
is made, or brought up to date, first. What the server prints meanwhile goes to standard error.
"""

import contextlib
import json
import os
import pathlib
import sys

import label_studio

sys.path.insert(0, str(pathlib.Path(label_studio.__file__).parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "core.settings.label_studio"


def main() -> None:
    """Read, make, answer."""
    with contextlib.redirect_stdout(sys.stderr):
        import django  # noqa: PLC0415 - it prints when it is imported

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 - after the set-up
        from django.db import transaction  # noqa: PLC0415 - likewise

        call_command("migrate", "--no-color", verbosity=0)
        with transaction.atomic():
            made = [_account(**wanted) for wanted in json.load(sys.stdin)]
    json.dump(made, sys.stdout)


def _account(address: str, password: str | None) -> dict[str, str]:
    from jwt_auth.models import LSAPIToken  # noqa: PLC0415 - after the set-up
    from organizations.models import Organization  # noqa: PLC0415 - likewise
    from users.models import User  # noqa: PLC0415 - likewise

    user = User.objects.filter(email=address).first() or User.objects.create_user(email=address)
    if password is not None:
        user.set_password(password)
    own = Organization.objects.filter(created_by=user).first()
    user.active_organization = own or Organization.create_organization(created_by=user, title=address)
    user.save()
    return {"address": address, "token": LSAPIToken.for_user(user).get_full_jwt()}


if __name__ == "__main__":
    main()
