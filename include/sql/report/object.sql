-- register.object(as_of): one row is one follow-up object with the words of its codes.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of registers do not reach core. The last day is the object's own, or the day before the month
-- whose register no longer has it.
CREATE OR REPLACE FUNCTION register.object(as_of timestamptz)
RETURNS TABLE (
    object_id text,
    kind text,
    kind_title text,
    place bigint,
    name text,
    counterpart text,
    role text,
    role_title text,
    purposes text[],
    begins date,
    ends date,
    reference text,
    provider text,
    requires text[]
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH word AS (
        SELECT c.code_list, c.code, c.title, c.position
        FROM core.code AS c
        WHERE c.known_from <= object.as_of AND object.as_of < c.known_to
    )
    SELECT
        o.objekt_id, o.typ, coalesce(k.title, o.typ), coalesce(k.position, 0)::bigint, o.namn, o.motpart, o.ami_roll,
        coalesce(r.title, o.ami_roll),
        array_remove(regexp_split_to_array(lower(coalesce(btrim(o.syften), '')), '\s*[,;]\s*'), ''),
        o.fran, least(o.till, o.closed_from - 1), o.diarienummer, o.anordnare_orgnr, o.kraver
    FROM core.follow_up_object(object.as_of) AS o
    LEFT JOIN word AS k ON k.code_list = 'objekttyper' AND k.code = o.typ
    LEFT JOIN word AS r ON r.code_list = 'ami_roller' AND r.code = o.ami_roll
$$;
COMMENT ON FUNCTION register.object IS 'Follow-up objects as known at a time, in words, with the last day of each';
GRANT EXECUTE ON FUNCTION register.object TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
