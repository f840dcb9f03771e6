"""What Teams sends, as its documentation shows it."""

from typing import Any

from tests.teams.microsoft import BOT, CHANNEL, TEAM, TENANT, Microsoft

ALICE = "0a11ce00-0000-0000-0000-000000000001"
BOB = "0b0b0000-0000-0000-0000-000000000002"
THREAD = f"{CHANNEL};messageid=1700000000000"
Json = dict[str, Any]


def account(person: str) -> str:
    """Return how we name somebody's account."""
    return f"{TENANT}/{person}"


def activity(ms: Microsoft, kind: str, *, person: str = ALICE, thread: str = "", **more: object) -> Json:
    """Return an activity in a channel's thread, or in the chat with one person."""
    where: Json = {"id": f"a:{person}", "conversationType": "personal", "tenantId": TENANT}
    data: Json = {"tenant": {"id": TENANT}}
    if thread:
        where = {"id": thread, "conversationType": "channel", "isGroup": True, "tenantId": TENANT}
        data |= {"team": {"id": TEAM}, "channel": {"id": thread.partition(";")[0]}, "teamsChannelId": "x"}
    return {
        "type": kind,
        "id": "f:1",
        "timestamp": "2026-09-21T14:13:20.5200000Z",
        "channelId": "msteams",
        "serviceUrl": ms.service_url,
        "from": {"id": f"29:{person}", "name": "Some Body", "aadObjectId": person},
        "recipient": {"id": BOT, "name": "Gatehouse"},
        "conversation": where,
        "channelData": data,
        **more,
    }


def message(ms: Microsoft, text: str, *, person: str = ALICE, thread: str = "", **more: object) -> Json:
    """Return a message; in a channel it begins with a mention of us."""
    entities: list[Json] = [{"type": "clientInfo", "locale": "en-GB"}]
    if thread:
        text = f"<at>Gatehouse</at>&nbsp;{text}"
        entities += [{"type": "mention", "text": "<at>Gatehouse</at>", "mentioned": {"id": BOT, "name": "Gatehouse"}}]
    said = {"text": text, "textFormat": "plain", "entities": entities, **more}
    return activity(ms, "message", person=person, thread=thread, **said)


def click(
    ms: Microsoft, verb: str, *, person: str = ALICE, thread: str = THREAD, card: str = "1", **data: object
) -> Json:
    """Return a click on a button of a card."""
    value = {"action": {"type": "Action.Execute", "id": verb, "verb": verb, "data": data}, "trigger": "manual"}
    return activity(ms, "invoke", person=person, thread=thread, name="adaptiveCard/action", value=value, replyToId=card)
