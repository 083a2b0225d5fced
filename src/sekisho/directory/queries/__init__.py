"""What is asked of the directory: functions by noun, each taking a transaction.

`get_` gives a record or None. `list_` gives records ordered by folded name, strictly after the
marker and at most `limit`; who wants to know whether there is more asks for one more. Names are
found ignoring case and kept as they were given (W-162). `add_` raises Duplicate when a unique name
is taken. What bears on decisions tells the transaction whose evidence changed.
"""
