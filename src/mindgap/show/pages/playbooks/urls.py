from django.urls import path

from mindgap.show.pages.playbooks import view

urlpatterns = [
    path("playbooks/", view.playbooks, name="playbooks"),
    path("playbooks/new/", view.new, name="playbook_new"),
    path("playbooks/shipped/", view.plant, name="playbooks_shipped"),
    path("playbooks/<str:code>/edit/", view.edit, name="playbook_edit"),
]
