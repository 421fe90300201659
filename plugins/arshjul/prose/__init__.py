"""Facts-bound prose: Swedish sentences made by rules over facts, and the words a person has added."""
