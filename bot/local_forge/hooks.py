"""How does Git ask Gatehouse before it takes a push?"""

import shlex
import sys
import sysconfig
from pathlib import Path

from bot.local_forge.folder import replace
from bot.local_forge.git import Git

NAMES = ("pre-receive", "post-receive")
SCRIPT = """\
#!/bin/sh
# Written by Gatehouse; every mlops command that opens this repository writes it anew.
python={python}
if [ ! -x "$python" ]; then
  echo "Gatehouse cannot look at this push, so it is refused: its Python is gone ($python)." >&2
  echo "Run any mlops command of a working installation on this repository; that mends the hook." >&2
  exit 1
fi
unset PYTHONHOME PYTHONPATH PYTHONSTARTUP
{path}exec "$python" -P -m bot.local_forge.hook {name}
"""


def install_hooks(path: Path) -> None:
    """Write both hooks, for the present interpreter; the same ones are left alone.

    The repository names its folder of hooks itself: a person's own `core.hooksPath` would switch ours off.
    """
    folder = path / "hooks"
    folder.mkdir(exist_ok=True)
    for name in NAMES:
        replace(folder / name, _script(name).encode(), mode=0o755)
    git = Git(path.resolve())
    if git.run("config", "--local", "core.hooksPath").stdout.strip() != b"hooks":
        git.output("config", "--local", "core.hooksPath", "hooks")


def _script(name: str) -> str:
    root = Path(__file__).resolve().parents[2]
    installed = root in {Path(sysconfig.get_path(kind)).resolve() for kind in ("purelib", "platlib")}
    path = "" if installed else f"export PYTHONPATH={shlex.quote(str(root))}\n"
    return SCRIPT.format(python=shlex.quote(sys.executable), path=path, name=name)
