from django.urls import path

from wellbeing import views

app_name = "wellbeing"

urlpatterns = [path("guideposts/", views.guideposts, name="guideposts")]
