"""How copies of cables are held: one module for each form, detected from content.

Each form turns the bytes of one source into `Capture` objects: the message text, what the page around it says, and where it came
from. Nothing here parses a message; that is `cablelab.message`.
"""
