"""Does the doctor see whom main lets in, whichever way GitHub says it?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.github.patient import Patient, sound_patient

BRANCHES = "at https://github.com/acme/models/settings/branches"


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    with sound_patient(tmp_path) as made:
        yield made


class TestCheck:
    """Whether our check is asked for, and from whom."""

    def test_a_ruleset_that_pins_it_is_as_good(self, patient: Patient) -> None:
        patient.people.unprotect("main")
        patient.people.add_ruleset("main", {"mlops/promotion": patient.github.app.id})
        assert patient.complaints() == []

    def test_no_rule_at_all_is_a_warning_that_says_what_to_click(self, patient: Patient) -> None:
        patient.people.unprotect("main")
        assert patient.complaints() == [
            (
                "warn  loans: main does not ask for mlops/promotion: anybody may merge early - require it, and choose "
                f"gatehouse as the source of mlops/promotion, {BRANCHES}"
            )
        ]

    @pytest.mark.parametrize("source", [None, -1])
    def test_a_check_that_anybody_may_write_is_a_warning(self, patient: Patient, source: int | None) -> None:
        patient.people.protect("main", {"mlops/promotion": source, "lint": None})
        assert patient.complaints() == [
            (
                "warn  loans: main takes mlops/promotion from anybody who can write a status - choose gatehouse as the "
                f"source of mlops/promotion {BRANCHES}"
            )
        ]

    def test_a_check_that_another_app_has_to_write_never_turns_green(self, patient: Patient) -> None:
        patient.people.protect("main", {"mlops/promotion": 4711})
        (line,) = patient.complaints()
        assert line.startswith("bad   loans: main asks for mlops/promotion from another App (4711): it never turns")

    def test_the_default_branch_is_the_one_that_counts(self, patient: Patient) -> None:
        patient.people.unprotect("main")
        patient.people.push("grace", "trunk/models", {"a": "b"})
        patient.people.repository.default_branch = "trunk/models"
        patient.people.protect("trunk/models", {"mlops/promotion": patient.github.app.id})
        assert patient.complaints() == []


class TestWaysAround:
    """Who gets past the rules."""

    def test_administrators_who_may_bypass_are_named(self, patient: Patient) -> None:
        patient.people.protect("main", {"mlops/promotion": patient.github.app.id}, enforce_admins=False)
        assert patient.complaints() == [
            (
                "warn  loans: main lets administrators merge past its rules - tick Do not allow bypassing the above "
                f"settings {BRANCHES}"
            )
        ]

    def test_without_the_permission_the_pinned_check_is_seen_all_the_same(self, patient: Patient) -> None:
        patient.people.protect("main", {"mlops/promotion": None}, enforce_admins=False)
        del patient.github.installation.permissions["administration"]
        permission, check = patient.complaints()
        assert "administration: read (it cannot be seen whom main's protection lets pass)" in permission
        assert "main takes mlops/promotion from anybody" in check

    def test_force_pushes_are_named(self, patient: Patient) -> None:
        ours = {"mlops/promotion": patient.github.app.id}
        patient.people.protect("main", ours, switched_on={"allow_force_pushes"})
        (line,) = patient.complaints()
        assert "main allows force pushes, which rewrite what was promoted - untick Allow force pushes" in line


class TestHindrances:
    """What keeps the App from merging."""

    def test_a_list_of_pushers_without_the_app_is_bad(self, patient: Patient) -> None:
        patient.people.protect("main", {"mlops/promotion": patient.github.app.id}, pushers={"other"})
        (line,) = patient.complaints()
        assert line.startswith("bad   loans: main lets only chosen people push, and not this App: it cannot merge")

    def test_a_list_of_pushers_with_the_app_is_none(self, patient: Patient) -> None:
        patient.people.protect("main", {"mlops/promotion": patient.github.app.id}, pushers={"gatehouse"})
        assert patient.complaints() == []

    def test_a_locked_branch_and_a_linear_history_are_bad(self, patient: Patient) -> None:
        on = {"lock_branch", "required_linear_history"}
        patient.people.protect("main", {"mlops/promotion": patient.github.app.id}, switched_on=on)
        locked, linear = patient.complaints()
        assert "main is locked: nothing can be merged - untick Lock branch" in locked
        assert "main takes no merge commits, with which the App merges here" in linear

    def test_a_linear_history_is_fine_where_the_app_squashes(self, patient: Patient) -> None:
        ours = {"mlops/promotion": patient.github.app.id}
        patient.people.protect("main", ours, switched_on={"required_linear_history"})
        patient.people.repository.allowed_merges = {"squash", "rebase"}
        assert patient.complaints() == []

    @pytest.mark.parametrize("ruleset", [False, True], ids=["protection", "ruleset"])
    def test_a_rule_that_makes_promotions_wait_for_updates_is_named(self, patient: Patient, *, ruleset: bool) -> None:
        patient.people.unprotect("main")
        rule = patient.people.add_ruleset if ruleset else patient.people.protect
        rule("main", {"mlops/promotion": patient.github.app.id}, strict=True)
        (line,) = patient.complaints()
        assert "main takes no branch that lacks its newest commit" in line
        assert "untick Require branches to be up to date before merging" in line

    def test_githubs_own_approvals_are_told_apart_from_ours(self, patient: Patient) -> None:
        patient.people.protect("main", {"mlops/promotion": patient.github.app.id}, reviews=2)
        (line,) = patient.complaints()
        assert line.startswith("warn  loans: main also asks for 2 of GitHub's own approvals: a button, comment or")

    def test_rules_of_rulesets_are_read_too(self, patient: Patient) -> None:
        patient.people.unprotect("main")
        rules = ("merge_queue", "update", "deletion")
        patient.people.add_ruleset("main", {"mlops/promotion": patient.github.app.id}, other_rules=rules)
        queue, update = sorted(patient.complaints())
        assert queue.startswith("bad   loans: main merges by a queue, which the App cannot enter")
        assert update.startswith("warn  loans: main may be updated by those alone who bypass a ruleset - put gatehouse")


class TestPlan:
    """A private repository on a free plan."""

    def test_no_protection_is_to_be_had_and_that_is_said_once(self, patient: Patient) -> None:
        patient.people.downgrade()
        assert patient.complaints() == [
            (
                "warn  loans: this plan of GitHub's protects no branch of a private repository: anybody may merge "
                "early - such a merge raises an alarm and is taken back; upgrade, make it public, or accept that"
            )
        ]

    def test_an_old_server_without_rulesets_is_read_by_its_protections(self, patient: Patient) -> None:
        patient.github.fail("/rules/branches/", 404)
        assert patient.complaints() == []


class TestRepository:
    """What is unusual about the repository."""

    def test_only_rebasing_is_fine(self, patient: Patient) -> None:
        patient.people.repository.allowed_merges = {"rebase"}
        assert "ok    loans: acme/models merges into main by rebasing" in map(str, patient.examine())

    def test_a_repository_that_allows_no_merge_is_bad(self, patient: Patient) -> None:
        patient.people.repository.allowed_merges = set()
        (line,) = patient.complaints()
        assert line.startswith("bad   loans: acme/models allows no way of merging - allow merge commits at https://")

    def test_a_new_name_is_followed_and_told(self, patient: Patient) -> None:
        patient.people.rename("classifiers")
        (line,) = patient.complaints()
        assert line.startswith("warn  loans: acme/models is called acme/classifiers now - mend `repository`")

    def test_an_archive_and_a_fork_are_named(self, patient: Patient) -> None:
        patient.people.archive()
        patient.people.repository.parent = patient.github.repository("acme/origin").repository
        archived, fork = patient.complaints()
        assert "bad   loans: acme/models is archived: nothing can be merged" in archived
        assert "warn  loans: acme/models is itself a fork" in fork
