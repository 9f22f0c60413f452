drop index job_open_by_batch;
drop index job_dead_by_code;
create or replace function dispatch_jobs(job_ids bigint[]) returns void language plpgsql as $$
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
drop function held_back(text, bigint, text);
drop function host_of(text);
drop table host_drain;
drop table batch_pause;
drop table queue_control;
