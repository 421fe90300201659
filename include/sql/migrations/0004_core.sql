-- Core: what the senders have told us, typed. Every table keeps every version it ever held (two clocks).
SET LOCAL ROLE arshjul_owner;

CREATE TABLE core.person (
    person_id uuid PRIMARY KEY,
    birth_date date,
    sex text NOT NULL CHECK (sex IN ('kvinna', 'man'))
);
COMMENT ON TABLE core.person IS 'What the indicators need to know of a person: no name, no number, no address';
COMMENT ON COLUMN core.person.person_id IS 'Random pseudonym; the way back is in the vault';
COMMENT ON COLUMN core.person.birth_date IS 'Date of birth; null when a samordningsnummer does not tell it';
COMMENT ON COLUMN core.person.sex IS 'From the last digit but one of the number: odd man, even kvinna';

CREATE TABLE core.code (
    code_list text NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    position integer NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL DEFAULT 'infinity',
    attributes jsonb NOT NULL DEFAULT '{}',
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (valid_from <= valid_to),
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX code_current ON core.code (code_list, code) WHERE known_to = 'infinity';
COMMENT ON TABLE core.code IS 'Code lists, copied from the catalogue so that SQL can join them and remember what they were';
COMMENT ON COLUMN core.code.code_list IS 'Name of the list';
COMMENT ON COLUMN core.code.code IS 'The code';
COMMENT ON COLUMN core.code.title IS 'The code in Swedish words';
COMMENT ON COLUMN core.code.position IS 'Order in the list: the order that tables and charts use';
COMMENT ON COLUMN core.code.valid_from IS 'First day it may be used';
COMMENT ON COLUMN core.code.valid_to IS 'Last day it may be used';
COMMENT ON COLUMN core.code.attributes IS 'What else the list says of the code, such as what an exit reason counts as';
COMMENT ON COLUMN core.code.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.code.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.anordnare (
    sender text NOT NULL,
    period date NOT NULL,
    orgnr text NOT NULL,
    namn text NOT NULL,
    typ text NOT NULL,
    auktoriserad_fran date NOT NULL,
    auktoriserad_till date,
    kvalitetssystem text NOT NULL,
    certifikat text,
    certifikat_till date,
    epost text NOT NULL,
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX anordnare_current ON core.anordnare (sender, orgnr, period) WHERE known_to = 'infinity';
CREATE INDEX anordnare_slice ON core.anordnare (sender, period);
COMMENT ON TABLE core.anordnare IS 'One authorised provider as the register delivered for a month says';
COMMENT ON COLUMN core.anordnare.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.anordnare.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.anordnare.orgnr IS 'Ten-digit organisationsnummer of the provider';
COMMENT ON COLUMN core.anordnare.namn IS 'Name of the provider';
COMMENT ON COLUMN core.anordnare.typ IS 'extern or egen';
COMMENT ON COLUMN core.anordnare.auktoriserad_fran IS 'First day of the authorisation';
COMMENT ON COLUMN core.anordnare.auktoriserad_till IS 'Last day of the authorisation; null while it runs';
COMMENT ON COLUMN core.anordnare.kvalitetssystem IS 'State of the providers quality system';
COMMENT ON COLUMN core.anordnare.certifikat IS 'Certificate, as the register words it';
COMMENT ON COLUMN core.anordnare.certifikat_till IS 'Last day of the certificate';
COMMENT ON COLUMN core.anordnare.epost IS 'Where receipts and reminders go';
COMMENT ON COLUMN core.anordnare.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.anordnare.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.anordnare.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.anordnare.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.mal (
    sender text NOT NULL,
    period date NOT NULL,
    mal_id text NOT NULL,
    niva text NOT NULL,
    overordnat_mal_id text,
    ar integer NOT NULL,
    "text" text NOT NULL,
    indikator_id text,
    malvarde numeric,
    riktning text NOT NULL,
    tolerans numeric,
    insatstyp text,
    sarskilt_folja text NOT NULL,
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX mal_current ON core.mal (sender, mal_id, period) WHERE known_to = 'infinity';
CREATE INDEX mal_slice ON core.mal (sender, period);
COMMENT ON TABLE core.mal IS 'One goal as the register delivered for a month says';
COMMENT ON COLUMN core.mal.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.mal.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.mal.mal_id IS 'The goals id';
COMMENT ON COLUMN core.mal.niva IS 'fullmaktige or namnd';
COMMENT ON COLUMN core.mal.overordnat_mal_id IS 'The goal it serves';
COMMENT ON COLUMN core.mal.ar IS 'Year it applies to';
COMMENT ON COLUMN core.mal."text" IS 'The goal in words';
COMMENT ON COLUMN core.mal.indikator_id IS 'Indicator that measures it';
COMMENT ON COLUMN core.mal.malvarde IS 'Target, in the indicators unit; percent for shares';
COMMENT ON COLUMN core.mal.riktning IS 'upp: higher is better; ned: lower is better';
COMMENT ON COLUMN core.mal.tolerans IS 'How far from the target still counts as near it';
COMMENT ON COLUMN core.mal.insatstyp IS 'Programme it is limited to';
COMMENT ON COLUMN core.mal.sarskilt_folja IS 'ja when the municipal board follows it specially';
COMMENT ON COLUMN core.mal.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.mal.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.mal.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.mal.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.insatser (
    sender text NOT NULL,
    period date NOT NULL,
    insats_id text NOT NULL,
    person_id uuid NOT NULL,
    insatstyp text NOT NULL,
    anvisad_datum date,
    startdatum date NOT NULL,
    slutdatum date,
    avslutsorsak text,
    coach_id text,
    kartlaggning_datum date,
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX insatser_current ON core.insatser (sender, insats_id, period) WHERE known_to = 'infinity';
CREATE INDEX insatser_slice ON core.insatser (sender, period);
CREATE INDEX insatser_history ON core.insatser (sender, insats_id, period, known_from);
CREATE INDEX ON core.insatser (person_id);
COMMENT ON TABLE core.insatser IS 'One enrolment of one person in one programme, as one delivery month says';
COMMENT ON COLUMN core.insatser.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.insatser.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.insatser.insats_id IS 'The senders id of the enrolment';
COMMENT ON COLUMN core.insatser.person_id IS 'Pseudonym of the person';
COMMENT ON COLUMN core.insatser.insatstyp IS 'Programme, code list insatstyper';
COMMENT ON COLUMN core.insatser.anvisad_datum IS 'Day of referral';
COMMENT ON COLUMN core.insatser.startdatum IS 'First day';
COMMENT ON COLUMN core.insatser.slutdatum IS 'Last day; null while it runs';
COMMENT ON COLUMN core.insatser.avslutsorsak IS 'Exit reason, code list avslutsorsaker';
COMMENT ON COLUMN core.insatser.coach_id IS 'The senders id of the coach';
COMMENT ON COLUMN core.insatser.kartlaggning_datum IS 'Day of the initial mapping';
COMMENT ON COLUMN core.insatser.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.insatser.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.insatser.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.insatser.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.narvaro (
    sender text NOT NULL,
    period date NOT NULL,
    insats_id text NOT NULL,
    datum date NOT NULL,
    planerade_timmar numeric NOT NULL,
    narvarande_timmar numeric NOT NULL,
    franvaroorsak text,
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX narvaro_current ON core.narvaro (sender, insats_id, datum, period) WHERE known_to = 'infinity';
CREATE INDEX narvaro_slice ON core.narvaro (sender, period);
CREATE INDEX narvaro_history ON core.narvaro (sender, insats_id, datum, period, known_from);
COMMENT ON TABLE core.narvaro IS 'One day of one enrolment';
COMMENT ON COLUMN core.narvaro.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.narvaro.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.narvaro.insats_id IS 'The senders id of the enrolment';
COMMENT ON COLUMN core.narvaro.datum IS 'The day';
COMMENT ON COLUMN core.narvaro.planerade_timmar IS 'Planned hours';
COMMENT ON COLUMN core.narvaro.narvarande_timmar IS 'Attended hours';
COMMENT ON COLUMN core.narvaro.franvaroorsak IS 'Reason of absence, given when attended is less than planned';
COMMENT ON COLUMN core.narvaro.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.narvaro.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.narvaro.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.narvaro.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.trappsteg (
    sender text NOT NULL,
    period date NOT NULL,
    insats_id text NOT NULL,
    datum date NOT NULL,
    steg integer NOT NULL,
    tillfalle text NOT NULL,
    metodversion text NOT NULL,
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX trappsteg_current ON core.trappsteg (sender, insats_id, datum, tillfalle, period) WHERE known_to = 'infinity';
CREATE INDEX trappsteg_slice ON core.trappsteg (sender, period);
CREATE INDEX trappsteg_history ON core.trappsteg (sender, insats_id, datum, tillfalle, period, known_from);
COMMENT ON TABLE core.trappsteg IS 'One placement of one enrolment on the staircase';
COMMENT ON COLUMN core.trappsteg.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.trappsteg.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.trappsteg.insats_id IS 'The senders id of the enrolment';
COMMENT ON COLUMN core.trappsteg.datum IS 'Day of the placement';
COMMENT ON COLUMN core.trappsteg.steg IS 'Step 1–5';
COMMENT ON COLUMN core.trappsteg.tillfalle IS 'anvisning, under or avslut';
COMMENT ON COLUMN core.trappsteg.metodversion IS 'Version of the method';
COMMENT ON COLUMN core.trappsteg.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.trappsteg.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.trappsteg.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.trappsteg.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.uppfoljningar (
    sender text NOT NULL,
    period date NOT NULL,
    insats_id text NOT NULL,
    manader integer NOT NULL,
    datum date NOT NULL,
    status text NOT NULL,
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX uppfoljningar_current ON core.uppfoljningar (sender, insats_id, manader, period) WHERE known_to = 'infinity';
CREATE INDEX uppfoljningar_slice ON core.uppfoljningar (sender, period);
CREATE INDEX uppfoljningar_history ON core.uppfoljningar (sender, insats_id, manader, period, known_from);
COMMENT ON TABLE core.uppfoljningar IS 'One follow-up after an enrolment ended';
COMMENT ON COLUMN core.uppfoljningar.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.uppfoljningar.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.uppfoljningar.insats_id IS 'The senders id of the enrolment';
COMMENT ON COLUMN core.uppfoljningar.manader IS 'Months after the end: 3, 6 or 12';
COMMENT ON COLUMN core.uppfoljningar.datum IS 'Day of the follow-up';
COMMENT ON COLUMN core.uppfoljningar.status IS 'egen_forsorjning, ej_egen_forsorjning or ej_nadd';
COMMENT ON COLUMN core.uppfoljningar.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.uppfoljningar.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.uppfoljningar.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.uppfoljningar.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.kapacitet (
    sender text NOT NULL,
    period date NOT NULL,
    manad date NOT NULL,
    coacher numeric NOT NULL,
    platser integer NOT NULL,
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX kapacitet_current ON core.kapacitet (sender, manad, period) WHERE known_to = 'infinity';
CREATE INDEX kapacitet_slice ON core.kapacitet (sender, period);
COMMENT ON TABLE core.kapacitet IS 'What one provider could take in one month';
COMMENT ON COLUMN core.kapacitet.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.kapacitet.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.kapacitet.manad IS 'First day of the month';
COMMENT ON COLUMN core.kapacitet.coacher IS 'Coaches, full-time equivalents';
COMMENT ON COLUMN core.kapacitet.platser IS 'Places';
COMMENT ON COLUMN core.kapacitet.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.kapacitet.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.kapacitet.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.kapacitet.known_to IS 'Until when we believed it; infinity while we do';

GRANT SELECT ON ALL TABLES IN SCHEMA core TO arshjul_intake, arshjul_compute;
GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA core TO arshjul_intake;
GRANT SELECT ON core.code, core.anordnare, core.mal TO arshjul_audit;

RESET ROLE;
