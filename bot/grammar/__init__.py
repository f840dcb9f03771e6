"""How is a command written? One grammar for every surface.

`parse.parse` and `parse.Context`, `completion.complete`, `help.help_text`: each is imported from its own module, so
that asking for help loads no more than it needs.
"""
