"""Who sent and who received a telegram that a note cites: read from the words before and after its number."""

from __future__ import annotations

import re

from cablelab.finding.days import date_at, days_in
from cablelab.finding.offices import DEPARTMENT, Party, listed_before, party, post_named, with_others

_LINK = re.compile(r"[,;]?\s(?P<link>from|fm|to)\s", re.IGNORECASE)
_OF_DAY = re.compile(r"(?:,? of|,)\s[^,;\n]{3,12}(?:,\s\d{4})?|\s\([^()\n]{3,20}\)")
_PAIR = re.compile(
    r"[,;:]?\s{0,2}(?P<sender>[^,;:\n\d]{2,50}?(?:\([^)\n]{1,40}\))?)\s+to\s+(?P<to>[A-Z](?:[^;:\n\d“\"]{1,60}))"
)
_PAIR_BEFORE = re.compile(
    r"(?:^|[.;]\s|\b(?:See|see|and)\s)(?P<sender>[A-Z][^,;:\d]{2,50}?)\s+to\s+(?P<to>[A-Z][^;:\d]{2,50}?),\s*$"
)
_PAIR_FIRST = re.compile(
    r"(?:^|[.;]\s|\d[.)]?\s)(?P<sender>[A-Z][^,;:.\d“”]{2,50}?)\sto\s(?P<to>[A-Z][^,;:\d“”]{2,50}?),\s[^;\n]{2,150}$"
)
_TO_BEFORE = re.compile(r"\bto\s+(?P<places>[A-Z][^;:.\d]{2,90}?)(?<!\s)\s+(?:in|by|as)\s*$")
_POST_BEFORE = re.compile(r"(?P<place>(?:[A-Z][\w.’']{0,40}\s{1,9}){0,3}[A-Z][\w’']{0,40})(?P<comma>,)?\s{1,9}$")
_DATELINE = re.compile(r",\s(?=[A-Z])")
_OFFICE = r"(?:Embass(?:y|ies)|Consulates?(?: General)?|Legations?|Missions?|Liaison Office|Interests Section)"
_TOLD = (
    r"(?:reported|informed|told|advised|transmitted|forwarded|sent|stated|noted|cabled|replied|responded|recommended|commented|relayed"
    r"|described|provided|indicated|suggested|conveyed|confirmed|requested|asked|summari[sz]ed|warned|argued|instructed|directed"
    r"|authori[sz]ed|expressed|said|wrote|repeated|passed|outlined|concluded|offered|submitted|analy[sz]ed)\b"
)
_ACTOR = (
    rf"[Tt]he\s(?P<actor>Department(?:\sof\sState)?|{_OFFICE})(?:\s(?:in|at|to)\s(?P<place>(?:the\s)?[A-Z][\w’'.-]*(?:\s[\w’'.-]+){{0,3}}?))?"
    rf"\s(?:(?:also|then|had|has|later|subsequently|further)\s){{0,2}}{_TOLD}(?!\sby\b)"
)
_ACTOR_BEFORE = re.compile(rf"{_ACTOR}[^.;]{{0,120}}?\s(?:in|by|via|through)\s(?:its\s|the\s)?(?:circular\s)?$")
_OTHER_SERVICE = re.compile(
    r"\b(?:CIA|C\.I\.A\.|Central Intelligence|[Ss]tation|DIA|(?:US)?DAO|[Aa]ttach[eé]|CINC\w*|MACV|JCS|Joint Chiefs|White House|CAS|NSA|USIA|USIS"
    r"|[Bb]ack[- ]?channel|Defense|DOD|Army|Navy|Air Force|Treasury)\b"
)
_FOREIGN = re.compile(  # other governments' telegrams, and the files of London's archives
    r"\b(?:British|French|German|Soviet|Canadian|Australian|Israeli|Chilean|Indian)\s(?:Embassy|Ambassador|High Commission\w*|Foreign|[Tt]elegram|$)"
    r"|\b(?:FCO|UKMIS|UKREP|UKDEL|Foreign Office|Foreign Ministry|MFA|Foreign and Commonwealth)\b|\b(?:FO|PREM|CAB|DEFE)\s\d|\bTNA\b"
)
_JOINT = re.compile(r"\b(?:[Jj]oint|State)\b")
_AT = rf"{_OFFICE} (?:in|at|to) (?:the )?"
_CONTEXT = re.compile(
    rf"\b(?:{_AT}(?P<where>[A-Z][A-Za-z .'’]{{1,40}}?) to (?:the )?Department"
    rf"|Department(?: of State)? to (?:the )?{_AT}(?P<into>[A-Z][A-Za-z .'’]{{1,40}}?)(?=[.,;\n]|$))"
)


