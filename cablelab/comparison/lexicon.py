"""The word lists by which changes are explained: short, our own, and replaceable.

They were written down from the way assessments are phrased, not trained: institutions that judge, verbs of judging,
fixed frames of verdicts, words that strengthen or weaken a statement, negation, obligation, concession. Every list
holds lower-case words or phrases of up to four words; a phrase matches where its words stand in a row, whatever
stands between them as punctuation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache

from cablelab.errors import UnknownOption, nearest

_FUNCTION_WORDS = """
    a about above after all also an and any are as at be because been before being between both but by came can
    could did do does doing down during each for from had has have having he her here hers him his how however i
    if in into is it its me my no nor not of off on or other our out over per said say says she so some than
    that the their theirs them then there these they this those through to too under until up upon us was we
    were what when where whether which while who whom whose why will with within would you your
"""
_INSTITUTIONS = """
    post | posts | embassy | mission | consulate | consulate general | we | emboff | emboffs | ambassador | charge |
    chargé | dcm | econoff | econoffs | poloff | poloffs | polcouns | econcouns | usint | usun
"""
_JUDGING = """
    conclude | concludes | concluded | recommend | recommends | recommended | believe | believes | believed |
    assess | assesses | assessed | judge | judges | judged | find | finds | found | consider | considers |
    considered | expect | expects | expected | estimate | estimates | estimated | is satisfied | are satisfied |
    is confident | are confident | is convinced | are convinced | supports | support | opposes | oppose | urges
    | urge | advises | advise | doubts | doubt | determine | determines | determined | endorses |
    endorse | proposes | suggests
"""
_FRAMES = """
    no justification | justification for | meeting its obligations | meets its obligations | in compliance |
    credible | not credible | in our view | in our assessment | in our judgment | in post's view |
    in post's judgment | in embassy's view | there is no evidence | no evidence | little evidence | fully complies |
    continues to meet | does not meet | has made progress | made progress | serious concern |
    satisfactory | unsatisfactory | significant efforts | it is unlikely that | it is likely that |
    remains to be seen | bears watching
"""
_REPORTING = """
    said | says | told | stated | states | noted | claimed | claims | argued | argues | according to | announced |
    asked | reported | commented | explained | insisted | complained | opined | quoted | asserted | added |
    remarked | predicted | warned | responded | replied | emphasized | stressed
"""
_BOOSTERS = """
    very | strongly | certainly | clearly | definitely | undoubtedly | extremely | highly | fully | completely |
    entirely | absolutely | always | never | greatly | deeply | firmly | seriously | significantly |
    substantially | considerably | particularly | especially | indeed | obviously | vigorously | overwhelmingly
    | utterly | wholly | strong | serious | significant | substantial | major | acute | grave | critical |
    crucial | severe | steadily | sharply | dramatically | urgently | unequivocally | without doubt | no doubt |
    by far | at all | every | all
"""
_HEDGES = """
    may | might | could | perhaps | possibly | probably | likely | unlikely | apparently | seemingly |
    reportedly | allegedly | somewhat | relatively | generally | largely | mostly | partly | partially | usually
    | often | sometimes | occasionally | rarely | appears | appear | appeared | seems | seem | seemed | suggests
    | suggest | indicates | tends | tend | some | several | certain | limited | modest | cautiously |
    tentatively | to some extent | in part | at times | in some respects | as far as we know | presumably |
    nearly | almost | roughly | approximately | about
"""
_NEGATION = """
    not | no | never | none | nor | neither | without | cannot | can't | doesn't | don't | didn't | isn't |
    aren't | wasn't | weren't | won't | wouldn't | hasn't | haven't | nothing | nobody | nowhere | fails to |
    failed to | fail to | lack | lacks | lacking | lacked | hardly | refused | refuses | denies | denied
"""
_OBLIGATION = """
    must | shall | should | ought | required | requires | require | obliged | obligation | obligations |
    mandatory | prohibited | prohibits | banned | forbidden | has to | have to | had to | needs to | need to |
    is to | are to | committed | commits | pledged | permitted | allowed
"""
_CONCESSION = """
    although | though | while | despite | in spite of | however | nevertheless | nonetheless | even though |
    notwithstanding | but | yet | regardless | even if | albeit | whereas | still | admittedly |
    on the other hand
"""
_OUTCOMES = """
    acquitted | adopted | agreed | agreement | allowed | allows | announced | appointed | approved |
    arrested | banned | began | begun | broke | canceled | cancelled | closed | committed |
    completed | convicted | cut off | declined | decreased | delayed | detained | died | dissolved |
    doubled | dropped | elected | enacted | ended | entered into force | established | expelled |
    extended | fell | grew | implemented | imposed | increased | killed | launched | lifted | made
    clear | obtained | opened | opposed | opposes | passed | permits | permitted | postponed |
    proposed | proposes | put off | ratification | ratified | re-established | recognition |
    recognized | reduced | referendum | refused | rejected | released | replaced | resigned |
    resumed | rose | seized | sentenced | signed | started | suspended | suspension | took effect |
    withdraw | withdrawn | withdrew
