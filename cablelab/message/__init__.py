"""The parsing core: cuts a message into spans, gives each one role, and reads the fields from them."""
