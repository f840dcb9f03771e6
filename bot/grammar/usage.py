"""Which commands are there, and how is each one written?

This table is the only place that says so: parsing, help, completion and the reference in the guide are read from it.
Small letters are typed as they stand, CAPITALS stand for a value, `[...]` may be left out, `A | B` is one or the other.
"""

from bot.grammar.group import Group, Usage
from bot.grammar.usage_measure import MEASURING

MOVING = Group(
    title="Asking for a move",
    usages=(
        Usage(
            line="promote MODEL VERSION to ENVIRONMENT [--reason TEXT]",
            command="Promote",
            says="Ask for a version to become the champion of an environment; opens a pull request.",
            example="promote churn 7 to staging --reason better on new customers",
            acts=True,
        ),
        Usage(
            line="rollback MODEL in ENVIRONMENT [to VERSION] --reason TEXT",
            command="Rollback",
            says="Bring a former champion back by the short road; the previous one if no version is named.",
            example="rollback churn in production --reason complaints since Monday",
            acts=True,
        ),
        Usage(
            line="retire MODEL in ENVIRONMENT --reason TEXT",
            command="Retire",
            says="Ask that nothing serves there any more; goes through a pull request too.",
            example="retire churn in staging --reason replaced by churn-next",
            acts=True,
        ),
        Usage(
            line="retrain MODEL --reason TEXT",
            command="Retrain",
            says="Start the training of a new version.",
            example="retrain churn --reason inputs have drifted",
            acts=True,
        ),
        Usage(
            line="sync [MODEL in ENVIRONMENT] [--restore]",
            command="Sync",
            says="Converge to what was authorised; with --restore undo what was changed behind our back.",
            example="sync churn in production --restore",
            acts=True,
        ),
    ),
)

DECIDING = Group(
    title="Deciding",
    usages=(
        Usage(
            line="approve PROMOTION [--reason TEXT]",
            command="Approve",
            says="Approve the evidence as it is now; a changed subject needs a new approval.",
            example="approve P12 --reason numbers hold for every group",
            acts=True,
        ),
        Usage(
            line="reject PROMOTION --reason TEXT",
            command="Reject",
            says="Reject it for good.",
            example="reject P12 --reason the data misses last month",
            acts=True,
        ),
        Usage(
            line="withdraw PROMOTION",
            command="Withdraw",
            says="Take a request back; for its requester and the model's owner.",
            example="withdraw P12",
            acts=True,
        ),
        Usage(
            line="recheck PROMOTION",
            command="Recheck",
            says="Collect, measure and judge once more.",
            example="recheck P12",
            acts=True,
        ),
    ),
)

LOOKING = Group(
    title="Looking",
    usages=(
        Usage(
            line="status [MODEL | PROMOTION]",
            command="Status",
            says="Show how things stand: everywhere, for a model, or for a promotion.",
            example="status churn",
        ),
        Usage(
            line="why PROMOTION",
            command="Why",
            says="Say what holds a promotion up, and who can do what next.",
            example="why P12",
        ),
        Usage(
            line="history MODEL",
            command="History",
            says="Tell what happened to a model, oldest first.",
            example="history churn",
        ),
        Usage(
            line="compare MODEL VERSION [with VERSION]",
            command="Compare",
            says="Measure a version against another, or the champion; a new pair costs a look at the evaluation data.",
            example="compare churn 8 with 7",
        ),
        Usage(
            line="card MODEL [VERSION]",
            command="Card",
            says="Show the model card.",
            example="card churn",
        ),
        Usage(
            line="audit PROMOTION",
            command="Audit",
            says="Show who did what and when, on what evidence.",
            example="audit P12",
        ),
        Usage(
            line="drift MODEL [in ENVIRONMENT]",
            command="Drift",
            says="Compare today's inputs with those that the model was judged on.",
            example="drift churn in production",
        ),
        Usage(
            line="link [CODE]",
            command="Link",
            says="Tie a chat account to you as a person: get a code, and type it on the other side.",
            example="link K7MQ-2XPA",
            acts=True,
        ),
        Usage(
            line="help [COMMAND]",
            command="Help",
            says="Explain the commands, or one of them.",
            example="help promote",
        ),
    ),
)

TERMINAL = Group(
    title="In a terminal only",
    usages=(
        Usage(
            line="demo",
            command="Demo",
            says="Play a true story on real data in a clean workspace.",
            example="demo",
            terminal_only=True,
        ),
        Usage(
            line="init",
            command="Init",
            says="Create the workspace that app.yaml describes, with no model in it.",
            example="init",
            terminal_only=True,
        ),
        Usage(
            line="console",
            command="Console",
            says="Talk with Gatehouse line by line, with history and completion.",
            example="console",
            terminal_only=True,
        ),
        Usage(
            line="serve",
            command="Serve",
            says="Hold the installation: answer over HTTP and for other terminals, and look for changes.",
            example="serve",
            terminal_only=True,
        ),
        Usage(
            line="doctor",
            command="Doctor",
            says="Look for what would keep Gatehouse from working here, and say what to do.",
            example="doctor",
            terminal_only=True,
        ),
        Usage(
            line="audit verify",
            command="AuditVerify",
            says="Check the whole trail: ledger, evidence and signed receipts.",
            example="audit verify",
            terminal_only=True,
        ),
        Usage(
            line="audit export PATH",
            command="AuditExport",
            says="Write the ledger to a file, one JSON entry a line.",
            example="audit export ledger.jsonl",
            terminal_only=True,
        ),
        Usage(
            line="teams package",
            command="TeamsPackage",
            says="Write the app package that is uploaded to Teams.",
            example="teams package",
            terminal_only=True,
        ),
        Usage(
            line="policy check [FOLDER]",
            command="PolicyCheck",
            says="Name every mistake of a rulebook by file and line: in a folder, or on main.",
            example="policy check .",
            terminal_only=True,
        ),
        Usage(
            line="policy explain MODEL ENVIRONMENT",
            command="PolicyExplain",
            says="Say in words which rules apply, and whose approvals they ask for.",
            example="policy explain churn production",
            terminal_only=True,
        ),
        Usage(
            line="policy simulate FOLDER",
            command="PolicySimulate",
            says="Say what the rulebook in a folder would change against main's.",
            example="policy simulate .",
            terminal_only=True,
        ),
        Usage(
            line="rulebook trust COMMIT",
            command="RulebookTrust",
            says="Accept the first rulebook by its commit on main; later ones go through R pull requests.",
            example="rulebook trust 4f2a9c1",
            acts=True,
            terminal_only=True,
        ),
        Usage(
            line="db upgrade",
            command="DatabaseUpgrade",
            says="Bring the database to this release's schema.",
            example="db upgrade",
            acts=True,
            terminal_only=True,
        ),
    ),
)

GROUPS = (MOVING, DECIDING, LOOKING, MEASURING, TERMINAL)
USAGES = tuple(usage for group in GROUPS for usage in group.usages)

COMMON_OPTIONS = (
    ("--config PATH", "settings to use (default: app.yaml in this folder, else the embedded default)"),
    ("--json", "print exactly one JSON document, mistakes too"),
    ("--as LOGIN", "speak as this account of the embedded forge (or set MLOPS_AS)"),
    ("--help", "explain the commands, or the one it follows"),
    ("--version", "print the release"),
)
"""What a terminal understands with every command."""


def acts(command: object) -> bool:
    """Tell whether a command, as a value of `bot.commands`, changes anything."""
    return any(usage.acts for usage in USAGES if usage.command == type(command).__name__)
