"""One-time links: signed, bound to a person, dead once the person has signed in through it or after a day."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.urls import reverse

_SALT = "mindgap.welcome"
_SECONDS = 24 * 3600


def make(user: AbstractBaseUser) -> str:
    """The path of a link that lets `user` in, once."""
    token = signing.dumps(_stamp(user), salt=_SALT)
    # Asked of this folder alone: a command that prints a link need not load every page of the product.
    return reverse("welcome", urlconf="mindgap.show.pages.account.urls", args=[token])


def read(token: str) -> AbstractBaseUser | None:
    """The person a link lets in; None when it is forged, too old or used."""
    try:
        stamp = signing.loads(token, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    user = get_user_model().objects.filter(pk=stamp[0], is_active=True).first()
    return user if user is not None and _stamp(user) == stamp else None


def _stamp(user: AbstractBaseUser) -> list[object]:
    """What changes when the link is used: signing in moves `last_login`, a new password moves its hash."""
    signed_in = user.last_login.isoformat() if user.last_login else ""
    return [user.pk, signed_in, user.password[-12:]]