"""
_FORMS = """
    keyed to | next steps | not aware of | unaware of | reftel | reftels | your visit | welcome you | warmly welcomes |
    amount unknown | point of contact | responses to questions | answers to questions | as requested | per reftel |
    in response to ref
"""
_NUMBER_WORDS = """
    zero | one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | thirteen |
    fourteen | fifteen | sixteen | seventeen | eighteen | nineteen | twenty | thirty | forty | fifty | sixty |
    seventy | eighty | ninety | hundred | thousand | million | billion | dozen | first | second | third | fourth
    | fifth | sixth | seventh | eighth | ninth | tenth | half | quarter | percent | january | february | march |
    april | june | july | august | september | october | november | december | monday | tuesday | wednesday |
    thursday | friday | saturday | sunday | jan | feb | mar | apr | jun | jul | aug | sep | sept | oct | nov |
    dec | spring | autumn | winter
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(" ".join(w.split()) for w in words.split("|"))


FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())


@dataclass(frozen=True)
class Lexicon:
    """Word lists that name the reasons of a change.

    Parameters
    ----------
    institutions, judging
        Who judges and the verbs of judging; a sentence that holds one of each, the verb at most five words after, is
        a verdict.
    frames
        Phrases that make a sentence a verdict without an institution, unless it quotes or reports somebody.
    reporting
        Verbs by which a sentence gives the words of others.
    boosters, hedges, negation, obligation, concession
        Words whose gain or loss is a reason.
    outcomes
        Words of an event that settles something; they put a change up.
    forms
        Phrases of sentences that belong to the form of a report; they put a change down.
    numbers
        Number words, months and weekdays; with digits they make `value changed`.
    function_words
        Words without weight of their own: edits of them alone rank last.

    Examples
    --------
    >>> from cablelab.comparison.lexicon import Lexicon
    >>> mine = Lexicon().extended(boosters={"heartily"})
    >>> "heartily" in mine.boosters and "very" in mine.boosters
    True
    """

    institutions: frozenset[str] = field(default=_set(_INSTITUTIONS))
    judging: frozenset[str] = field(default=_set(_JUDGING))
    frames: frozenset[str] = field(default=_set(_FRAMES))
    reporting: frozenset[str] = field(default=_set(_REPORTING))
    boosters: frozenset[str] = field(default=_set(_BOOSTERS))
    hedges: frozenset[str] = field(default=_set(_HEDGES))
    negation: frozenset[str] = field(default=_set(_NEGATION))
    obligation: frozenset[str] = field(default=_set(_OBLIGATION))
    concession: frozenset[str] = field(default=_set(_CONCESSION))
    outcomes: frozenset[str] = field(default=_set(_OUTCOMES))
    forms: frozenset[str] = field(default=_set(_FORMS))
    numbers: frozenset[str] = field(default=_set(_NUMBER_WORDS))
    function_words: frozenset[str] = field(default=FUNCTION_WORDS)

    def extended(self, **words: set[str] | frozenset[str]) -> Lexicon:
        """Return a copy whose lists also hold the given words.

        Parameters
        ----------
        **words
            A set of lower-case words for each list to extend, by its name.

        Raises
        ------
        UnknownOption
            If there is no list of that name.

        Examples
        --------
        >>> "ever so" in Lexicon().extended(hedges={"ever so"}).hedges
        True
        """
        names = [f.name for f in fields(self)]
        for name in words:
            if name not in names:
                raise UnknownOption(name, nearest(name, names), f"The lists are {', '.join(names)}.")
        return replace(self, **{name: getattr(self, name) | frozenset(added) for name, added in words.items()})

    def __repr__(self) -> str:
        return (
            f"<Lexicon {len(self.boosters)} boosters · {len(self.hedges)} hedges · {len(self.judging)} judging verbs>"
        )


DEFAULT = Lexicon()


def phrases_in(words: Sequence[str], listed: frozenset[str]) -> list[str]:
    """List the phrases of `listed` that occur in `words`, in order of place, longest first at each place.

    Parameters
    ----------
    words
        Words of a sentence in normal form (lower case, no punctuation around).
    listed
        Words and phrases of up to four words.

    Examples
    --------
    >>> phrases_in("there is no evidence of it".split(), frozenset({"evidence", "no evidence"}))
    ['no evidence']
    """
    longest, first = _longest(listed)
    if first.isdisjoint(words):
        return []
    found, end = [], 0
    for i, word in enumerate(words):
        # most words begin no phrase
        if word not in longest or i < end:
            continue
        for size in range(min(longest[word], len(words) - i), 0, -1):
            phrase = word if size == 1 else " ".join(words[i : i + size])
            if phrase in listed:
                found.append(phrase)
                end = i + size
                break
    return found


@lru_cache(maxsize=64)
def _longest(listed: frozenset[str]) -> tuple[dict[str, int], frozenset[str]]:
    """Give for each first word of a phrase how many words the longest such phrase has, and those first words."""
    out: dict[str, int] = {}
    for phrase in listed:
        parts = phrase.split()
        out[parts[0]] = max(out.get(parts[0], 0), len(parts))
    return out, frozenset(out)
