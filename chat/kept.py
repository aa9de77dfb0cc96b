"""Conversations that a page finds again when it is loaded anew."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from chat.turns import Turn
from index.scope import Scope

MOST = 200  # conversations; those that were not touched for longest are forgotten


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said, and the articles that the next question is asked of."""

    turns: tuple[Turn, ...] = ()
    scope: Scope = field(default_factory=Scope)


class Kept:
    """The latest conversations by keys that cannot be guessed. In memory only; for several threads."""

    def __init__(self) -> None:
        self._conversations: OrderedDict[str, Conversation] = OrderedDict()
        self._lock = threading.Lock()

    def reopen(self, key: str) -> tuple[str, Conversation]:
        """The conversation of a key, an empty one if it is not known, under a key of its own.

        So a tab and its copy go different ways from here.
        """
        with self._lock:
            found = self._conversations.get(key, Conversation())
        own = secrets.token_urlsafe(16)
        self.put(own, turns=found.turns, scope=found.scope)
        return own, found

    def put(
        self, key: str, *, turns: Sequence[Turn] | None = None, scope: Scope | None = None
    ) -> None:
        """Keep what is new of a conversation; the rest stays as it is.

        Without a key nothing is kept: a page that was not given one yet must not leave its words to others.
        """
        if not key:
            return
        with self._lock:
            known = self._conversations.get(key, Conversation())
            self._conversations[key] = Conversation(
                known.turns if turns is None else tuple(turns),
                known.scope if scope is None else scope,
            )
            self._conversations.move_to_end(key)
            while len(self._conversations) > MOST:
                self._conversations.popitem(last=False)
