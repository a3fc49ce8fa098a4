"""The one kind of error a user sees."""

from __future__ import annotations


class UserError(Exception):
    """Bad input or wrong use: one line that says what is wrong, where, and what to do.

    The command line prints it without a traceback and ends with exit status 2.

    Args:
        what: what is wrong, a clause without a full stop.
        where: file, option, line or declaration concerned; may be empty.
        do: what the user can do about it; may be empty.
    """

    def __init__(self, what: str, where: str = "", do: str = "") -> None:
        self.what, self.where, self.do = what, where, do
        super().__init__(self.line())

    def line(self) -> str:
        """The error as one line of text, whatever line breaks its parts hold."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.do:
            text += f"; {self.do}"
        return " ".join(text.split())
