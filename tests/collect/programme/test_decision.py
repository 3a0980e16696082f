"""The decision, alone: its order, each of its outcomes, quiet hours, the auction and the draw (R112, §3.4)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindgap.collect.programme import decision
from mindgap.collect.programme.decision import Candidate, Facts, Rules, decide, decide_together
from mindgap.keep.contact import OUTCOMES

NOON = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [SHANGHAI, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")]
RULES = Rules()
MAIL = (("email", "free"),)


def candidate(**more) -> Candidate:
    return Candidate(**{"key": "k", "programme": "after-visit", "due_at": NOON, **more})


def facts(**more) -> Facts:
    return Facts(**{"zone": SHANGHAI, "ways": MAIL, **more})


def ago(**span: float) -> datetime:
    return NOON - timedelta(**span)


@pytest.mark.parametrize(
    ("outcome", "step", "wanted", "known"),
    [
        ("sent", "draw", {}, {}),
        ("failed", "in_time", {"deadline": NOON}, {}),
        ("skipped_consent", "consent", {}, {"consent": "withdrawn"}),
        ("skipped_consent", "consent", {"needs_consent": True}, {}),
        ("skipped_optout", "channel", {}, {"ways": (("email", "opted_out"), ("sms", "no_address"))}),
        ("skipped_optout", "channel", {}, {"ways": (("email", "suppressed"),)}),
        ("no_address", "channel", {}, {"ways": (("email", "no_address"), ("sms", "no_account"))}),
        ("no_address", "channel", {}, {"ways": ()}),
        ("delayed_until", "quiet", {}, {"zone": ZoneInfo("America/New_York")}),
        ("skipped_quiet", "quiet", {"deadline": NOON + timedelta(hours=5)}, {"zone": ZoneInfo("America/New_York")}),
        ("skipped_cap", "cap", {}, {"sent": (ago(days=29),)}),
        ("skipped_cap", "cap", {}, {"sent": tuple(ago(days=each) for each in (40, 100, 200, 300))}),
        ("skipped_rest", "answer_rest", {}, {"answered_at": ago(days=89)}),
        ("skipped_rest", "survey_rest", {}, {"survey_sent_at": ago(days=89)}),
        ("skipped_open_case", "case", {}, {"has_open_case": True}),
        ("not_sampled", "draw", {"share": 0.0}, {}),
    ],
)  # fmt: skip
def test_each_outcome_names_the_step_that_decided(outcome, step, wanted, known) -> None:
    made = decide(candidate(**wanted), facts(**known), RULES, NOON)
    assert made.outcome == outcome
    assert made.steps[-1]["step"] == step
    assert made.steps[-1]["passed"] == (outcome == "sent")
    assert all(each["passed"] for each in made.steps[:-1])


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ({"needs_consent": True}, {"consent": "given"}),
        ({}, {"sent": (ago(days=31),)}),
        ({}, {"answered_at": ago(days=90)}),
        ({"rest_days": 10}, {"survey_sent_at": ago(days=11), "sent": ()}),
        ({"kind": "recovery"}, {"has_open_case": True}),
        ({}, {"ways": (("wecom", "no_address"), ("email", "free"), ("sms", "free"))}),
    ],
)
def test_who_is_past_a_limit_is_asked(wanted, known) -> None:
    made = decide(candidate(**wanted), facts(**known), RULES, NOON)
    assert (made.outcome, made.channel) == ("sent", "email")


def test_of_two_the_larger_priority_asks_and_then_who_has_waited_longer() -> None:
    small, large = candidate(key="a", priority=1), candidate(key="b", programme="other", priority=2)
    assert decide(small, facts(), RULES, NOON, rivals=[large]).outcome == "lost_auction"
    assert decide(large, facts(), RULES, NOON, rivals=[small]).outcome == "sent"
    early = candidate(key="z", priority=1, due_at=ago(hours=1))
    assert decide(early, facts(), RULES, NOON, rivals=[small]).outcome == "sent"


def test_a_winner_that_is_not_drawn_leaves_the_next_its_turn() -> None:
    winner = candidate(key="a", priority=2, share=0.0)
    asked = [(winner, facts()), (candidate(key="b", priority=1), facts()), (candidate(key="c"), facts())]
    made = decide_together(asked, RULES, NOON)
    outcomes = {key: each.outcome for key, each in made.items()}
    assert outcomes == {"a": "not_sampled", "b": "sent", "c": "lost_auction"}


_candidates = st.lists(
    st.builds(
        candidate,
        key=st.uuids().map(str),
        kind=st.sampled_from(["transaction", "relationship", "recovery"]),
        priority=st.integers(-2, 2),
        share=st.floats(0, 1),
        needs_consent=st.booleans(),
        deadline=st.none() | st.integers(-5, 20).map(lambda hours: NOON + timedelta(hours=hours)),
    ),
    max_size=6,
    unique_by=lambda each: each.key,
)
_facts = st.builds(
    facts,
    zone=st.sampled_from(ZONES),
    consent=st.sampled_from(["", "given", "withdrawn"]),
    ways=st.lists(st.tuples(st.sampled_from(["email", "sms", "wecom"]), st.sampled_from(["free", "opted_out", "no_address"])), max_size=3).map(tuple),
    sent=st.lists(st.integers(0, 400).map(lambda days: ago(days=days)), max_size=5).map(tuple),
    has_open_case=st.booleans(),
)  # fmt: skip


@given(_candidates, _facts, st.randoms())
def test_at_most_one_is_sent_everyone_has_an_outcome_and_the_order_of_candidates_changes_nothing(
    wanted, known, random
) -> None:
    """R112: surveys over all channels together respect the policy."""
    pairs = [(each, known) for each in wanted]
    made = decide_together(pairs, RULES, NOON)
    assert set(made) == {each.key for each in wanted}
    sent = [each for each in made.values() if each.is_sent]
    assert len(sent) <= 1
    assert {each.outcome for each in made.values()} <= set(OUTCOMES)
    for each in sent:
        assert (each.channel, "free") in known.ways
        assert known.consent != "withdrawn"
        assert not [at for at in known.sent if at > ago(days=30)]
        assert not decision.is_quiet(RULES, known.zone, NOON)
    assert all(each.until is None or each.until > NOON for each in made.values())
    random.shuffle(pairs)
    assert decide_together(pairs, RULES, NOON) == made


@given(
    st.sampled_from([*ZONES, ZoneInfo("Europe/Berlin"), ZoneInfo("America/Sao_Paulo")]),
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_after_quiet_hours_it_is_not_quiet_and_that_is_at_most_a_day_and_an_hour_away(
    zone, now, start, end
) -> None:
    rules = Rules(quiet_from=start, quiet_to=end)
    until = decision.quiet_until(rules, zone, now)
    assert now <= until <= now + timedelta(hours=25)
    assert not decision.is_quiet(rules, zone, until)
    assert (until == now) == (not decision.is_quiet(rules, zone, now))


@pytest.mark.parametrize(
    ("local", "until"),
    [
        # The night in which New York puts its clocks forward is an hour shorter.
        (datetime(2026, 3, 7, 22, 0), datetime(2026, 3, 8, 13, 0, tzinfo=UTC)),
        (datetime(2026, 3, 6, 22, 0), datetime(2026, 3, 7, 14, 0, tzinfo=UTC)),
        (datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 14, 0, tzinfo=UTC)),
        (datetime(2026, 3, 8, 20, 59), None),
        (datetime(2026, 3, 8, 9, 0), None),
    ],
)
def test_the_night_is_that_of_the_customer_also_when_clocks_change(local, until) -> None:
    zone = ZoneInfo("America/New_York")
    now = local.replace(tzinfo=zone).astimezone(UTC)
    assert decision.quiet_until(RULES, zone, now) == (until or now)


def test_equal_hours_mean_that_it_is_never_quiet() -> None:
    rules = Rules(quiet_from=time(9), quiet_to=time(9))
    assert not any(decision.is_quiet(rules, SHANGHAI, NOON + timedelta(hours=each)) for each in range(24))


def test_a_share_is_drawn_that_often_and_always_the_same() -> None:
    drawn = [decision.draw(f"candidate-{n}") for n in range(20_000)]
    assert drawn == [decision.draw(f"candidate-{n}") for n in range(20_000)]
    assert all(0 <= each < 1 for each in drawn)
    for share in (0.1, 0.5, 0.9):
        got = sum(each < share for each in drawn) / len(drawn)
        # Five standard errors.
        assert abs(got - share) < 5 * (share * (1 - share) / len(drawn)) ** 0.5
