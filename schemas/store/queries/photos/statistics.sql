with tally as (
    select decider, decision, sum(n)::bigint as n,
           coalesce(sum(n) filter (where hour = date_trunc('hour', now(), 'UTC')), 0)::bigint as this_hour,
           coalesce(sum(n) filter (where hour = date_trunc('hour', now(), 'UTC') - interval '1 hour'), 0)::bigint as last_hour
    from photo_tally where hour >= date_trunc('hour', $1::timestamptz, 'UTC')
    group by decider, decision
)
select (select count(*) from photo_case where ended_at is null) as "waiting!",
       (select count(*) from photo_case where ended_at is null and claimed_until > now()) as "claimed!",
       (select min(opened_at) from photo_case where ended_at is null) as oldest_since,
       coalesce(sum(this_hour) filter (where decider = 'person' and decision in ('approved', 'rejected')), 0)::bigint as "this_hour!",
       coalesce(sum(last_hour) filter (where decider = 'person' and decision in ('approved', 'rejected')), 0)::bigint as "last_hour!",
       coalesce(sum(n) filter (where decider = 'checks' and decision in ('approved', 'rejected')), 0)::bigint as "automatic!",
       coalesce(sum(n) filter (where decider = 'person' and decision in ('approved', 'rejected')), 0)::bigint as "human!",
       coalesce(sum(n) filter (where decision = 'appealed'), 0)::bigint as "appealed!",
       coalesce(sum(n) filter (where decision = 'overturned'), 0)::bigint as "overturned!",
       coalesce(sum(n) filter (where decision = 'taken-back'), 0)::bigint as "taken_back!"
from tally
