-- Deliveries after their import: the profile they were read by, held rows that staff worked off, and batches that were undone.

-- The profile by which a batch is read, as it was given.
create table intake_profile (
    batch_id bigint primary key constraint profile_batch references intake_batch (id),
    sha256 bytea not null constraint profile_sha256_length check (length(sha256) = 32),
    content text not null
);

-- How many certificates of a kind the register had when an import began and when it ended.
create table batch_census (
    batch_id bigint not null constraint census_batch references intake_batch (id),
    kind text not null,
    before bigint not null,
    after bigint,
    primary key (batch_id, kind)
);

-- What a person decided about a held row. The row's cells stay as they were.
create table row_resolution (
    batch_id bigint not null,
    row_no bigint not null,
    at timestamptz not null default now(),
    actor text not null,
    decision text not null constraint resolution_decision_known check (decision in ('accept', 'set', 'merge', 'refuse')),
    why text not null constraint resolution_why_blank check (length(trim(why)) > 0),
    -- The cells that were set: column code to text.
    changes jsonb not null default '{}',
    -- The person who was said to be the holder.
    person_id bigint,
    outcome text not null constraint resolution_outcome_known check (outcome in ('loaded', 'warned', 'rejected')),
    -- What had held the row.
    findings_before jsonb not null,
    primary key (batch_id, row_no),
    constraint resolution_row foreign key (batch_id, row_no) references intake_row (batch_id, row_no),
    constraint resolution_names_person check ((decision = 'merge') = (person_id is not null))
);
create trigger resolution_append_only before update or delete on row_resolution for each statement execute function refuse_change();
create trigger resolution_not_emptied before truncate on row_resolution for each statement execute function refuse_change();
create index row_held on intake_row (batch_id, row_no) where outcome = 'held';

-- Known certificates as they were before a batch first changed or confirmed them: what an undo goes back to.
create table certificate_prior (
    batch_id bigint not null constraint prior_batch references intake_batch (id),
    certificate_id bigint not null,
    at timestamptz not null default now(),
    -- The certificate's row, and its specialties.
    content jsonb not null,
    primary key (batch_id, certificate_id)
);

-- Who undid a batch, why, and what that took back.
create table batch_undo (
    batch_id bigint primary key constraint undo_batch references intake_batch (id),
    at timestamptz not null default now(),
    actor text not null,
    why text not null constraint undo_why_blank check (length(trim(why)) > 0),
    counts jsonb not null
);
create trigger undo_append_only before update or delete on batch_undo for each statement execute function refuse_change();
create trigger undo_not_emptied before truncate on batch_undo for each statement execute function refuse_change();

-- What an undo took out of the register, whole.
create table undone_record (
    batch_id bigint not null constraint undone_batch references intake_batch (id),
    sort text not null constraint undone_sort_known check (sort in ('certificate', 'person', 'photo')),
    id bigint not null,
    content jsonb not null,
    primary key (batch_id, sort, id)
);
create table undone_event (
    like certificate_event,
    primary key (certificate_id, seq)
);
create trigger undone_record_append_only before update or delete on undone_record for each statement execute function refuse_change();
create trigger undone_record_not_emptied before truncate on undone_record for each statement execute function refuse_change();
create trigger undone_event_append_only before update or delete on undone_event for each statement execute function refuse_change();
create trigger undone_event_not_emptied before truncate on undone_event for each statement execute function refuse_change();

-- History is never lost: an event leaves its table only where it stands, unchanged, among the undone ones.
create function refuse_event_loss() returns trigger language plpgsql as $$
begin
    if not exists (select from undone_event u where (u.certificate_id, u.seq, u.hash) = (old.certificate_id, old.seq, old.hash)) then
        raise exception 'rows of % are append-only', tg_table_name using errcode = 'restrict_violation';
    end if;
    return old;
end
$$;
drop trigger event_append_only on certificate_event;
create trigger event_append_only before update on certificate_event for each statement execute function refuse_change();
create trigger event_not_lost before delete on certificate_event for each row execute function refuse_event_loss();

-- A reviewed photo whose batch was undone stays for its reviews' sake; the same file may come again.
alter table photo
    drop constraint photo_state_known,
    add constraint photo_state_known check (state in ('received', 'approved', 'held', 'rejected', 'replaced', 'withdrawn')),
    drop constraint photo_once_per_holder;
create unique index photo_once_per_holder on photo (id_kind, id_number, original_sha256) where state <> 'withdrawn';
