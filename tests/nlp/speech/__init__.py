"""Speech: from bytes of every voice format to text."""
