-- register.dialogue_statement(as_of, year): one row is one thing said in a year's dialogues with providers.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of reports get what providers said without reaching core. It holds nothing of any person.
CREATE OR REPLACE FUNCTION register.dialogue_statement(as_of timestamptz, year integer)
RETURNS TABLE (provider text, day date, kind text, theme text, place integer, "text" text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT d.anordnare, d.datum, d.typ, d.tema, d.rad, d."text"
    FROM core.dialogue(dialogue_statement.as_of) AS d
    WHERE extract(year FROM d.datum) = dialogue_statement.year
$$;
COMMENT ON FUNCTION register.dialogue_statement IS 'What was said in a year''s dialogues with providers, as known at a time';
GRANT EXECUTE ON FUNCTION register.dialogue_statement TO arshjul_report, arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
