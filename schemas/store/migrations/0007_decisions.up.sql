-- Decisions, applications, violations and business under way, from the rows that delivered them to their effects.

alter table intake_row
    -- What was read of a row that is no certificate: the typed fields of its shape.
    add column fields jsonb,
    -- The place in which the row takes effect, counted from 1 by the days of the rows; set when all of them are read.
    add column turn bigint;
create unique index row_turn on intake_row (batch_id, turn) where turn is not null;

-- A delivery that was true on this day or before it knows nothing of the decisions that the certificate has had.
alter table certificate add column decided_as_of date;

-- Decisions (行政决定) as they were delivered. Never updated, never deleted.
create table decision (
    id bigint generated always as identity primary key,
    number text collate "C" not null constraint decision_number_unique unique constraint decision_number_blank check (number <> ''),
    kind text not null constraint decision_kind_known check (kind in
        ('initial', 'renewal', 'change', 'added-specialty', 'suspension', 'restoration', 'cancellation', 'withdrawal',
         'revocation', 'transfer-out')),
    decided_on date not null,
    -- The first day on which it has its effect.
    effective_on date not null,
    certificate_id bigint not null constraint decision_certificate references certificate (id),
    reason text,
    -- What was read of it; the same decision delivered again says the same.
    content jsonb not null,
    -- The cells as they stood.
    printed json not null,
    batch_id bigint not null constraint decision_batch references intake_batch (id),
    row_no bigint not null,
    created_at timestamptz not null default now()
);
create index decision_of_certificate on decision (certificate_id, decided_on);

-- What a decision did when its day had come. A decision without such a row waits for its day.
create table decision_effect (
    decision_id bigint primary key constraint effect_decision references decision (id),
    at timestamptz not null default now(),
    -- taken: the certificate moved; fields-only: decided before the cut-over; none: what is known is newer.
    effect text not null constraint effect_known check (effect in ('taken', 'fields-only', 'none')),
    detail text
);
create trigger decision_append_only before update or delete on decision for each statement execute function refuse_change();
create trigger decision_not_emptied before truncate on decision for each statement execute function refuse_change();
create trigger effect_append_only before update or delete on decision_effect for each statement execute function refuse_change();
create trigger effect_not_emptied before truncate on decision_effect for each statement execute function refuse_change();

-- Applications (电子证书申请), one row for each certificate that one asks for.
create table application (
    id bigint generated always as identity primary key,
    -- Empty where the application has none.
    number text collate "C" not null default '',
    certificate_id bigint not null constraint application_certificate references certificate (id),
    applied_on date,
    channel text,
    phone text,
    answer text not null constraint application_answer_known check (answer in ('released', 'kept', 'refused', 'known')),
    -- Every reason against it: [{code, zh, en}].
    reasons jsonb not null default '[]',
    content jsonb not null,
    batch_id bigint not null constraint application_batch references intake_batch (id),
    row_no bigint not null,
    created_at timestamptz not null default now(),
    constraint application_refused_has_reasons check (answer <> 'refused' or jsonb_array_length(reasons) > 0)
);
create index application_number on application (number) where number <> '';
create index application_of_certificate on application (certificate_id, applied_on);

alter table lock
    -- The delivered violation from which it came.
    add column batch_id bigint constraint lock_batch references intake_batch (id),
    add column row_no bigint;

alter table pending_business
    add column number text collate "C" constraint pending_number_unique unique constraint pending_number_blank check (number <> ''),
    add column state text,
    add column batch_id bigint constraint pending_batch references intake_batch (id),
    add column row_no bigint;
