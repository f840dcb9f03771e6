"""Would unpickling these bytes run code, or is it a pickle at all?

Protocol 2 and later say so in their first two bytes. Older streams are plain opcodes, and may look like text, so they
are walked as the unpickler would walk them, without running anything: a true text goes wrong after a few opcodes.
"""

import pickletools
from typing import BinaryIO

FINDS = frozenset({"GLOBAL", "STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4"})
CALLS = frozenset({"REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD"})
NAMED = frozenset({"GLOBAL", "INST"})
PATIENCE = 100
"""No text gets through so many opcodes."""


def is_pickle(stream: BinaryIO) -> bool:
    """Say whether an unpickler would take this stream for one of its own, or call something before it gave up."""
    stack: list[pickletools.StackObject] = []
    seen: list[str] = []
    try:
        for opcode, argument, _ in pickletools.genops(stream):
            if not (_names_something(opcode, argument) and _moves(opcode, stack)):
                return False
            seen.append(opcode.name)
            if _proven(seen):
                return True
    except (ValueError, IndexError, OverflowError):
        return False
    return False


def _proven(seen: list[str]) -> bool:
    modern = seen[0] == "PROTO" and len(seen) > 1
    called = seen[-1] in CALLS and not FINDS.isdisjoint(seen)
    return modern or called or len(seen) > PATIENCE


def _names_something(opcode: pickletools.OpcodeInfo, argument: object) -> bool:
    """Does a GLOBAL name a module and something in it? `channels: - defaults` does not."""
    if opcode.name not in NAMED:
        return True
    return all(part.isidentifier() for name in str(argument).split(" ") for part in name.split("."))


def _moves(opcode: pickletools.OpcodeInfo, stack: list[pickletools.StackObject]) -> bool:
    """Do to the stack what the opcode would do; False when the stack does not hold what it takes."""
    mark, takes = pickletools.markobject, len(opcode.stack_before)
    if mark in opcode.stack_before:
        if mark not in stack:
            return False
        del stack[len(stack) - 1 - stack[::-1].index(mark) :]
        takes = opcode.stack_before.index(mark)
    if len(stack) < takes:
        return False
    del stack[len(stack) - takes :]
    stack.extend(opcode.stack_after)
    return True
