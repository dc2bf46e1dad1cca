"""What captions, handling marks, classifications and parts of a message mean, for hovering and for screen readers."""

from __future__ import annotations

CAPTIONS = {
    "SIPDIS": "cleared for distribution on SIPRNet",
    "NODIS": "no distribution beyond the addressee without the Executive Secretary's leave",
    "EXDIS": "exclusive distribution: only officers who need to know",
    "ROGER": "roger channel: intelligence matters, to the Bureau of Intelligence and Research",
    "LIMDIS": "limited distribution",
    "STADIS": "distribution within the State Department only",
    "TERREP": "terrorism reporting",
    "NOFORN": "not releasable to foreign nationals",
    "NOCONTRACT": "not releasable to contractors",
    "ORCON": "the originator controls further distribution",
    "SENSITIVE": "sensitive but unclassified",
    "SBU": "sensitive but unclassified",
    "FOUO": "for official use only",
    "NOTAL": "not to, nor needed by, all addressees",
    "CODEL": "concerns a delegation of the Congress",
    "STAFFDEL": "concerns a delegation of congressional staff",
}
PRECEDENCES = {
    "FLASH": "read at once, day or night",
    "NIACT IMMEDIATE": "night action: read on arrival, also at night",
    "IMMEDIATE": "deliver within hours",
    "PRIORITY": "deliver within the day",
    "ROUTINE": "deliver in turn",
}
MARKINGS = {
    "U": "unclassified",
    "SBU": "sensitive but unclassified",
    "LOU": "limited official use",
    "C": "confidential",
    "S": "secret",
    "TS": "top secret",
    "NF": "not releasable to foreign nationals",
}


def marking(text: str) -> str:
    """Spell a portion marking out.

    Examples
    --------
    >>> marking("S//NF")
    'secret, not releasable to foreign nationals'
    """
    parts = [MARKINGS.get(part.strip(), part.strip()) for part in text.replace("//", "/").split("/")]
    return ", ".join(part for part in parts if part)
