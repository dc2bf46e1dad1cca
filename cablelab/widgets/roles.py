"""How the roles of spans are told apart where a captured text is shown."""

from __future__ import annotations

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
