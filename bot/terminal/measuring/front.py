"""Which measurement is asked for? It reads no settings and needs no workspace, so nothing of them is loaded."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot import commands_measure as measures
from bot.commands import Command, Help
from bot.exchange import ExitCode, Reply
from bot.grammar.parse import Context, parse
from bot.terminal.out import Out
from gates.refusal import Unavailable, UserError

HEAD = "measure"
BUG = 1


def carry_out(words: Sequence[str], out: Out) -> int:
    """Carry out one measurement, or explain it, and show the reply; return the exit code."""
    command = parse(words, context=Context(surface="terminal"))
    try:
        reply = _reply(out, command)
    except (UserError, Unavailable, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 - the outermost place: a bug is written down, and its name shown
        from bot.terminal.mishap import write_down  # noqa: PLC0415 - only a bug needs it
        from gates.measure.scan.opening import without_passwords  # noqa: PLC0415 - as above

        doing = without_passwords(" ".join(words))
        out.mistake(write_down(error, logs=Path(tempfile.gettempdir()), doing=doing), BUG)
        return BUG
    return _shown(out, reply)


def _shown(out: Out, reply: Reply) -> int:
    """Show the reply and return its exit code; a full disk is neither a pass nor a proven harm."""
    try:
        out.reply(reply)
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"The report cannot be written: {error.strerror or error}.", file=out.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.stdout.fileno())  # else Python complains again when it ends
        return int(ExitCode.UNAVAILABLE)
    return int(reply.code)


def _reply(out: Out, command: Command) -> Reply:
    """Measure; everything is imported where it is used, for no measurement waits for what another one needs."""
    match command:
        case measures.MeasureCompare():
            from bot.terminal.measuring.compare import measure_compare  # noqa: PLC0415 - see the docstring

            return measure_compare(out, command)
        case measures.MeasureFairness():
            from bot.terminal.measuring.fairness import measure_fairness  # noqa: PLC0415 - see the docstring

            return measure_fairness(out, command)
        case measures.MeasureDrift():
            from bot.terminal.measuring.drift import measure_drift  # noqa: PLC0415 - see the docstring

            return measure_drift(out, command)
        case measures.MeasureQuality():
            from bot.terminal.measuring.quality import measure_quality  # noqa: PLC0415 - see the docstring

            return measure_quality(out, command)
        case measures.MeasureExplain():
            from bot.terminal.measuring.explain import measure_explain  # noqa: PLC0415 - see the docstring

            return measure_explain(out, command)
        case _:
            from bot.grammar.help import help_text  # noqa: PLC0415 - see the docstring

            return Reply(text=help_text(HEAD if not isinstance(command, Help) else command.about), code=ExitCode.DONE)
