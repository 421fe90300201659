"""The registers of the follow-up year: objects, visits, actions, controls, payments; what is done, due and missing."""
