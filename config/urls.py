"""Every address of the web server."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from archive.views import health
from registration.views import worklist

urlpatterns = [
    path("", worklist.home, name="home"),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("health/", health.show, name="health"),
    path("admin/", admin.site.urls),
    path("archive/", include("archive.urls")),
    path("", include("registration.urls")),
]
