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
# Role to family, and the letters that stand for the role where colour does not tell.
ROLES = {
    "chrome": ("frame", "CHR"),
    "notice": ("frame", "NOT"),
    "start": ("way", "STA"),
    "routing": ("way", "RTG"),
    "origin": ("way", "ORI"),
    "signal": ("way", "SIG"),
    "dtg": ("time", "DTG"),
    "from": ("people", "FM"),
    "to": ("people", "TO"),
    "info": ("people", "INF"),
    "exempt": ("people", "XMT"),
    "classification": ("guard", "CLA"),
    "caption": ("guard", "CAP"),
    "passing": ("people", "PAS"),
    "executive-order": ("guard", "EO"),
    "tags": ("field", "TAG"),
    "subject": ("field", "SUB"),
    "reference": ("field", "REF"),
    "classified-by": ("guard", "BY"),
    "heading": ("text", "HDG"),
    "paragraph": ("text", "PAR"),
    "page-break": ("frame", "PAG"),
    "signature": ("people", "SGN"),
    "trailer": ("frame", "END"),
    "furniture": ("frame", "FUR"),
    "stamp": ("frame", "STP"),
    "distribution": ("way", "DIS"),
    "drafting": ("people", "DRF"),
    "relay": ("way", "RLY"),
    "attributes": ("frame", "ATT"),
    "blank": ("", ""),
    "other": ("odd", "OTH"),
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
