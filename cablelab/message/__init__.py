"""The parsing core: cuts a message into spans, gives each one role, and reads the fields from them.

`parse` is one pass over one message and knows nothing of pages, frames or other cables.
"""

from cablelab.message.core import Message, parse
from cablelab.message.references import Reference, target

__all__ = ["Message", "Reference", "parse", "target"]
