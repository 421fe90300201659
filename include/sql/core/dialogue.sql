-- core.dialogue(as_of): one row is one thing said in the dialogue with a provider, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.dialogue(as_of timestamptz)
RETURNS TABLE (
    anordnare text,
    datum date,
    tema text,
    rad integer,
    typ text,
    "text" text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (d.anordnare_orgnr, d.datum, d.tema, d.rad)
        d.anordnare_orgnr, d.datum, d.tema, d.rad, d.typ, d."text", d.delivery_id, d.row_no
    FROM core.dialoger AS d
    WHERE d.known_from <= dialogue.as_of AND dialogue.as_of < d.known_to
    ORDER BY d.anordnare_orgnr, d.datum, d.tema, d.rad, d.period DESC
$$;
COMMENT ON FUNCTION core.dialogue IS 'What was said in dialogues with providers as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.dialogue TO arshjul_compute;

RESET ROLE;
