-- The rest of the datasets (spec/deliveries.md): core tables as those of 0004, and sensitive texts in the vault.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE vault.text (
    mark bytea NOT NULL CHECK (length(mark) = 32),
    key_id smallint NOT NULL,
    encrypted bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (mark, key_id)
);
COMMENT ON TABLE vault.text IS 'Sensitive free text (complaints, notes of visits, internal parts of reports): the only place outside the archive that holds it';
COMMENT ON COLUMN vault.text.mark IS 'HMAC-SHA256 of the text under the identity key: what core holds in its place';
COMMENT ON COLUMN vault.text.key_id IS 'Which identity key made the mark';
COMMENT ON COLUMN vault.text.encrypted IS 'The text, AES-256-GCM under the vault key, bound to the mark';
COMMENT ON COLUMN vault.text.created_at IS 'When the text was first received';
GRANT SELECT, INSERT ON vault.text TO arshjul_intake;

CREATE TABLE core.kurser (
    sender text NOT NULL,
    period date NOT NULL,
    kurs_id text NOT NULL,
    namn text NOT NULL,
    slutdatum date NOT NULL,
    deltagare integer NOT NULL,
    utvarderas text NOT NULL,
    skal text,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX kurser_current ON core.kurser (sender, period, kurs_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.kurser IS 'One course of one provider, as one delivery month says';
COMMENT ON COLUMN core.kurser.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.kurser.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.kurser.kurs_id IS 'The sender''s id of the course';
COMMENT ON COLUMN core.kurser.namn IS 'Name of the course';
COMMENT ON COLUMN core.kurser.slutdatum IS 'Last day of the course';
COMMENT ON COLUMN core.kurser.deltagare IS 'Number of participants';
COMMENT ON COLUMN core.kurser.utvarderas IS 'Whether it is evaluated: ja or nej';
COMMENT ON COLUMN core.kurser.skal IS 'Why it is not evaluated';
COMMENT ON COLUMN core.kurser.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.kurser.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.kurser.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.kurser.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.kursutvarderingar (
    sender text NOT NULL,
    period date NOT NULL,
    kurs_id text NOT NULL,
    svar_nr text NOT NULL,
    fraga text NOT NULL,
    betyg integer NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX kursutvarderingar_current ON core.kursutvarderingar (sender, period, kurs_id, svar_nr, fraga) WHERE known_to = 'infinity';
COMMENT ON TABLE core.kursutvarderingar IS 'One answer to one question of a course evaluation';
COMMENT ON COLUMN core.kursutvarderingar.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.kursutvarderingar.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.kursutvarderingar.kurs_id IS 'The sender''s id of the course';
COMMENT ON COLUMN core.kursutvarderingar.svar_nr IS 'Serial number of who answered';
COMMENT ON COLUMN core.kursutvarderingar.fraga IS 'The question';
COMMENT ON COLUMN core.kursutvarderingar.betyg IS 'Mark 1–5';
COMMENT ON COLUMN core.kursutvarderingar.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.kursutvarderingar.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.kursutvarderingar.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.kursutvarderingar.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.kundenkat_inbjudningar (
    sender text NOT NULL,
    period date NOT NULL,
    inbjudan_id text NOT NULL,
    enkat_ar integer NOT NULL,
    anordnare_orgnr text NOT NULL,
    kanal text NOT NULL,
    skickad_datum date NOT NULL,
    status text NOT NULL,
    besvarad_datum date,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX kundenkat_inbjudningar_current ON core.kundenkat_inbjudningar (sender, period, inbjudan_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.kundenkat_inbjudningar IS 'One invitation to the survey, as one delivery month says';
COMMENT ON COLUMN core.kundenkat_inbjudningar.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.kundenkat_inbjudningar.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.kundenkat_inbjudningar.inbjudan_id IS 'Id of the invitation';
COMMENT ON COLUMN core.kundenkat_inbjudningar.enkat_ar IS 'Year of the survey';
COMMENT ON COLUMN core.kundenkat_inbjudningar.anordnare_orgnr IS 'Ten-digit organisationsnummer of the provider';
COMMENT ON COLUMN core.kundenkat_inbjudningar.kanal IS 'How it was sent, code list inbjudningskanaler';
COMMENT ON COLUMN core.kundenkat_inbjudningar.skickad_datum IS 'Day it was sent';
COMMENT ON COLUMN core.kundenkat_inbjudningar.status IS 'inbjuden, paborjad or besvarad, code list inbjudningsstatus';
COMMENT ON COLUMN core.kundenkat_inbjudningar.besvarad_datum IS 'Day it was answered; given exactly when the status is besvarad';
COMMENT ON COLUMN core.kundenkat_inbjudningar.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.kundenkat_inbjudningar.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.kundenkat_inbjudningar.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.kundenkat_inbjudningar.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.kundenkat_svar (
    sender text NOT NULL,
    period date NOT NULL,
    inbjudan_id text NOT NULL,
    fraga_id text NOT NULL,
    betyg integer NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX kundenkat_svar_current ON core.kundenkat_svar (sender, period, inbjudan_id, fraga_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.kundenkat_svar IS 'One answer to one question of the survey';
COMMENT ON COLUMN core.kundenkat_svar.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.kundenkat_svar.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.kundenkat_svar.inbjudan_id IS 'Id of the invitation';
COMMENT ON COLUMN core.kundenkat_svar.fraga_id IS 'Id of the question';
COMMENT ON COLUMN core.kundenkat_svar.betyg IS 'Mark 1–5';
COMMENT ON COLUMN core.kundenkat_svar.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.kundenkat_svar.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.kundenkat_svar.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.kundenkat_svar.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.kundenkat_fragor (
    sender text NOT NULL,
    period date NOT NULL,
    fraga_id text NOT NULL,
    block text NOT NULL,
    "text" text NOT NULL,
    ordalydelse_version text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX kundenkat_fragor_current ON core.kundenkat_fragor (sender, period, fraga_id, ordalydelse_version) WHERE known_to = 'infinity';
COMMENT ON TABLE core.kundenkat_fragor IS 'One wording of one question of the survey, as one delivery month says';
COMMENT ON COLUMN core.kundenkat_fragor.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.kundenkat_fragor.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.kundenkat_fragor.fraga_id IS 'Id of the question';
COMMENT ON COLUMN core.kundenkat_fragor.block IS 'Block of the survey, code list enkatblock';
COMMENT ON COLUMN core.kundenkat_fragor."text" IS 'The question in words';
COMMENT ON COLUMN core.kundenkat_fragor.ordalydelse_version IS 'Version of the wording';
COMMENT ON COLUMN core.kundenkat_fragor.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.kundenkat_fragor.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.kundenkat_fragor.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.kundenkat_fragor.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.synpunkter (
    sender text NOT NULL,
    period date NOT NULL,
    arende_id text NOT NULL,
    inkom_datum date NOT NULL,
    typ text NOT NULL,
    kanal text NOT NULL,
    objekt_id text NOT NULL,
    kategori text NOT NULL,
    brist text NOT NULL,
    atgard_id text,
    besvarad_datum date,
    avslutad_datum date,
    fritext_mark bytea CHECK (length(fritext_mark) = 32),
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX synpunkter_current ON core.synpunkter (sender, period, arende_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.synpunkter IS 'One case of the complaints system, as one delivery month says';
COMMENT ON COLUMN core.synpunkter.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.synpunkter.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.synpunkter.arende_id IS 'Id of the case';
COMMENT ON COLUMN core.synpunkter.inkom_datum IS 'Day it came in';
COMMENT ON COLUMN core.synpunkter.typ IS 'synpunkt or klagomal, code list arendetyper';
COMMENT ON COLUMN core.synpunkter.kanal IS 'How it came in';
COMMENT ON COLUMN core.synpunkter.objekt_id IS 'Follow-up object it is about';
COMMENT ON COLUMN core.synpunkter.kategori IS 'What it is about';
COMMENT ON COLUMN core.synpunkter.brist IS 'Whether it shows a deficiency: ja or nej';
COMMENT ON COLUMN core.synpunkter.atgard_id IS 'Action it led to';
COMMENT ON COLUMN core.synpunkter.besvarad_datum IS 'Day it was answered';
COMMENT ON COLUMN core.synpunkter.avslutad_datum IS 'Day it was closed';
COMMENT ON COLUMN core.synpunkter.fritext_mark IS 'The case in words: keyed mark of the text in vault.text';
COMMENT ON COLUMN core.synpunkter.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.synpunkter.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.synpunkter.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.synpunkter.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.utbetalningar (
    sender text NOT NULL,
    period date NOT NULL,
    utbetalning_id text NOT NULL,
    anordnare_orgnr text NOT NULL,
    insats_id text NOT NULL,
    manad date NOT NULL,
    ersatta_dagar numeric NOT NULL,
    dagpris numeric NOT NULL,
    belopp numeric NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX utbetalningar_current ON core.utbetalningar (sender, period, utbetalning_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.utbetalningar IS 'One payment to a provider for one enrolment and one month';
COMMENT ON COLUMN core.utbetalningar.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.utbetalningar.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.utbetalningar.utbetalning_id IS 'Id of the payment';
COMMENT ON COLUMN core.utbetalningar.anordnare_orgnr IS 'Ten-digit organisationsnummer of the provider';
COMMENT ON COLUMN core.utbetalningar.insats_id IS 'The provider''s id of the enrolment';
COMMENT ON COLUMN core.utbetalningar.manad IS 'First day of the month it is for';
COMMENT ON COLUMN core.utbetalningar.ersatta_dagar IS 'Days paid for; negative when credited';
COMMENT ON COLUMN core.utbetalningar.dagpris IS 'Price of a day, SEK';
COMMENT ON COLUMN core.utbetalningar.belopp IS 'Amount paid, SEK; negative when credited';
COMMENT ON COLUMN core.utbetalningar.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.utbetalningar.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.utbetalningar.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.utbetalningar.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.ekonomi (
    sender text NOT NULL,
    period date NOT NULL,
    manad date NOT NULL,
    objekt_id text NOT NULL,
    konto text NOT NULL,
    budget numeric NOT NULL,
    utfall numeric NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX ekonomi_current ON core.ekonomi (sender, period, manad, objekt_id, konto) WHERE known_to = 'infinity';
COMMENT ON TABLE core.ekonomi IS 'Budget and outcome of one account, follow-up object and month';
COMMENT ON COLUMN core.ekonomi.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.ekonomi.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.ekonomi.manad IS 'First day of the month';
COMMENT ON COLUMN core.ekonomi.objekt_id IS 'Follow-up object';
COMMENT ON COLUMN core.ekonomi.konto IS 'Number of the account';
COMMENT ON COLUMN core.ekonomi.budget IS 'Budget, SEK';
COMMENT ON COLUMN core.ekonomi.utfall IS 'Outcome, SEK';
COMMENT ON COLUMN core.ekonomi.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.ekonomi.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.ekonomi.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.ekonomi.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.uppfoljningsobjekt (
    sender text NOT NULL,
    period date NOT NULL,
    objekt_id text NOT NULL,
    typ text NOT NULL,
    namn text NOT NULL,
    motpart text,
    ami_roll text,
    syften text,
    fran date NOT NULL,
    till date,
    diarienummer text,
    anordnare_orgnr text,
    kraver text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX uppfoljningsobjekt_current ON core.uppfoljningsobjekt (sender, period, objekt_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.uppfoljningsobjekt IS 'One follow-up object as the register delivered for a month says';
COMMENT ON COLUMN core.uppfoljningsobjekt.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.uppfoljningsobjekt.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.uppfoljningsobjekt.objekt_id IS 'Id of the object';
COMMENT ON COLUMN core.uppfoljningsobjekt.typ IS 'Kind of object, code list objekttyper';
COMMENT ON COLUMN core.uppfoljningsobjekt.namn IS 'Name of the object';
COMMENT ON COLUMN core.uppfoljningsobjekt.motpart IS 'The other party';
COMMENT ON COLUMN core.uppfoljningsobjekt.ami_roll IS 'The municipality''s part in a project, code list ami_roller';
COMMENT ON COLUMN core.uppfoljningsobjekt.syften IS 'What it is to serve; purposes separated by commas';
COMMENT ON COLUMN core.uppfoljningsobjekt.fran IS 'First day';
COMMENT ON COLUMN core.uppfoljningsobjekt.till IS 'Last day; null while it runs';
COMMENT ON COLUMN core.uppfoljningsobjekt.diarienummer IS 'Number in the register of documents';
COMMENT ON COLUMN core.uppfoljningsobjekt.anordnare_orgnr IS 'Ten-digit organisationsnummer of the provider';
COMMENT ON COLUMN core.uppfoljningsobjekt.kraver IS 'Follow-ups that every year must have: codes of the list uppfoljningskrav, separated by commas or blanks';
COMMENT ON COLUMN core.uppfoljningsobjekt.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.uppfoljningsobjekt.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.uppfoljningsobjekt.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.uppfoljningsobjekt.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.sammantraden (
    sender text NOT NULL,
    period date NOT NULL,
    organ text NOT NULL,
    datum date NOT NULL,
    utskick_datum date NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX sammantraden_current ON core.sammantraden (sender, period, organ, datum) WHERE known_to = 'infinity';
COMMENT ON TABLE core.sammantraden IS 'One meeting as the register delivered for a month says';
COMMENT ON COLUMN core.sammantraden.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.sammantraden.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.sammantraden.organ IS 'Board that meets';
COMMENT ON COLUMN core.sammantraden.datum IS 'Day of the meeting';
COMMENT ON COLUMN core.sammantraden.utskick_datum IS 'Day when the papers are sent out';
COMMENT ON COLUMN core.sammantraden.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.sammantraden.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.sammantraden.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.sammantraden.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.besok (
    sender text NOT NULL,
    period date NOT NULL,
    besok_id text NOT NULL,
    typ text NOT NULL,
    datum date NOT NULL,
    objekt_id text NOT NULL,
    deltagare text NOT NULL,
    status text NOT NULL,
    anteckningar_mark bytea CHECK (length(anteckningar_mark) = 32),
    analys text,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX besok_current ON core.besok (sender, period, besok_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.besok IS 'One visit, as one delivery month says';
COMMENT ON COLUMN core.besok.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.besok.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.besok.besok_id IS 'Id of the visit';
COMMENT ON COLUMN core.besok.typ IS 'namndbesok or tjanstemannabesok, code list besokstyper';
COMMENT ON COLUMN core.besok.datum IS 'Day of the visit';
COMMENT ON COLUMN core.besok.objekt_id IS 'Follow-up object that is visited';
COMMENT ON COLUMN core.besok.deltagare IS 'Who takes part, as roles or a number';
COMMENT ON COLUMN core.besok.status IS 'planerat, genomfort or installt, code list besoksstatus';
COMMENT ON COLUMN core.besok.anteckningar_mark IS 'Notes of the visit: keyed mark of the text in vault.text';
COMMENT ON COLUMN core.besok.analys IS 'Analysis with areas to improve';
COMMENT ON COLUMN core.besok.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.besok.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.besok.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.besok.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.atgarder (
    sender text NOT NULL,
    period date NOT NULL,
    atgard_id text NOT NULL,
    kalla text NOT NULL,
    kall_id text NOT NULL,
    beskrivning text NOT NULL,
    ansvarig text NOT NULL,
    medansvarig text,
    pdca text NOT NULL,
    beslutad_datum date NOT NULL,
    forfallodatum date NOT NULL,
    status text NOT NULL,
    klar_datum date,
    bevis text,
    indikator_id text,
    vantad_effekt text,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX atgarder_current ON core.atgarder (sender, period, atgard_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.atgarder IS 'One action, as one delivery month says';
COMMENT ON COLUMN core.atgarder.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.atgarder.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.atgarder.atgard_id IS 'Id of the action';
COMMENT ON COLUMN core.atgarder.kalla IS 'What it comes from, code list atgardskallor';
COMMENT ON COLUMN core.atgarder.kall_id IS 'Id of what it comes from, in the dataset that kalla names';
COMMENT ON COLUMN core.atgarder.beskrivning IS 'What is to be done';
COMMENT ON COLUMN core.atgarder.ansvarig IS 'Function that is responsible';
COMMENT ON COLUMN core.atgarder.medansvarig IS 'Function that shares the responsibility';
COMMENT ON COLUMN core.atgarder.pdca IS 'Stage of improvement, code list pdca_faser';
COMMENT ON COLUMN core.atgarder.beslutad_datum IS 'Day it was decided';
COMMENT ON COLUMN core.atgarder.forfallodatum IS 'Day it is due';
COMMENT ON COLUMN core.atgarder.status IS 'oppen, pagar or klar, code list atgardsstatus';
COMMENT ON COLUMN core.atgarder.klar_datum IS 'Day it was done';
COMMENT ON COLUMN core.atgarder.bevis IS 'What shows that it is done; given when the status is klar';
COMMENT ON COLUMN core.atgarder.indikator_id IS 'Indicator it is to affect';
COMMENT ON COLUMN core.atgarder.vantad_effekt IS 'What it is expected to lead to';
COMMENT ON COLUMN core.atgarder.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.atgarder.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.atgarder.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.atgarder.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.kontrollpunkter (
    sender text NOT NULL,
    period date NOT NULL,
    kontroll_id text NOT NULL,
    niva text NOT NULL,
    objekt_id text,
    risk integer NOT NULL,
    beskrivning text NOT NULL,
    metod text NOT NULL,
    check_id text,
    frekvens text NOT NULL,
    ansvarig text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX kontrollpunkter_current ON core.kontrollpunkter (sender, period, kontroll_id) WHERE known_to = 'infinity';
COMMENT ON TABLE core.kontrollpunkter IS 'One control point as the register delivered for a month says';
COMMENT ON COLUMN core.kontrollpunkter.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.kontrollpunkter.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.kontrollpunkter.kontroll_id IS 'Id of the control point';
COMMENT ON COLUMN core.kontrollpunkter.niva IS 'Who decided it, code list kontrollnivaer';
COMMENT ON COLUMN core.kontrollpunkter.objekt_id IS 'Follow-up object it is about; null when it is about all';
COMMENT ON COLUMN core.kontrollpunkter.risk IS 'Likelihood times consequence, 1–16';
COMMENT ON COLUMN core.kontrollpunkter.beskrivning IS 'What is controlled';
COMMENT ON COLUMN core.kontrollpunkter.metod IS 'manuell or automatisk, code list kontrollmetoder';
COMMENT ON COLUMN core.kontrollpunkter.check_id IS 'The check of ours that is the control';
COMMENT ON COLUMN core.kontrollpunkter.frekvens IS 'How often it is made';
COMMENT ON COLUMN core.kontrollpunkter.ansvarig IS 'Function that is responsible';
COMMENT ON COLUMN core.kontrollpunkter.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.kontrollpunkter.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.kontrollpunkter.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.kontrollpunkter.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.kontrollresultat (
    sender text NOT NULL,
    period date NOT NULL,
    kontroll_id text NOT NULL,
    datum date NOT NULL,
    utfall text NOT NULL,
    iakttagelse text,
    atgard_id text,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX kontrollresultat_current ON core.kontrollresultat (sender, period, kontroll_id, datum) WHERE known_to = 'infinity';
COMMENT ON TABLE core.kontrollresultat IS 'What one control found on one day';
COMMENT ON COLUMN core.kontrollresultat.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.kontrollresultat.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.kontrollresultat.kontroll_id IS 'Id of the control point';
COMMENT ON COLUMN core.kontrollresultat.datum IS 'Day of the control';
COMMENT ON COLUMN core.kontrollresultat.utfall IS 'What it found, code list kontrollutfall';
COMMENT ON COLUMN core.kontrollresultat.iakttagelse IS 'What was noted';
COMMENT ON COLUMN core.kontrollresultat.atgard_id IS 'Action it led to';
COMMENT ON COLUMN core.kontrollresultat.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.kontrollresultat.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.kontrollresultat.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.kontrollresultat.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.kvalitetsrapporter (
    sender text NOT NULL,
    period date NOT NULL,
    objekt_id text NOT NULL,
    ar integer NOT NULL,
    inkom_datum date NOT NULL,
    mallversion text NOT NULL,
    systematiskt_kvalitetsarbete text NOT NULL,
    resultat_och_analys text NOT NULL,
    forbattringsomraden text NOT NULL,
    internt_mark bytea CHECK (length(internt_mark) = 32),
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX kvalitetsrapporter_current ON core.kvalitetsrapporter (sender, period, objekt_id, ar) WHERE known_to = 'infinity';
COMMENT ON TABLE core.kvalitetsrapporter IS 'The quality report of one follow-up object and year, as one delivery month says';
COMMENT ON COLUMN core.kvalitetsrapporter.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.kvalitetsrapporter.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.kvalitetsrapporter.objekt_id IS 'Follow-up object';
COMMENT ON COLUMN core.kvalitetsrapporter.ar IS 'Year of the report';
COMMENT ON COLUMN core.kvalitetsrapporter.inkom_datum IS 'Day it came in';
COMMENT ON COLUMN core.kvalitetsrapporter.mallversion IS 'Version of the template';
COMMENT ON COLUMN core.kvalitetsrapporter.systematiskt_kvalitetsarbete IS 'Section on systematic quality work';
COMMENT ON COLUMN core.kvalitetsrapporter.resultat_och_analys IS 'Section on results and analysis';
COMMENT ON COLUMN core.kvalitetsrapporter.forbattringsomraden IS 'Section on areas to improve';
COMMENT ON COLUMN core.kvalitetsrapporter.internt_mark IS 'Text that is never published: keyed mark of the text in vault.text';
COMMENT ON COLUMN core.kvalitetsrapporter.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.kvalitetsrapporter.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.kvalitetsrapporter.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.kvalitetsrapporter.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.dialoger (
    sender text NOT NULL,
    period date NOT NULL,
    anordnare_orgnr text NOT NULL,
    datum date NOT NULL,
    typ text NOT NULL,
    tema text NOT NULL,
    rad integer NOT NULL,
    "text" text NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX dialoger_current ON core.dialoger (sender, period, anordnare_orgnr, datum, tema, rad) WHERE known_to = 'infinity';
COMMENT ON TABLE core.dialoger IS 'One statement of the yearly dialogue with a provider';
COMMENT ON COLUMN core.dialoger.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.dialoger.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.dialoger.anordnare_orgnr IS 'Ten-digit organisationsnummer of the provider';
COMMENT ON COLUMN core.dialoger.datum IS 'Day of the dialogue';
COMMENT ON COLUMN core.dialoger.typ IS 'framgangsfaktor or forbattringsomrade, code list dialogtyper';
COMMENT ON COLUMN core.dialoger.tema IS 'Theme';
COMMENT ON COLUMN core.dialoger.rad IS 'Serial number within the theme; the row number in the file when none was given';
COMMENT ON COLUMN core.dialoger."text" IS 'What was said';
COMMENT ON COLUMN core.dialoger.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.dialoger.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.dialoger.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.dialoger.known_to IS 'Until when we believed it; infinity while we do';

CREATE TABLE core.analystexter (
    sender text NOT NULL,
    period date NOT NULL,
    rapport_id text NOT NULL,
    avsnitt text NOT NULL,
    indikator_id text,
    "text" text NOT NULL,
    forfattare text NOT NULL,
    datum date NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX analystexter_current ON core.analystexter (sender, period, rapport_id, avsnitt, indikator_id) NULLS NOT DISTINCT WHERE known_to = 'infinity';
COMMENT ON TABLE core.analystexter IS 'The analysis of one section of a report, as one delivery month says';
COMMENT ON COLUMN core.analystexter.sender IS 'Ten-digit organisationsnummer of the sender';
COMMENT ON COLUMN core.analystexter.period IS 'First day of the delivery month';
COMMENT ON COLUMN core.analystexter.rapport_id IS 'Report it belongs to';
COMMENT ON COLUMN core.analystexter.avsnitt IS 'Section of the report';
COMMENT ON COLUMN core.analystexter.indikator_id IS 'Indicator it is about; null when it is about the whole section';
COMMENT ON COLUMN core.analystexter."text" IS 'The analysis, Markdown';
COMMENT ON COLUMN core.analystexter.forfattare IS 'Function that wrote it';
COMMENT ON COLUMN core.analystexter.datum IS 'Day it was written';
COMMENT ON COLUMN core.analystexter.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.analystexter.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.analystexter.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.analystexter.known_to IS 'Until when we believed it; infinity while we do';

GRANT SELECT ON
    core.kurser,
    core.kursutvarderingar,
    core.kundenkat_inbjudningar,
    core.kundenkat_svar,
    core.kundenkat_fragor,
    core.synpunkter,
    core.utbetalningar,
    core.ekonomi,
    core.uppfoljningsobjekt,
    core.sammantraden,
    core.besok,
    core.atgarder,
    core.kontrollpunkter,
    core.kontrollresultat,
    core.kvalitetsrapporter,
    core.dialoger,
    core.analystexter
TO arshjul_intake, arshjul_compute;
GRANT INSERT, UPDATE ON
    core.kurser,
    core.kursutvarderingar,
    core.kundenkat_inbjudningar,
    core.kundenkat_svar,
    core.kundenkat_fragor,
    core.synpunkter,
    core.utbetalningar,
    core.ekonomi,
    core.uppfoljningsobjekt,
    core.sammantraden,
    core.besok,
    core.atgarder,
    core.kontrollpunkter,
    core.kontrollresultat,
    core.kvalitetsrapporter,
    core.dialoger,
    core.analystexter
TO arshjul_intake;
GRANT SELECT ON core.uppfoljningsobjekt, core.sammantraden, core.kontrollpunkter, core.kontrollresultat TO arshjul_audit;

RESET ROLE;
