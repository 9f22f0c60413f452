-- Delivered files, their rows with outcomes, and photos.

create table intake_batch (
    id bigint generated always as identity primary key,
    shape text not null constraint batch_shape_known check (shape in
        ('certificates', 'photos', 'decisions', 'applications', 'violations', 'pending')),
    -- Empty for shapes that have no kind: NULLs would not be unique.
    kind text not null default '',
    sha256 bytea not null constraint batch_sha256_length check (length(sha256) = 32),
    issue_policy text not null constraint batch_issue_policy_known check (issue_policy in ('all', 'on-application')),
    as_of date not null,
    state text not null default 'running' constraint batch_state_known check (state in
        ('running', 'finished', 'failed', 'undone')),
    -- How far the import has come; a crash resumes here.
    phase text not null default 'read' constraint batch_phase_known check (phase in
        ('read', 'resolve', 'merge', 'finished')),
    position bigint not null default 0,
    registered_by text not null,
    registered_at timestamptz not null default now(),
    finished_at timestamptz,
    failure text,
    rows_read bigint not null default 0,
    rows_loaded bigint not null default 0,
    rows_warned bigint not null default 0,
    rows_held bigint not null default 0,
    rows_rejected bigint not null default 0,
    rows_dropped bigint not null default 0,
    certificates_created bigint not null default 0,
    certificates_updated bigint not null default 0,
    certificates_unchanged bigint not null default 0,
    constraint batch_ended check ((state = 'running') = (finished_at is null)),
    constraint batch_failed_has_reason check ((state = 'failed') = (failure is not null)),
    -- Every input row ends in exactly one outcome, or the batch is not finished.
    constraint batch_balances check (state <> 'finished'
        or rows_read = rows_loaded + rows_warned + rows_held + rows_rejected + rows_dropped)
);
-- The same content under the same shape and kind is a repeat, unless that batch failed or was undone.
create unique index batch_content_once on intake_batch (sha256, shape, kind) where state in ('running', 'finished');

create table intake_file (
    id bigint generated always as identity primary key,
    batch_id bigint not null constraint file_batch references intake_batch (id),
    name text not null,
    -- Where the bytes are: an object key, or the folder itself for a folder of photos.
    location text not null,
    size_bytes bigint not null,
    encoding text,
    -- The titles of the header row, in the order of the file.
    titles text[] not null default '{}'
);
create index file_batch on intake_file (batch_id);

create table intake_row (
    batch_id bigint not null constraint row_batch references intake_batch (id),
    -- Counts the records of the batch from 1.
    row_no bigint not null,
    sheet text not null default '',
    line bigint not null,
    outcome text not null constraint row_outcome_known check (outcome in
        ('loaded', 'warned', 'held', 'rejected', 'dropped')),
    findings jsonb not null default '[]',
    -- The cells as they stood in the file.
    original jsonb not null default '[]',
    -- What was read, one column a field, for the resolving and merging steps.
    number text,
    number_printed text,
    number_year integer,
    category text,
    -- Of constructors: [{category, valid_until}].
    specialties jsonb,
    name text,
    id_kind text,
    id_number text,
    id_original text,
    sex text,
    birth_date date,
    employer_name text,
    employer_key text,
    employer_code text,
    duty text,
    first_issued_on date,
    issued_on date,
    issued_on_printed text,
    valid_from date,
    valid_until date,
    legal_status text,
    phone text,
    -- Set where the row is accounted for but another row speaks for its certificate.
    superseded boolean not null default false,
    merged boolean not null default false,
    certificate_id bigint,
    photo_id bigint,
    primary key (batch_id, row_no)
);

create table photo (
    id bigint generated always as identity primary key,
    batch_id bigint constraint photo_batch references intake_batch (id),
    file_name text not null,
    id_kind text not null,
    id_number text not null,
    person_id bigint constraint photo_person references person (id),
    original_sha256 bytea not null,
    original_key text not null,
    size_bytes bigint not null,
    state text not null default 'received' constraint photo_state_known check (state in
        ('received', 'approved', 'held', 'rejected', 'replaced')),
    portrait_sha256 bytea,
    portrait_key text,
    received_at timestamptz not null default now(),
    reviewed_at timestamptz,
    constraint photo_approved_has_portrait check (state <> 'approved' or (portrait_sha256 is not null and portrait_key is not null)),
    constraint photo_once_per_holder unique (id_kind, id_number, original_sha256)
);
create index photo_holder on photo (id_kind, id_number, id);
create index photo_person on photo (person_id) where person_id is not null;
create index photo_unmatched on photo (id_kind, id_number) where person_id is null;
create index photo_original on photo (original_sha256);
alter table person add constraint person_portrait_photo foreign key (portrait_photo_id) references photo (id);

create table photo_review (
    id bigint generated always as identity primary key,
    photo_id bigint not null constraint review_photo references photo (id),
    at timestamptz not null default now(),
    reviewer text not null,
    decision text not null constraint review_decision_known check (decision in ('approved', 'held', 'rejected')),
    findings jsonb not null default '[]'
);
create index review_photo on photo_review (photo_id, id);
create trigger review_append_only before update or delete on photo_review
    for each statement execute function refuse_change();
