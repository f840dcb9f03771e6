"""The desired state of an environment, and the order of environments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.refusal import UserError
from policies.manifest import Manifest, manifest_of_path, manifest_path, parse_manifest, render_manifest
from policies.order import next_in_order

DIGEST = "0123456789abcdef" * 4
PATH = "models/loan-approval/staging.yaml"
slugs = st.from_regex(r"[a-z0-9-]+", fullmatch=True) | st.sampled_from(["1e3", "null", "true", "0", "-", "no"])
versions = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,20}", fullmatch=True) | st.sampled_from(
    ["null", "true", "1e3", "1.10", "0x1F", "2026-11-21", "no", "1_000"]
)
digests = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64) | st.just("1" * 64) | st.just("1e" + "0" * 62)
states = st.none() | st.tuples(versions, digests)


@pytest.mark.full
@given(slugs, slugs.filter(lambda name: name != "model"), states)
def test_what_is_written_is_what_is_read(model: str, environment: str, state: tuple[str, str] | None) -> None:
    version, digest = state or (None, None)
    manifest = Manifest(model=model, environment=environment, version=version, digest=digest)
    path = manifest_path(model, environment)
    assert parse_manifest(render_manifest(manifest), path) == manifest
    assert render_manifest(parse_manifest(render_manifest(manifest), path)) == render_manifest(manifest)
    assert manifest.retired == (state is None)
    assert manifest_of_path(path) == (model, environment)


def test_a_manifest_reads_as_people_would_write_it() -> None:
    written = f"# by hand\nmodel: loan-approval\nenvironment: staging\nversion: 1.10\ndigest: {DIGEST}\n"
    manifest = parse_manifest(written.encode(), PATH)
    assert manifest.version == "1.10"
    assert render_manifest(manifest).decode() == (
        f"model: loan-approval\nenvironment: staging\nversion: '1.10'\ndigest: {DIGEST}\n"
    )


def test_the_bot_fills_in_the_digest_that_a_person_leaves_out() -> None:
    manifest = parse_manifest(b"model: loan-approval\nenvironment: staging\nversion: 2\n", PATH)
    assert (manifest.version, manifest.digest, manifest.retired) == ("2", None, False)


MISTAKES = {
    f"model: loan-approval\nenvironment: staging\nversion: null\ndigest: {DIGEST}\n": (
        f"{PATH}, line 1: a `digest` needs its `version`: give both, or `null` for both to retire the model."
    ),
    f"model: loan-approval\nenvironment: staging\ndigest: {DIGEST}\n": f"{PATH}, line 1: `version` is missing.",
    f"model: loan-approval\nenvironment: production\nversion: 2\ndigest: {DIGEST}\n": (
        f"{PATH}, line 1: says loan-approval in production, whose file is models/loan-approval/production.yaml; "
        "correct the text or the place."
    ),
    f"model: loan-approval\nenvironment: staging\nversion: '../x'\ndigest: {DIGEST}\n": (
        f"{PATH}, line 3: '../x' is no version: letters, digits and `.`, `_`, `+`, `-` are."
    ),
    "model: x: y\n": f"{PATH}, line 1: is not YAML: mapping values are not allowed in this context.",
}


@pytest.mark.parametrize("text", MISTAKES, ids=lambda text: text[-30:])
def test_a_mistake_in_a_manifest_names_its_line(text: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_manifest(text.encode(), PATH)
    assert str(refused.value) == MISTAKES[text]


def test_no_environment_may_take_the_place_of_the_models_entry() -> None:
    with pytest.raises(UserError, match="`model` is no name for an environment"):
        manifest_path("loan-approval", "model")
    with pytest.raises(UserError, match="`model` is no name for an environment"):
        parse_manifest(b"model: m\nenvironment: model\nversion: null\ndigest: null\n", "models/m/model.yaml")


@pytest.mark.parametrize("path", ["models/m/model.yaml", "models/m/a/b.yaml", "README.md", "models/M/staging.yaml"])
def test_other_files_are_no_desired_state(path: str) -> None:
    assert manifest_of_path(path) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_manifest_or_a_refusal(content: bytes) -> None:
    with pytest.raises(UserError, match=r"^models/loan-approval/staging\.yaml"):
        parse_manifest(content, PATH)


def test_a_version_passes_through_the_environments_one_after_the_other() -> None:
    order = ("development", "staging", "production")
    done = {("development", "d"), ("staging", "other")}
    assert next_in_order(order, "development", digest="new", promoted=done) is None
    assert next_in_order(order, "staging", digest="d", promoted=done) is None
    assert next_in_order(order, "staging", digest="new", promoted=done) == "development"
    assert next_in_order(order, "production", digest="d", promoted=done) == "staging"
    assert next_in_order(order, "production", digest="new", promoted=done) == "development"
    with pytest.raises(UserError, match="There is no environment `stagin`; perhaps `staging` is meant"):
        next_in_order(order, "stagin", digest="d", promoted=done)
