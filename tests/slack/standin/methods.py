"""How does each method of the Web API behave? https://docs.slack.dev/reference/methods, as far as we use it."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from tests.reports.chat_limits import slack_message_problems, slack_view_problems
from tests.slack.standin.workspace import APP_TOKEN, BOT, BOT_ID, TEAM, Channel, Json, Message, Whisper, Workspace


class Refusal(Exception):  # noqa: N818 - what Slack answers
    """An answer with `ok: false`."""

    def __init__(self, code: str, **more: JsonValue) -> None:
        super().__init__(code)
        self.answer: Json = {"ok": False, "error": code, **more}


def auth_test(_space: Workspace, _given: Json) -> Json:
    return {"url": "https://acme.slack.com/", "team": "Acme", "user": "gatehouse", "team_id": TEAM, "user_id": BOT,
            "bot_id": BOT_ID}  # fmt: skip


def users_info(space: Workspace, given: Json) -> Json:
    member = space.members.get(str(given.get("user")))
    if member is None:
        raise Refusal("user_not_found")
    return {
        "user": {
            "id": member.id, "team_id": member.team, "deleted": member.deleted, "is_restricted": member.guest,
            "is_ultra_restricted": False, "is_stranger": member.stranger,
        }
    }  # fmt: skip


def conversations_open(space: Workspace, given: Json) -> Json:
    user = str(given.get("users"))
    if user not in space.members:
        raise Refusal("user_not_found")
    if space.members[user].deleted:
        raise Refusal("user_disabled")
    return {"channel": {"id": direct(space, user).id}}


def direct(space: Workspace, user: str) -> Channel:
    """Return the conversation with one person; made when it is first needed."""
    found = next((one for one in space.channels.values() if one.person == user), None)
    if found is None:
        found = Channel(id=f"D0{user.removeprefix('U0')}000", person=user)
        space.channels[found.id] = found
    return found


def conversations_info(space: Workspace, given: Json) -> Json:
    channel = space.channels.get(str(given.get("channel")))
    if channel is None:
        raise Refusal("channel_not_found")
    return {"channel": _described(channel)}


def conversations_list(space: Workspace, given: Json) -> Json:
    named = [one for one in space.channels.values() if one.name and not one.archived]
    page = _page(named, given)
    return {"channels": [_described(one) for one in page[0]], "response_metadata": {"next_cursor": page[1]}}


def conversations_history(space: Workspace, given: Json) -> Json:
    channel = _readable(space, given)
    found, cursor = _page(channel.top, given)
    return {"messages": [_told(one, given) for one in found], "response_metadata": {"next_cursor": cursor}}


def conversations_replies(space: Workspace, given: Json) -> Json:
    channel = _readable(space, given)
    thread = given.get("ts")
    whole = [one for one in channel.messages if thread in {one.ts, one.thread_ts}]
    if not whole:
        raise Refusal("thread_not_found")
    found, cursor = _page(whole, given)
    return {"messages": [_told(one, given) for one in found], "response_metadata": {"next_cursor": cursor}}


def post_message(space: Workspace, given: Json) -> Json:
    channel = _writable(space, given)
    _expect_blocks(space, given)
    message = Message(
        ts=space.ts(),
        user=BOT,
        bot_id=BOT_ID,
        text=str(given.get("text", "")),
        blocks=_list(given.get("blocks")),
        metadata=_object(given.get("metadata")),
        thread_ts=str(given.get("thread_ts") or ""),
    )
    channel.messages.append(message)
    return {"channel": channel.id, "ts": message.ts, "message": _told(message, {})}


def update(space: Workspace, given: Json) -> Json:
    channel = _writable(space, given)
    _expect_blocks(space, given)
    message = next((one for one in channel.messages if one.ts == given.get("ts")), None)
    if message is None:
        raise Refusal("message_not_found")
    if message.user != BOT:
        raise Refusal("cant_update_message")
    message.text, message.blocks = str(given.get("text", "")), _list(given.get("blocks"))
    message.metadata = _object(given.get("metadata")) or message.metadata
    message.edits += 1
    return {"channel": channel.id, "ts": message.ts, "text": message.text}


def post_ephemeral(space: Workspace, given: Json) -> Json:
    channel = _writable(space, given)
    _expect_blocks(space, given)
    if given.get("user") not in space.members:
        raise Refusal("user_not_in_channel")
    space.whispers.append(
        Whisper(
            channel=channel.id,
            user=str(given.get("user")),
            text=str(given.get("text", "")),
            blocks=_list(given.get("blocks")),
            thread_ts=str(given.get("thread_ts") or ""),
        )
    )
    return {"message_ts": space.ts()}


def views_open(space: Workspace, given: Json) -> Json:
    name = str(given.get("trigger_id"))
    trigger = space.triggers.get(name)
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if space.clock() > trigger.until:
        raise Refusal("expired_trigger_id")
    view = _view(given, "modal")
    trigger.used = True
    space.views.append((name, view))
    return {"view": {**view, "id": f"V{len(space.views)}"}}


def views_publish(space: Workspace, given: Json) -> Json:
    user = str(given.get("user_id"))
    if user not in space.members:
        raise Refusal("invalid_arguments")
    space.homes[user] = _view(given, "home")
    return {"view": space.homes[user]}


def apps_connections_open(space: Workspace, _given: Json) -> Json:
    return {"url": space.socket_url}


METHODS: Mapping[str, tuple[Callable[[Workspace, Json], Json], str]] = {
    "auth.test": (auth_test, ""),
    "apps.connections.open": (apps_connections_open, ""),
    "chat.postEphemeral": (post_ephemeral, "chat:write"),
    "chat.postMessage": (post_message, "chat:write"),
    "chat.update": (update, "chat:write"),
    "conversations.history": (conversations_history, "channels:history"),
    "conversations.info": (conversations_info, "channels:read"),
    "conversations.list": (conversations_list, "channels:read"),
    "conversations.open": (conversations_open, "im:write"),
    "conversations.replies": (conversations_replies, "channels:history"),
    "users.info": (users_info, "users:read"),
    "views.open": (views_open, ""),
    "views.publish": (views_publish, ""),
}
"""Each method, and the scope that it needs."""


def call(space: Workspace, method: str, token: str, given: Json) -> Json:
    """Answer one request."""
    if token != (APP_TOKEN if method.startswith("apps.") else space.token):
        return {"ok": False, "error": "invalid_auth"}
    if method not in METHODS:
        return {"ok": False, "error": "unknown_method"}
    does, scope = METHODS[method]
    if scope and scope not in space.scopes:
        return {"ok": False, "error": "missing_scope", "needed": scope, "provided": ",".join(sorted(space.scopes))}
    try:
        return {"ok": True, **does(space, given)}
    except Refusal as refusal:
        return refusal.answer


def _described(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel.name, "is_member": channel.has_bot, "is_archived": channel.archived}


def _readable(space: Workspace, given: Json) -> Channel:
    channel = space.channels.get(str(given.get("channel")))
    if channel is None:
        raise Refusal("channel_not_found")
    if not channel.has_bot:
        raise Refusal("not_in_channel")
    return channel


def _writable(space: Workspace, given: Json) -> Channel:
    channel = _readable(space, given)
    if channel.archived:
        raise Refusal("is_archived")
    return channel


def _expect_blocks(space: Workspace, given: Json) -> None:
    blocks = [one for one in _list(given.get("blocks")) if isinstance(one, dict)]
    if not space.takes_tables and any(one.get("type") == "table" for one in blocks):
        raise Refusal("invalid_blocks", response_metadata={"messages": ["[ERROR] unsupported type: table"]})
    if blocks and (problems := slack_message_problems(blocks)):
        raise Refusal("invalid_blocks", response_metadata={"messages": [f"[ERROR] {one}" for one in problems]})
    if not blocks and not given.get("text"):
        raise Refusal("no_text")


def _view(given: Json, kind: str) -> Json:
    view = _object(given.get("view"))
    if view.get("type") != kind or (problems := slack_view_problems(view)):
        messages: list[JsonValue] = [f"[ERROR] {one}" for one in (problems if view.get("type") == kind else [kind])]
        raise Refusal("invalid_arguments", response_metadata={"messages": messages})
    return view


def _told(message: Message, given: Json) -> Json:
    told: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.thread_ts:
        told["thread_ts"] = message.thread_ts
    if message.bot_id:
        told["bot_id"] = message.bot_id
    if message.metadata and given.get("include_all_metadata") in {"1", "true", True}:
        told["metadata"] = message.metadata
    return told


def _page(found: list, given: Json) -> tuple[list, str]:  # type: ignore[type-arg] # of anything
    start = int(str(given.get("cursor") or 0))
    end = start + min(int(str(given.get("limit") or 100)), 999)
    return found[start:end], str(end) if end < len(found) else ""


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _object(value: JsonValue) -> Json:
    return value if isinstance(value, dict) else {}
