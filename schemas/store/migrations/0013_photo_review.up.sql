-- Photos between the automatic checks and the people who decide what those cannot.

alter table photo
    -- Which thresholds it is held against: those for the records of the past, or those for what holders upload today.
    add column policy text not null default 'legacy' constraint photo_policy_known check (policy in ('legacy', 'upload')),
    -- An older photo of the same holder stays in the history: what took its place, and what it was before.
    add column replaced_by bigint constraint photo_replaced_by references photo (id),
    add column replaced_from text constraint photo_replaced_from_known check (replaced_from in ('received', 'approved', 'held')),
    add constraint photo_replaced_is_told check ((state = 'replaced') = (replaced_by is not null and replaced_from is not null));
create index photo_of_batch on photo (batch_id, state);
create index photo_in_state on photo (state, id);
create index photo_of_nobody on photo (id) where person_id is null;
-- From a photo to the row of its delivery, and from a photo that goes to the person whose portrait it may be.
create index row_of_photo on intake_row (photo_id) where photo_id is not null;
create index person_portrait on person (portrait_photo_id) where portrait_photo_id is not null;
create index photo_replacing on photo (replaced_by) where replaced_by is not null;

-- What the pictures look like, see `portrait::Likeness`: one picture under several persons is told also where it was scaled or compressed.
create function likeness_keys(likeness bytea) returns bigint[] language sql immutable strict parallel safe as $$
    -- Eight parts of 32 bits, each with its place: likenesses that differ in seven bits share at least one.
    select array_agg((place::bigint << 32) | (get_byte(likeness, 4 * place)::bigint << 24) | (get_byte(likeness, 4 * place + 1) << 16)
                     | (get_byte(likeness, 4 * place + 2) << 8) | get_byte(likeness, 4 * place + 3))
    from generate_series(0, 7) as place
$$;
create function likeness_distance(one bytea, other bytea) returns bigint language sql immutable strict parallel safe as $$
    select bit_count(('x' || encode(substring(one, 1, 32), 'hex'))::bit(256) # ('x' || encode(substring(other, 1, 32), 'hex'))::bit(256))
$$;
create table photo_likeness (
    photo_id bigint primary key constraint likeness_photo references photo (id),
    likeness bytea not null constraint likeness_has_forms check (length(likeness) >= 32),
    keys bigint[] not null generated always as (likeness_keys(likeness)) stored
);
create index photo_looks_like on photo_likeness using gin (keys);

-- A photo that a person has to decide about. Open until it has ended.
create table photo_case (
    id bigint generated always as identity primary key,
    photo_id bigint not null constraint case_photo references photo (id),
    cause text not null constraint case_cause_known check (cause in ('checks', 'duplicate', 'appeal')),
    opened_at timestamptz not null default now(),
    opened_by text not null,
    -- Of an appeal: who decided before, and therefore may not decide again.
    not_by text,
    note text,
    -- The exclusive lease of one reviewer. After the decision it stays: until it ends the decision can be taken back.
    claimed_by text,
    claimed_until timestamptz,
    ended_at timestamptz,
    ending text constraint case_ending_known check (ending in ('approved', 'rejected', 'replaced', 'withdrawn')),
    constraint case_claim_whole check ((claimed_by is null) = (claimed_until is null)),
    constraint case_end_whole check ((ended_at is null) = (ending is null))
);
create unique index photo_case_open on photo_case (photo_id) where ended_at is null;
create index photo_case_waiting on photo_case (opened_at, id) where ended_at is null;
create index photo_case_of on photo_case (photo_id, id);
create index photo_case_claims on photo_case (claimed_by, claimed_until) where claimed_by is not null;

alter table photo_review
    add column case_id bigint constraint review_case references photo_case (id),
    -- The codes that a reviewer gave, and what he wrote beside them.
    add column reasons text[] not null default '{}',
    add column note text,
    -- Every check with its value, also those that passed: [{"check", "value", "grade"}].
    add column checks jsonb not null default '[]',
    drop constraint review_decision_known,
    add constraint review_decision_known check (decision in ('approved', 'held', 'rejected', 'appealed', 'taken-back'));

-- Decisions by hour, kept up as they fall, so that nobody counts them.
create table photo_tally (
    hour timestamptz not null,
    decider text not null constraint tally_decider_known check (decider in ('checks', 'person')),
    decision text not null constraint tally_decision_known check (decision in
        ('approved', 'held', 'rejected', 'appealed', 'overturned', 'taken-back')),
    n bigint not null default 0,
    primary key (hour, decider, decision)
);

-- Photos held before had neither a case nor a portrait, so that nobody could decide about them. The checks look at them once more.
with again as (
    update photo set state = 'received' where state = 'held' returning id, batch_id
), chunk as (
    select batch_id, jsonb_build_object('photos', jsonb_agg(id order by id)) as payload
    from (select id, batch_id, (row_number() over (partition by batch_id order by id) - 1) / 50 as n from again) numbered
    group by batch_id, n
)
select count(*) from chunk cross join lateral enqueue_jobs('review_photos', array[null::text], array[payload], batch_id, 0, 10);
