"""What happens when someone types `mlops`?

Only what help needs is imported here: a person who asks for help should not wait for web servers and model registries.
"""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from bot.terminal.options import split_options
from bot.terminal.out import Out, terminal_out
from gates.refusal import Unavailable, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.terminal.switchboard import OpenHouse

WRONG_USAGE = 2
UNAVAILABLE = 4
INTERRUPTED = 130
NOBODY_READS = 141
HELP = frozenset({"help", "--help", "-h"})


def run(*, open_house: "OpenHouse | None" = None) -> int:
    """Carry out the command line of this process; return its exit code. One that was interrupted ends here."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = main(sys.argv[1:], open_house=open_house)
    if code == INTERRUPTED:
        _end_at_once()
    return code


def main(argv: "Sequence[str]", *, open_house: "OpenHouse | None" = None) -> int:
    """Carry out a command line; `open_house` opens the installation, by default as `bot.app` does."""
    out = terminal_out(as_json="--json" in argv)
    try:
        return _answer(argv, out, open_house)
    except BrokenPipeError:
        return _end_quietly()
    except KeyboardInterrupt:
        out.mistake("Stopped.", INTERRUPTED)
        return INTERRUPTED
    except UserError as error:
        out.mistake(str(error), WRONG_USAGE)
        return WRONG_USAGE
    except Unavailable as error:
        out.mistake(str(error), UNAVAILABLE)
        return UNAVAILABLE


def _answer(argv: "Sequence[str]", out: Out, open_house: "OpenHouse | None") -> int:
    options, words = split_options(argv)
    if options.version:
        return _version(out)
    if not words or words[0].lower() in HELP:
        return _help(" ".join(words[1:]) or None, out)
    if words[0].lower() == "measure":
        from bot.terminal.measuring.front import carry_out as measure  # noqa: PLC0415 - help has to be quick

        return measure(words, out)
    from bot.terminal.session import carry_out  # noqa: PLC0415 - help has to be quick

    return carry_out(words, options, out, open_house)


def _nowhere() -> TextIO:
    """Stand in for an output that was closed before the command began, as with `>&-`."""
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _help(about: str | None, out: Out) -> int:
    from bot.grammar.help import help_text  # noqa: PLC0415 - other commands do not need it

    text = help_text(about)
    if out.as_json:
        from bot.exchange import ExitCode, Reply  # noqa: PLC0415 - help for people has to be quick

        out.reply(Reply(text=text, code=ExitCode.DONE))
    else:
        print(text, file=out.stdout, flush=True)
    return 0


def _version(out: Out) -> int:
    from importlib.metadata import version  # noqa: PLC0415 - slow to import, and seldom asked

    print(f"mlops {version('gatehouse')}", file=out.stdout)
    return 0


def _end_at_once() -> None:
    """End with all that was started, as a person who presses Ctrl-C means it.

    A step that another thread is in the middle of is cut off, not waited for: the next command takes it up again.
    """
    import psutil  # noqa: PLC0415 - only an interrupted command needs it

    sys.stdout.flush()
    family = psutil.Process().children(recursive=True)
    for signal in (psutil.Process.terminate, psutil.Process.kill):
        for process in family:
            with suppress(psutil.Error):
                signal(process)
        _, family = psutil.wait_procs(family, timeout=2)
    os._exit(INTERRUPTED)


def _end_quietly() -> int:
    """End after whoever read our output stopped reading, without Python's complaint at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return NOBODY_READS
