from django.urls import path

from mindgap.show.pages.cases import acting, queue, record, view
from mindgap.show.pages.cases.verbs import VERBS

urlpatterns = [
    path("cases/", queue.cases, name="cases"),
    path("cases/record/", record.record, name="case_record"),
    path("cases/<int:number>/", view.case, name="case"),
    path("cases/<int:number>/remedies/<int:remedy>/<str:verdict>/", acting.decide, name="case_remedy"),
    *(
        path(f"cases/<int:number>/{verb.path}/", acting.view(verb.code), name=f"case_{verb.code}")
        for verb in VERBS.values()
    ),
]
