"""知识库: what the city answers to questions that come again and again, checked by a second person, dated, searched."""
