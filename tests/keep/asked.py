"""A survey of the small company, and a person who answers it page by page."""

from datetime import timedelta

from tests.keep.company import START, Company

from mindgap.ground import identity
from mindgap.keep import appender, incoming, recorder, submissions, survey
from mindgap.keep.definition import Choice, Definition, End, Page, Question
from mindgap.keep.models import Survey


def en(text):
    return {"en": text}


def definition(**changed):
    """Two pages: how satisfied, and why."""
    whole = {
        "title": en("Your delivery"),
        "pages": (
            Page(
                "p1", (Question("q1", "satisfaction", en("How satisfied are you?"), measure="satisfaction"),)
            ),
            Page(
                "p2",
                (
                    Question(
                        "q2", "single", en("Why?"), choices=(Choice("a", en("Late")), Choice("b", en("Rude")))
                    ),
                    Question("q3", "text", en("Tell us more")),
                ),
            ),
        ),
        "ends": (End("thanks", en("Thank you.")),),
    }
    return Definition(**(whole | changed))


def publish(company: Company, code: str = "delivery-survey", **changed) -> Survey:
    """A live survey of a company."""
    made = Survey.objects.create(
        organization=company.organization, code=code, name=en(code), touchpoint=company.delivery
    )
    survey.save_draft(made, definition(**changed), expected_digest=survey.draft(made).digest)
    survey.publish(made)
    return made


class Visitor:
    """Somebody with a browser; `page` sends one page, `finish` the last one together with the answer."""

    def __init__(self, company: Company, asked: Survey, **more) -> None:
        self.company, self.asked, self.more = company, asked, more
        self.key = identity.uuid7()

    def item(self, minute: float = 1, **said) -> incoming.Submission:
        fields = {"started_at": START, "changed_at": START + timedelta(minutes=minute)} | self.more | said
        return incoming.Submission(
            str(self.key), fields.pop("survey", self.asked.code), fields.pop("version", 1), **fields
        )

    def page(self, minute: float = 1, **said) -> None:
        self.company.send(self.item(minute, **said), source="survey")

    def finish(self, minute: float = 9, *, score: float = 4, **said) -> None:
        submission = self.item(minute, state="finished", **said)
        answer = incoming.Answer(
            str(self.key), submission.changed_at, scores={"satisfaction": score}, customer=submission.customer
        )
        appender.append(
            self.company.organization.id,
            [
                (identity.uuid7(), kind, "survey", incoming.write(item))
                for kind, item in (("answer", answer), ("submission", submission))
            ],
        )


def take_in() -> int:
    """Let every reader of the record do its work."""
    recorder.catch_up()
    return submissions.catch_up()
