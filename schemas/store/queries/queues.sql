with open as (
    select kind,
           count(*) filter (where state = 'waiting') as waiting,
           count(*) filter (where state = 'running') as running,
           count(*) filter (where state = 'retrying') as retrying,
           min(created_at) filter (where state = 'waiting') as oldest
    from job
    where state in ('waiting', 'running', 'retrying')
    group by kind
), dead as (
    select kind, count(*) as dead from job where state = 'dead' group by kind
), done as (
    select kind, count(*) as done from job where finished_at > now() - interval '1 hour' and state = 'done' group by kind
), controls as (
    select kind, paused_at is not null as paused, max_running, per_minute from queue_control where kind <> '*'
)
select kind as "kind!",
       coalesce(open.waiting, 0) as "waiting!",
       coalesce(open.running, 0) as "running!",
       coalesce(open.retrying, 0) as "retrying!",
       coalesce(dead.dead, 0) as "dead!",
       coalesce(done.done, 0) as "done_last_hour!",
       extract(epoch from now() - open.oldest)::bigint as oldest_waiting_seconds,
       coalesce(controls.paused, false) or exists (select from queue_control c where c.kind = '*' and c.paused_at is not null) as "paused!",
       controls.max_running, controls.per_minute
from open full join dead using (kind) full join done using (kind) full join controls using (kind)
order by kind
