"""Addresses of logging in and of one's own account. Names without a room are those allauth looks for."""

from allauth.account.views import password_change, reauthenticate
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from sizao.config.accounts import views
from sizao.config.log_in import LogIn

log_in, log_out = LogIn.as_view(), LogoutView.as_view()

urlpatterns = [
    path("log-in/", log_in, name="login"),
    path("log-in/", log_in, name="account_login"),
    path("log-out/", log_out, name="logout"),
    path("log-out/", log_out, name="account_logout"),
    path("welcome/", views.choose_password, name="choose_password"),
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("account/", views.account, name="account"),
    path("account/password/", password_change, name="account_change_password"),
    path("account/confirm/", reauthenticate, name="account_reauthenticate"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", views.sessions, name="usersessions_list"),
    path("account/sessions/others/end/", views.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<int:session_id>/end/", views.end_session, name="end_session"),
]
