-- What stands against undoing a batch of certificates, in numbers of certificates.
with batch as (
    select id, kind, registered_at, finished_at from intake_batch where id = $1
), concern as (
    select c.id, c.number, c.batch_id is not distinct from $1 as created,
           -- Whether everything since its first event is the batch's own, or was undone itself.
           not exists (select from certificate_event x
                       where x.certificate_id = c.id and x.detail ->> 'batch' is distinct from $1::text
                         and x.seq > (select min(o.seq) from certificate_event o where o.certificate_id = c.id and o.detail ->> 'batch' = $1::text)
                         and not exists (select from batch_undo u where u.batch_id::text = x.detail ->> 'batch')) as own,
           c.batch_id is not distinct from $1
               or exists (select from certificate_event o where o.certificate_id = c.id and o.detail ->> 'batch' = $1::text) as changed
    from batch b
    join certificate c on c.kind = b.kind
    where c.batch_id = $1
       or exists (select from certificate_prior p where (p.batch_id, p.certificate_id) = ($1, c.id))
       or c.number in (select r.number from intake_row r where r.batch_id = $1 and r.outcome in ('loaded', 'warned') and r.number is not null)
), later as (
    select r.number, array_agg(distinct o.id) as batches
    from batch b
    join intake_batch o on o.kind = b.kind and o.shape = 'certificates' and o.id <> b.id
        and (o.state = 'running' or o.state = 'finished' and o.finished_at > b.finished_at)
    join intake_row r on r.batch_id = o.id and r.outcome in ('loaded', 'warned') and r.number is not null
    group by r.number
), against as materialized (
    select c.number, l.batches,
           changed and exists (select from issue_order i where i.certificate_id = c.id and i.created_at >= (select registered_at from batch)) as ordered,
           changed and not own as later_events,
           (changed or created) and l.number is not null as delivered_again,
           created and (exists (select from decision d where d.certificate_id = c.id)
                        or exists (select from application a where a.certificate_id = c.id)
                        or exists (select from lock k where k.certificate_id = c.id and k.batch_id is distinct from $1)
                        or exists (select from pending_business w where w.certificate_id = c.id)) as referred_to
    from concern c
    left join later l on l.number = c.number
)
select count(*) filter (where ordered) as "ordered!", count(*) filter (where later_events) as "later_events!",
       count(*) filter (where delivered_again) as "delivered_again!", count(*) filter (where referred_to) as "referred_to!",
       coalesce((array_agg(number order by number) filter (where ordered))[1:5], '{}') as "ordered_numbers!",
       coalesce((array_agg(number order by number) filter (where later_events))[1:5], '{}') as "later_numbers!",
       coalesce((array_agg(number order by number) filter (where delivered_again))[1:5], '{}') as "again_numbers!",
       coalesce((array_agg(number order by number) filter (where referred_to))[1:5], '{}') as "referred_numbers!",
       coalesce((select array_agg(distinct batch order by batch) from against a, unnest(a.batches) as batch where a.delivered_again), '{}') as "again_batches!"
from against
