"""Conversations that a page finds again."""

from __future__ import annotations

from assistant import Answer
from chat import kept
from chat.kept import Conversation, Kept
from chat.turns import Turn
from index.scope import Scope

ANSWER = Answer("Siapa?", "Artikel tidak memuatnya.", False, None, "id", 0.1)
TURN = Turn("Siapa?", ANSWER)


def test_a_conversation_is_found_under_its_key_with_its_scope() -> None:
    conversations = Kept()
    key, first = conversations.reopen("")
    assert first == Conversation()
    conversations.put(key, turns=[TURN])
    conversations.put(key, scope=Scope("kota"))
    assert conversations.reopen(key)[1] == Conversation((TURN,), Scope("kota"))


def test_a_key_that_is_not_known_opens_an_empty_one_under_another_key() -> None:
    conversations = Kept()
    key, found = conversations.reopen("tebakan")
    assert (found, key == "tebakan") == (Conversation(), False)


def test_a_page_without_a_key_leaves_nothing_to_others() -> None:
    conversations = Kept()
    conversations.put("", turns=[TURN], scope=Scope("kota"))
    assert conversations.reopen("")[1] == Conversation()


def test_a_copy_goes_its_own_way() -> None:
    conversations = Kept()
    key, _ = conversations.reopen("")
    conversations.put(key, turns=[TURN])
    copy, _ = conversations.reopen(key)
    conversations.put(copy, turns=[TURN, TURN])
    assert len(conversations.reopen(key)[1].turns) == 1


def test_what_was_not_touched_for_longest_is_forgotten_first() -> None:
    conversations = Kept()
    oldest, used = (conversations.reopen("")[0] for _ in range(2))
    for key in (oldest, used):
        conversations.put(key, turns=[TURN])
    for _ in range(kept.MOST - 2):
        conversations.reopen("")
    conversations.put(used, turns=[TURN])
    conversations.reopen("")
    assert conversations.reopen(oldest)[1] == Conversation()
    assert conversations.reopen(used)[1].turns == (TURN,)
