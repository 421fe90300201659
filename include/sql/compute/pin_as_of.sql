-- The point of knowledge of a computation
SELECT core.pin_as_of()
