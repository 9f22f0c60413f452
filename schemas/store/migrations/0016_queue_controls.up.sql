-- What staff say about queues: pauses, limits, drained hosts. No row, no control.

create table queue_control (
    kind text primary key,
    paused_at timestamptz,
    paused_by text,
    pause_reason text,
    -- Jobs of the queue that run at once, over all workers.
    max_running integer constraint control_running_positive check (max_running > 0),
    -- Jobs of the queue that begin in a minute, over all workers.
    per_minute integer constraint control_rate_positive check (per_minute > 0),
    -- Beginnings that are left of the rate, and when that was reckoned.
    tokens double precision not null default 0,
    reckoned_at timestamptz not null default now(),
    constraint control_paused_by_somebody check ((paused_at is null) = (paused_by is null) and (paused_at is null) = (pause_reason is null))
);

create table batch_pause (
    batch_id bigint primary key constraint pause_batch references intake_batch (id),
    paused_at timestamptz not null default now(),
    paused_by text not null,
    reason text not null
);

-- Workers of these hosts begin nothing more and end when their work in hand is done.
create table host_drain (
    host text primary key,
    drained_at timestamptz not null default now(),
    drained_by text not null,
    reason text not null
);

-- A worker is called HOST-PROCESS-START.
create function host_of(worker text) returns text
language sql immutable parallel safe as $$ select regexp_replace(worker, '-[0-9]+-[0-9a-f]+$', '') $$;

-- What keeps a job from beginning now: 'drained', 'paused', 'batch-paused', 'limit' or 'rate'; null where nothing does. Where a rate is
-- set and nothing else stands against it, one beginning of it is used up. Two workers that ask at once for a limited queue ask one after
-- the other, and the later one sees what the earlier one began.
create function held_back(of_kind text, of_batch bigint, of_worker text) returns text language plpgsql cost 10000 as $$
declare
    control queue_control;
begin
    if exists (select from host_drain where host = host_of(of_worker)) then
        return 'drained';
    end if;
    if of_batch is not null and exists (select from batch_pause where batch_id = of_batch) then
        return 'batch-paused';
    end if;
    -- The row called * stands for all queues.
    if exists (select from queue_control where kind in (of_kind, '*') and paused_at is not null) then
        return 'paused';
    end if;
    select * into control from queue_control where kind = of_kind;
    if control.max_running is null and control.per_minute is null then
        return null; -- Also where there is no row.
    end if;
    perform pg_advisory_xact_lock(hashtextextended('queue-limit ' || of_kind, 0));
    if control.max_running <= (select count(*) from (select from job where kind = of_kind and state = 'running' limit control.max_running) r) then
        return 'limit';
    end if;
    if control.per_minute is not null then
        -- At most a second's worth is saved up, and at least one.
        update queue_control c
        set tokens = t.tokens - case when t.tokens >= 1 then 1 else 0 end, reckoned_at = clock_timestamp()
        from (select least(greatest(1, per_minute / 60.0), tokens + per_minute / 60.0 * extract(epoch from clock_timestamp() - reckoned_at)) as tokens
              from queue_control where kind = of_kind) t
        where c.kind = of_kind
        returning t.tokens into control.tokens;
        if control.tokens < 1 then
            return 'rate';
        end if;
    end if;
    return null;
end
$$;

-- A task stands at the time at which its job came, so that a retried one keeps its place among its queue's.
create or replace function dispatch_jobs(job_ids bigint[]) returns void language plpgsql as $$
begin
    update job set dispatched_at = clock_timestamp() where id = any (job_ids) and attempt > 0;
    insert into apalis.jobs (id, job_type, job, status, attempts, max_attempts, run_at, priority)
    select task_id(j.id, j.dispatch), j.kind, convert_to('{"job":' || j.id || '}', 'UTF8'), 'Pending', 0, 1,
           least(j.created_at, now()) - interval '1 second', j.priority
    from job j
    where j.id = any (job_ids) and j.state in ('waiting', 'retrying')
    on conflict (id) do nothing;
end
$$;

-- Dead letters are looked for by their code, waiting jobs by their age.
create index job_dead_by_code on job (error_code, kind, id) where state = 'dead';
create index job_open_by_batch on job (batch_id, id) where state in ('waiting', 'running', 'retrying', 'dead');
