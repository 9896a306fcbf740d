"""People at their browsers: how they log in, and in which language they read."""

from registration.models import User
from tests.stories import chromium
from tests.stories.chromium import Browser

LANGUAGES = ("sr", "sr-latn", "en")
TOLD_IN = LANGUAGES if chromium.pictures() else LANGUAGES[:1]  # each look asks for the others
PASSWORD = "a long sentence"


def log_in(browser: Browser, address: str, username: str, language: str = "sr") -> None:
    user = User.objects.get(username=username)
    user.set_password(PASSWORD)
    user.save()
    browser.open(address)
    browser.speak(language)
    browser.shot("login")
    browser.write("username", username)
    browser.write("password", PASSWORD)
    browser.leave("login")
    browser.see("h1")
