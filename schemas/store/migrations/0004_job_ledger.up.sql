-- The job ledger. apalis carries and fetches tasks; whether a job runs, is retried or has ended is decided here.
--
--   waiting ──begin──► running ──► done
--      ▲                  ├──────► retrying ──begin──► running
--      │ again            ├──────► dead        (after its last attempt)
--      └──────────────────┘        cancelled   (by staff, before it runs)

create table job (
    id bigint generated always as identity primary key,
    kind text not null,
    -- Ids only: tables carry the state.
    payload jsonb not null,
    -- What the job is about. Unique per kind among jobs that have not ended.
    subject text,
    batch_id bigint,
    priority integer not null default 0,
    state text not null default 'waiting' constraint job_state_known check (state in
        ('waiting', 'running', 'done', 'retrying', 'dead', 'cancelled')),
    attempt integer not null default 0,
    max_attempts integer not null constraint job_attempts_positive check (max_attempts > 0),
    -- Counts the tasks handed to apalis for this job; the task's id is made from job and dispatch.
    dispatch integer not null default 1,
    dispatched_at timestamptz not null default now(),
    -- Not before this time.
    run_at timestamptz not null default now(),
    lease_until timestamptz,
    worker text,
    -- Set by an enqueue that met this job running: it runs once more after it ended.
    again boolean not null default false,
    progress_done bigint not null default 0,
    progress_total bigint,
    error_code text,
    error_text text,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    constraint job_leased_while_running check ((state = 'running') = (lease_until is not null)),
    constraint job_ended check ((state in ('done', 'dead', 'cancelled')) = (finished_at is not null)),
    constraint job_dead_says_why check (state <> 'dead' or error_code is not null)
);
create unique index job_subject_once on job (kind, subject)
    where subject is not null and state in ('waiting', 'running', 'retrying');
create index job_open on job (kind, state, run_at) where state in ('waiting', 'running', 'retrying');
create index job_dead on job (kind, id) where state = 'dead';
create index job_batch on job (batch_id, id);
create index job_finished on job (finished_at) where finished_at is not null;

create table job_attempt (
    job_id bigint not null constraint attempt_job references job (id) on delete cascade,
    attempt integer not null,
    worker text not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text constraint attempt_outcome_known check (outcome in
        ('done', 'refused', 'failed', 'panicked', 'timed-out', 'lost', 'split', 'retry')),
    error_code text,
    error_text text,
    primary key (job_id, attempt),
    constraint attempt_ended check ((outcome is null) = (finished_at is null))
);

-- An id that apalis accepts (it must parse as a ULID): hexadecimal digits are Crockford digits too.
create function task_id(job_id bigint, dispatch integer) returns text
language sql immutable parallel safe as $$
    select lpad(upper(to_hex(job_id)), 18, '0') || lpad(upper(to_hex(dispatch)), 8, '0')
$$;

-- Hands jobs to apalis. Late-bound (plpgsql), since apalis brings its own schema.
create function dispatch_jobs(job_ids bigint[]) returns void language plpgsql as $$
begin
    update job set dispatched_at = clock_timestamp() where id = any (job_ids) and attempt > 0;
    insert into apalis.jobs (id, job_type, job, status, attempts, max_attempts, run_at, priority)
    select task_id(j.id, j.dispatch), j.kind, convert_to('{"job":' || j.id || '}', 'UTF8'), 'Pending', 0, 1,
           now() - interval '1 second', j.priority
    from job j
    where j.id = any (job_ids) and j.state in ('waiting', 'retrying')
    on conflict (id) do nothing;
end
$$;

-- Enqueues one job per element of `payloads` in the caller's transaction and returns the ids of the jobs that now
-- stand for them. A subject that has an open twin gives that twin: a running one is marked to run again.
create function enqueue_jobs(job_kind text, subjects text[], payloads jsonb[], for_batch bigint, job_priority integer,
                             attempts integer) returns setof bigint language plpgsql as $$
declare
    fresh bigint[];
    all_ids bigint[];
begin
    with wanted as (
        select distinct on (w.subject, case when w.subject is null then w.n end) w.subject, w.payload, w.n
        from unnest(subjects, payloads) with ordinality as w (subject, payload, n)
        order by w.subject, case when w.subject is null then w.n end, w.n
    ), put as (
        insert into job (kind, payload, subject, batch_id, priority, max_attempts)
        select job_kind, w.payload, w.subject, for_batch, job_priority, attempts from wanted w order by w.n
        on conflict (kind, subject) where subject is not null and state in ('waiting', 'running', 'retrying')
        do update set again = job.again or job.state = 'running'
        returning id, (xmax = 0) as inserted
    )
    select array_agg(id) filter (where inserted), array_agg(id) into fresh, all_ids from put;
    perform dispatch_jobs(fresh);
    return query select unnest(all_ids);
end
$$;
