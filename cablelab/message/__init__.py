"""The parsing core: cuts a message into spans, gives each one role, and reads the fields from them.

`parse` is one pass over one message and knows nothing of pages, frames or other cables; `model` holds what it gives.
"""

from cablelab.message.core import parse
from cablelab.message.model import Addressee, Message, Paragraph, Problem, Redaction, Reference, Span
from cablelab.message.references import target

__all__ = ["Addressee", "Message", "Paragraph", "Problem", "Redaction", "Reference", "Span", "parse", "target"]
