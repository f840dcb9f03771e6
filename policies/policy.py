"""What does one policy ask: which gates, whose approvals, and what may no model fall below?

The shape of one file of `policies/*.yaml` other than `people.yaml` and `principles.yaml`.
"""

from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from gates.gate import Gate
from gates.looks import DEFAULT_LOOKS, MOST_LOOKS
from gates.metric import METRICS, metric_problem
from gates.model_format import ModelFormat
from gates.receipted import Receipted
from gates.serving import Serving
from gates.values import Value
from policies.document import Document
from policies.entry import ModelEntry
from policies.manifest import RESERVED
from policies.problem import Problem
from policies.risk import Risk
from policies.sentences import validated
from policies.texts import Slug, Span, Text

DAY, WEEK = 86_400, 604_800


def _metric(name: str) -> str:
    if problem := metric_problem(name, METRICS):
        raise ValueError(problem)
    return name


def _environment(name: str) -> str:
    if name == RESERVED:
        raise ValueError("`model` is no name for an environment: models/<model>/model.yaml is the model's entry")
    return name


Metric = Annotated[str, AfterValidator(_metric)]
Environment = Annotated[Slug, AfterValidator(_environment)]


class AppliesTo(Value):
    """Which models a policy is about."""

    models: tuple[Text, ...] = Field(default=("*",), min_length=1)
    """Names of models; `*`, `?` and `[...]` stand for any characters."""
    risk: tuple[Risk, ...] = Field(default=tuple(Risk), min_length=1)
    """Risks of models."""

    def names(self, model: str) -> bool:
        """Is the model among those named, whatever its risk?"""
        return any(fnmatchcase(model, pattern) for pattern in self.models)


class Floors(Value):
    """What no model.yaml that the policy applies to may fall below."""

    minimum_risk: Risk = Risk.LOW
    """Lowest risk that a model may declare; asked of every model that `applies_to.models` names, whatever its risk."""
    sensitive_features: tuple[Text, ...] = ()
    """Columns that must be among the model's sensitive features."""
    intersections: tuple[tuple[Text, ...], ...] = ()
    """Lists of features that must be among the model's intersections, in any order."""
    metrics: tuple[Metric, ...] = ()
    """Metrics that must be among the model's."""
    evaluation_data: tuple[Text, ...] | None = Field(default=None, min_length=1)
    """Where evaluation data may lie: patterns of URIs; by default anywhere."""


class Approval(Value):
    """So many people with a role."""

    role: Slug
    """Role of `policies/people.yaml`."""
    count: int = Field(default=1, ge=1)
    """How many; each person counts for one seat only."""
    risk: tuple[Risk, ...] = Field(default=tuple(Risk), min_length=1)
    """Asked for models of these risks only."""


class ExtraApprovals(Value):
    """Who may decide although there is not enough data to tell."""

    approvals: tuple[Approval, ...] = Field(min_length=1)
    """People asked for on top of the usual ones."""


def _extra_or_block(given: object) -> str:
    return "extra" if isinstance(given, dict | ExtraApprovals) else "word"


OnInconclusive = Annotated[
    Annotated[Literal["block"], Tag("word")] | Annotated[ExtraApprovals, Tag("extra")],
    Discriminator(_extra_or_block),
]


class Notify(Value):
    """How people hear in a chat that they are waited for; no part of what a decision binds to."""

    mention: bool = True
    """Are those who can decide mentioned, once, when it begins to wait for them?"""
    remind_after: Span | None = DAY
    """How long after that they are reminded, once, by direct message; `null`: never."""


class EvaluationRules(Value):
    """How much the evaluation data may be asked, before they are worn out."""

    max_looks: int = Field(default=DEFAULT_LOOKS, ge=1, le=MOST_LOOKS)
    """Over how many looks at the same data the 5 % are spent; a look is one challenger against one champion."""
    importance: bool = False
    """Is it measured how much each feature adds to the challenger's primary metric? It takes one more process of it."""


class EnvironmentRules(Value):
    """What a promotion to one environment must show, and who must agree."""

    gates: tuple[Gate, ...] = ()
    """Automatic checks; all of them run, and the worst outcome decides."""
    approvals: tuple[Approval, ...]
    """Who must approve; `[]` says in so many words that nobody has to."""
    on_inconclusive: OnInconclusive = "block"
    """What happens when there is not enough data to tell: `block`, or `approvals` asked for on top."""
    evaluation: EvaluationRules = EvaluationRules()
    """How often the evaluation data may be looked at."""
    expires_after: Span = WEEK
    """How long a promotion waits for people: a number and s, m, h, d or w."""
    notify: Notify = Notify()
    """How people hear in a chat that they are waited for."""


class RollbackRules(Value):
    """What a return to an earlier version must show, and who must agree."""

    gates: tuple[Gate, ...] = Field(default=(Receipted(), ModelFormat(), Serving()), min_length=1)
    """Automatic checks; by default `digest`, `format` and `serving`."""
    approvals: tuple[Approval, ...] = (Approval(role="ml-engineer"),)
    """Who must approve; by default one `ml-engineer`."""
    requester_counts: bool = True
    """Does the person who asks count, if they hold the role?"""


class RetireRules(Value):
    """Who must agree that nothing serves any more."""

    approvals: tuple[Approval, ...] = Field(min_length=1)
    """Who must approve."""


class RestoreRules(Value):
    """Who may put an environment back that someone changed by hand."""

    roles: tuple[Slug, ...] = Field(min_length=1)
    """Any one of these roles."""


class Policy(Value):
    """One file of rules."""

    policy: Slug
    """The policy's name, once in the rulebook."""
    applies_to: AppliesTo = AppliesTo()
    """Which models it is about; by default all."""
    floors: Floors = Floors()
    """What no model.yaml may fall below."""
    environments: dict[Environment, EnvironmentRules] = Field(default_factory=dict)
    """Rules per environment; an environment that is not named here gets none from this policy."""
    rollback: RollbackRules = RollbackRules()
    """The short road back, in every environment named here."""
    retire: RetireRules | None = None
    """By default the environment's own approvals."""
    restore: RestoreRules | None = None
    """By default the roles of the rollback's approvals."""
    guests_may_look: bool = False
    """May guests of a chat, and people of other organisations in a shared channel, look at these models?"""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.environments and self.floors == Floors():
            raise ValueError("neither `environments` nor `floors` are given: the policy asks for nothing")
        return self

    def applies(self, entry: ModelEntry) -> bool:
        """Is the policy about this model, at the risk it carries?"""
        return self.applies_to.names(entry.model) and entry.risk in self.applies_to.risk

    @property
    def restorers(self) -> frozenset[str]:
        """Return the roles that may restore an environment."""
        if self.restore is not None:
            return frozenset(self.restore.roles)
        return frozenset(approval.role for approval in self.rollback.approvals)


def read_policy(document: Document) -> Policy | tuple[Problem, ...]:
    """Read one policy, or return every mistake in it."""
    return validated(Policy, document, document.with_text(("policy",)))