def parties(
    text: str, at: int, last: int, head: int, stop: int, year: int | None, numbered: bool
) -> tuple[Party, Party, int]:
    """Read sender and addressee of the telegram named at `at`, whose number ends at `head`; also where their words end.

    `last` ends the citation before it, `stop` the sentence.
    """
    before = text[max(last, at - 300) : at]
    sender, to, reach = Party(), Party(), head
    dated = _OF_DAY.match(text, head, stop)
    if found := _LINK.match(text, head, stop) or (dated and _LINK.match(text, dated.end(), stop)):
        link, words = found["link"].lower(), text[found.end() : stop]
        named = post_named(words, year)
        if named is not None:
            first, reach = with_others(Party(named[0]), text, found.end() + named[1], stop, year)
            sender, to = (first, to) if link != "to" else (sender, first)
            if (second := _LINK.match(text, reach, stop)) and (other := post_named(text[second.end() : stop], year)):
                further, reach = with_others(Party(other[0]), text, second.end() + other[1], stop, year)
                sender, to = (sender, further) if second["link"].lower() == "to" else (further, to)
            if not sender:
                sender = _post_before(before, year, named[0] == DEPARTMENT) or _sender_before(before, year)
            return sender, to, reach
        if numbered and link == "to":  # an addressee with no series of its own: the Department sent it
            return _post_before(before, year, False) or Party(DEPARTMENT), to, reach
        if link != "to" and (pair := _PAIR.match(text, found.end() - 1, _date_from(text, head, stop))):
            return party(pair["sender"], year), party(_untitled(pair["to"]), year), pair.end()
        if alone := party(words.split(",")[0], year):  # `telegram to Kissinger, May 3`
            return (Party(), alone, reach) if link == "to" else (alone, to, reach)
    dated_at = _date_from(text, head, stop)
    if found := _PAIR.match(text, head, dated_at):
        words = _untitled(found["to"])
        sender, to = party(found["sender"], year), party(words, year)
        if sender or to:
            return sender, to, found.start("to") + len(words.rstrip(" ,"))
    if found := _PAIR_BEFORE.search(before):
        sender, to = party(found["sender"], year), party(found["to"], year)
        if sender or to:
            return sender, to, reach
    if found := _TO_BEFORE.search(before):
        names = [post_named(name.strip(), year) for name in re.split(r",\s*(?:and\s+)?|\sand\s", found["places"])]
        again = re.search(r"\brepeated\b[^.;]*$", before) is not None and before.rstrip().endswith(" as")
        if any(names) and not again:  # what is repeated `as telegram 58` bears the number of another series
            sent_by = _sender_before(before, year) or Party(DEPARTMENT)
            return sent_by, Party(next(n[0] for n in names if n)), reach
        if again:
            return Party(), Party(), reach
    if numbered:
        for read in (_post_before(before, year, False), _dateline(text, head, stop, year)):
            if read:
                return read, to, reach
        if before.rstrip().lower().endswith("circular"):
            return Party(DEPARTMENT), to, reach
        sender, to = _actors(text, before, head, stop, year)
        if not (sender or to) and (pair := _PAIR_FIRST.search(before)):  # a title and the day stand between
            sender, to = party(pair["sender"], year), party(pair["to"], year)
        return sender, to, reach
    return sender, to, reach


def other_service(text: str, at: int, last: int, head: int, reach: int) -> bool:
    """Tell whether the words beside a telegram name a service with a series of its own as its sender."""
    before = re.split(r"[.;\n]", text[max(last, at - 45) : at])[-1]
    after = text[head : max(head, reach) + 30]
    if _FOREIGN.search(before) or _FOREIGN.search(re.split(r"[.;\n]\s", after)[0]):
        return True
    named = _OTHER_SERVICE.search(before)
    if named is None and re.match(r"[ ,]{0,2}(?:from|fm)\s", after):
        named = _OTHER_SERVICE.search(re.split(r"[,;.]|\sto\s", after.lstrip(" ,"))[0])
    return named is not None and not _JOINT.search(before)


