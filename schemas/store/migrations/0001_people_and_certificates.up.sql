-- People, employers, certificates and what happened to them.
--
-- Three facts that staff see as one "status" are kept apart: legal status and issuance stage are columns of the
-- certificate, locks are rows of their own. Events are append-only and chained per certificate.

create table staff (
    id bigint generated always as identity primary key,
    name text not null constraint staff_name_taken unique constraint staff_name_blank check (length(trim(name)) > 0),
    created_at timestamptz not null default now(),
    created_by text not null,
    disabled_at timestamptz,
    disabled_by text,
    constraint staff_disabled_by_somebody check ((disabled_at is null) = (disabled_by is null))
);

-- Who did what to which subject. Never updated, never deleted.
create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    action text not null,
    subject text not null,
    detail jsonb not null default '{}'
);
create index audit_subject on audit (subject, id);

create table person (
    id bigint generated always as identity primary key,
    name text not null,
    id_kind text not null,
    id_number text not null,
    id_original text not null,
    sex text constraint person_sex_known check (sex in ('male', 'female')),
    birth_date date,
    phone text,
    portrait_photo_id bigint,
    created_at timestamptz not null default now(),
    constraint person_document_unique unique (id_kind, id_number)
);
create index person_name_birth on person (name, birth_date);

create table employer (
    id bigint generated always as identity primary key,
    name text not null,
    match_key text not null,
    -- Empty where no code was delivered: NULLs would not be unique.
    code text not null default '',
    created_at timestamptz not null default now(),
    constraint employer_unique unique (match_key, code)
);

create table certificate (
    id bigint generated always as identity primary key,
    kind text not null constraint certificate_kind_known check (kind in
        ('constructor', 'architect', 'structural-engineer', 'safety-personnel', 'special-operation', 'post-training')),
    number text not null,
    number_printed text not null,
    -- The year that the number carries, where its grammar has one.
    number_year integer,
    person_id bigint not null constraint certificate_person references person (id),
    employer_id bigint constraint certificate_employer references employer (id),
    category text,
    duty text,
    first_issued_on date,
    issued_on date,
    issued_on_printed text,
    valid_from date,
    valid_until date,
    legal_status text not null constraint certificate_legal_status_known check (legal_status in
        ('valid', 'suspended', 'expired', 'cancelled', 'withdrawn', 'revoked', 'transferred')),
    stage text not null constraint certificate_stage_known check (stage in
        ('paper', 'awaiting-photo', 'photo-review', 'ready', 'issuing', 'issued', 'held')),
    issue_requested boolean not null default false,
    -- The version of the newest document; 0 while there is only paper.
    version integer not null default 0 constraint certificate_version_counts_up check (version >= 0),
    -- Counts every change of a printed fact; an order remembers the revision it was made from.
    revision bigint not null default 1,
    hold_reason text,
    batch_id bigint,
    delivered_as_of date not null,
    event_seq integer not null default 0,
    event_hash bytea not null default '\x',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint certificate_number_unique unique (kind, number),
    constraint certificate_issued_has_version check (stage <> 'issued' or version > 0),
    constraint certificate_held_has_reason check ((stage = 'held') = (hold_reason is not null)),
    constraint certificate_wanted_in_these_stages check (issue_requested or stage in ('paper', 'issued', 'held'))
);
create index certificate_number on certificate (number);
create index certificate_person on certificate (person_id);
create index certificate_employer on certificate (employer_id);
create index certificate_batch on certificate (batch_id);
create index certificate_runs_out on certificate (valid_until, id) where legal_status = 'valid';
create index certificate_under_way on certificate (stage, id) where stage not in ('paper', 'issued');

-- A constructor's specialties have their own dates; the certificate lives while one of them does.
create table certificate_specialty (
    certificate_id bigint not null constraint specialty_certificate references certificate (id),
    position integer not null,
    category text not null,
    valid_until date,
    primary key (certificate_id, position)
);

-- A violation locks at once (notice of 2018-10-25, 四): it blocks obtaining, it is no revocation.
create table lock (
    id bigint generated always as identity primary key,
    certificate_id bigint constraint lock_certificate references certificate (id),
    person_id bigint constraint lock_person references person (id),
    cause text not null,
    cause_text text not null constraint lock_cause_blank check (length(trim(cause_text)) > 0),
    since date not null,
    until date,
    appeal_by date,
    set_at timestamptz not null default now(),
    set_by text not null,
    lifted_at timestamptz,
    lifted_by text,
    lift_reason text,
    constraint lock_on_one_subject check ((certificate_id is null) <> (person_id is null)),
    constraint lock_ends_after_start check (until is null or until >= since),
    constraint lock_lifted_by_somebody check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null))
);
create index lock_on_certificate on lock (certificate_id) where lifted_at is null;
create index lock_on_person on lock (person_id) where lifted_at is null;

-- Renewals and changes under way: the sweep spares their certificates.
create table pending_business (
    id bigint generated always as identity primary key,
    certificate_id bigint not null constraint pending_certificate references certificate (id),
    business text not null,
    filed_on date not null,
    closed_on date,
    created_at timestamptz not null default now()
);
create index pending_open on pending_business (certificate_id) where closed_on is null;

create table certificate_event (
    certificate_id bigint not null constraint event_certificate references certificate (id),
    seq integer not null constraint event_seq_from_one check (seq > 0),
    at timestamptz not null,
    actor text not null,
    event text not null,
    legal_status text not null,
    stage text not null,
    detail jsonb not null default '{}',
    -- SHA-256 over the event before and this event's content.
    hash bytea not null,
    primary key (certificate_id, seq)
);

-- The link of the chain: what an event's hash is made from.
create function event_hash(previous bytea, certificate_id bigint, seq integer, at timestamptz, actor text, event text,
                           legal_status text, stage text, detail jsonb) returns bytea
language sql immutable parallel safe as $$
    select sha256(previous || convert_to(concat_ws(E'\x1f', certificate_id, seq, extract(epoch from at), actor, event,
                                                   legal_status, stage, detail), 'UTF8'))
$$;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;
create trigger event_append_only before update or delete on certificate_event
    for each statement execute function refuse_change();
create trigger audit_append_only before update or delete on audit
    for each statement execute function refuse_change();
