"""How copies of cables are held: one module for each form, detected from content.

Each form turns the bytes of one source into `Capture` objects: the message text, what the page around it says, and
where it came from. Nothing here parses a message; that is `cablelab.message`. A form is a module with `detect` and
`read`, listed in `forms.py`; the electronic telegrams of 1973-79 (`Message Text` ... `Message Attributes`) have
theirs in `nara.py`.
"""

from cablelab.capture.base import Capture, Page, Unreadable
from cablelab.capture.collect import Captures, captures
from cablelab.capture.forms import capture_bytes

__all__ = ["Capture", "Captures", "Page", "Unreadable", "capture_bytes", "captures"]
