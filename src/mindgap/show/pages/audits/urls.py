from django.urls import path

from mindgap.show.pages.audits import change, item, memory, view

urlpatterns = [
    path("audits/", view.audits, name="audits"),
    path("audits/new/", change.new, name="audit_new"),
    path("audits/memory/", memory.memory, name="audit_memory"),
    path("audits/<int:pk>/", view.checklist, name="audit"),
    path("audits/<int:pk>/result/", view.result, name="audit_result"),
    path("audits/<int:pk>/result/<str:form>/", view.download, name="audit_download"),
    path("audits/<int:pk>/state/", change.state, name="audit_state"),
    path("audits/<int:pk>/evidence/", change.evidence, name="audit_evidence"),
    path("audits/<int:pk>/again/", change.again, name="audit_again"),
    path("audits/<int:pk>/items/new/", change.add, name="audit_item_new"),
    path("audits/<int:pk>/items/<int:number>/", item.look, name="audit_item"),
    path("audits/<int:pk>/items/<int:number>/wording/", item.reword, name="audit_wording"),
    path("audits/<int:pk>/items/<int:number>/findings/", item.note, name="audit_finding_new"),
    path("audits/<int:pk>/findings/<int:number>/settlement/", item.settle, name="audit_settlement"),
    path("audits/<int:pk>/findings/<int:number>/improvement/", item.promote, name="audit_promotion"),
]
