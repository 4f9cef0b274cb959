from allauth.account import views as account
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config import health, live
from meetings.views import finding, groups, steering, today
from networks import demo
from networks import urls as networks
from wellbeing import urls as wellbeing

demo_urls = (
    [
        path("sign-in/<slug:who>/", demo.sign_in, name="sign_in"),
        path("mail/", demo.mail, name="mail"),
        path("mail/<int:number>/", demo.one_mail, name="one_mail"),
        path("mail/<int:number>/html/", demo.mail_html, name="mail_html"),
    ],
    "demo",
)

# Finding a group shows when it meets next.
networks_urls = ([path("networks/", finding.find, name="list"), *networks.urlpatterns], "networks")
# The guideposts show when each was last talked about.
guideposts = path("guideposts/", steering.guideposts, name="guideposts")
wellbeing_urls = ([guideposts, *wellbeing.urlpatterns], "wellbeing")

urlpatterns = [
    path("", today.today, name="today"),
    # pages that mix levels: named here, written in the highest app they need
    path("groups/<int:pk>/", groups.group, name="group"),
    path("office/", groups.office, name="office"),
    path("office/rehearsal/", groups.rehearsal, name="rehearsal"),
    path("office/mails/", groups.mails, name="mails"),
    path("office/mails/<int:pk>/", groups.mail_again, name="mail_again"),
    path("", include("notifications.urls")),
    path("", include(networks_urls)),
    path("", include(wellbeing_urls)),
    path("", include("meetings.urls")),
    # signing in: of allauth only what we use
    path("accounts/login/", account.request_login_code, name="account_login"),
    path("accounts/login/code/", account.request_login_code, name="account_request_login_code"),
    path(
        "accounts/login/code/confirm/",
        account.confirm_login_code,
        name="account_confirm_login_code",
    ),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("demo/", include(demo_urls)),
    path("live/<str:token>/", live.poll, name="live"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
]
