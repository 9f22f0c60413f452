-- One row for a job that can begin: the attempt, or what holds it back. `asked` locks the job, so that it is asked once.
with asked as materialized (
    select j.id, held_back(j.kind, j.batch_id, $2) as held_back
    from (select id, kind, batch_id from job
          where id = $1 and state in ('waiting', 'retrying') and run_at <= clock_timestamp()
          for update) j
), taken as (
    update job j
    set state = 'running', attempt = j.attempt + 1, lease_until = clock_timestamp() + $3, worker = $2,
        started_at = coalesce(j.started_at, clock_timestamp())
    from asked
    where j.id = asked.id and asked.held_back is null
    returning j.id, j.kind, j.attempt, j.max_attempts, j.payload, j.batch_id, j.priority
), noted as (
    insert into job_attempt (job_id, attempt, worker, started_at)
    select id, attempt, $2, clock_timestamp() from taken
)
select a.id as "id!", coalesce(t.kind, '') as "kind!", coalesce(t.attempt, 0) as "attempt!", coalesce(t.max_attempts, 0) as "max_attempts!",
       coalesce(t.payload, '{}') as "payload!", t.batch_id, a.held_back,
       coalesce(t.priority, 0) as "priority!",
       (select count(*) from job_attempt x where x.job_id = a.id and x.outcome = 'lost') as "lost_before!",
       (select count(*) from job_attempt x where x.job_id = a.id and x.outcome = 'retry') as "put_off_before!"
from asked a left join taken t on t.id = a.id
