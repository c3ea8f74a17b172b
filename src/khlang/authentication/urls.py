"""Addresses of the doors: `door_patterns` before an entity is chosen, the others under /<entity code>/."""

from django.urls import path

from khlang.authentication.views import account, emergency, log_in, person, proof, thaid

door_patterns = [
    path("login/", log_in.log_in, name="login"),
    path("login/second-step/", log_in.second_step, name="second-step"),
    path("login/passkey/", log_in.passkey, name="passkey"),
    path("login/passkey/options/", log_in.passkey_options, name="passkey-options"),
    path("login/thaid/", thaid.leave, name="thaid"),
    path("login/thaid/back/", thaid.back, name="thaid-back"),
    path("login/emergency/", emergency.come_in, name="emergency"),
    path("logout/", log_in.log_out, name="logout"),
    path("session/", log_in.session, name="session"),
    path("account/", account.account, name="account"),
    path("account/done/", log_in.done, name="done"),
    path("account/password/", account.password, name="password"),
    path("account/passkeys/", account.add_passkey, name="add-passkey"),
    path("account/passkeys/options/", account.new_passkey_options, name="new-passkey-options"),
    path("account/passkeys/<int:number>/", account.change_passkey, name="change-passkey"),
    path("account/app/", account.app, name="app"),
    path("account/app/remove/", account.remove_app, name="remove-app"),
    path("account/codes/", account.codes, name="codes"),
    path("account/sessions/", account.end_sessions, name="end-sessions"),
    path("account/sign-ins/", account.sign_ins, name="sign-ins"),
    path("account/prove/", proof.prove, name="prove"),
    path("account/prove/options/", proof.options, name="prove-options"),
]

app_name = "authentication"
urlpatterns = [
    path("emergency/", emergency.emergencies, name="emergencies"),
    path("emergency/<uuid:emergency_id>/", emergency.emergency, name="emergency"),
    path("people/<int:user_id>/doors/", person.person, name="person"),
]