def respectively(text: str, reach: int, stop: int, year: int | None, sender: Party, count: int) -> list[Party]:
    """Give the sender of each of `count` numbers: `telegrams 545 and 546 from Quito and Lima, respectively`; nobody where the counts differ."""
    end = text.find("respectively", reach, min(stop, reach + 120))
    if end < 0 or not sender.post:
        return [sender]
    if sender.others:
        senders = [Party(post) for post in (sender.post, *sender.others)]
        return senders if len(senders) == count else [sender]
    more = [post_named(words, year) for words in re.split(r",?\sand\s|,\s", text[reach:end]) if words.strip(" ,")]
    senders = [sender, *(Party(named[0]) for named in more if named)]
    return senders if len(senders) == count else [Party()]


def _untitled(words: str) -> str:
    return re.split(r",\s*[“\"]", words)[0]  # a title in quotation marks follows


def _date_from(text: str, head: int, stop: int) -> int:
    return next((a for a, _, _ in days_in(text, head, stop)), stop)


def _post_before(before: str, year: int | None, to_department: bool) -> Party:
    """Read `Quito telegram 12`, and `Amembassy Quito, telegram 12 to the Department`."""
    found = _POST_BEFORE.search(before)
    if found is None:
        return Party()
    words = found["place"].strip()
    for part in range(len(words.split())):
        name = " ".join(words.split()[part:])
        named = post_named(name, year)
        if named and named[1] >= len(name.rstrip("’'s")) - 2 and (not found["comma"] or to_department):
            at = found.start("place") + found["place"].rfind(name)
            return Party(named[0], others=listed_before(before, at, year, named[0]))
    return Party()


def _dateline(text: str, head: int, stop: int, year: int | None) -> Party:
    """Read the place in `Telegram 12, Quito, May 3, 1974`."""
    if (lead := _DATELINE.match(text, head, stop)) and (named := post_named(text[lead.end() : stop], year)):
        sender, end = with_others(Party(named[0]), text, lead.end() + named[1], stop, year)
        behind = re.compile(r",?\s").match(text, end, stop)
        if behind and date_at(text, behind.end()):
            return sender
    return Party()


def _sender_before(before: str, year: int | None) -> Party:
    found = _last(before)
    return _actor(found, year)[0] if found else Party()


def _last(before: str) -> re.Match[str] | None:
    return next(iter([*_ACTOR_BEFORE.finditer(before)][-1:]), None)


def _actors(text: str, before: str, head: int, stop: int, year: int | None) -> tuple[Party, Party]:
    """Read who told something in a telegram: `The Embassy in Quito reported in telegram 12`, `In telegram 12, May 3, the Department told`."""
    day = next(((a, b) for a, b, _ in days_in(text, head, stop)), None)
    behind = day[1] if day and day[0] - head < 6 else head
    found = re.compile(r"[,)]{0,2}\s(?=[tT]he\s)").match(text, behind, stop)
    actor = re.compile(_ACTOR).match(text, found.end(), stop) if found else None
    actor = actor or _last(before)
    return _actor(actor, year) if actor else (Party(), Party())


def _actor(found: re.Match[str], year: int | None) -> tuple[Party, Party]:
    if found["actor"].startswith("Department"):
        return Party(DEPARTMENT), Party()
    if found["place"] is None:  # the post is that of the document
        return Party(), Party(DEPARTMENT)
    named, place = post_named(found["place"], year), found["place"]
    if named is None:
        return Party(), Party()
    sender, end = with_others(Party(named[0]), place, named[1], len(place), year)
    return (sender if end >= len(place) - 1 else Party()), Party()


def by_context(text: str, department: bool, sender: Party, to: Party, year: int | None) -> tuple[Party, Party]:
    """Read Embtel and Deptel: the post is that of the document that the notes belong to."""
    post = context_post(text, year)
    if department:
        return Party(DEPARTMENT), to if to else Party(post)
    return (sender if sender else Party(post)), Party(DEPARTMENT)


def context_post(text: str, year: int | None) -> str | None:
    """Give the post that a heading such as `Embassy in Germany to Department of State` names.

    Examples
    --------
    >>> context_post("Telegram From the Embassy in Germany to the Department of State", 1964)
    'BONN'
    """
    for found in _CONTEXT.finditer(text):
        if named := post_named((found["where"] or found["into"]).strip(), year):
            return named[0]
    return None
