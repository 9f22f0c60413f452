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
    select distinct r.number
    from batch b
    join intake_batch o on o.kind = b.kind and o.shape = 'certificates' and o.id <> b.id
        and (o.state = 'running' or o.state = 'finished' and o.finished_at > b.finished_at)
    join intake_row r on r.batch_id = o.id and r.outcome in ('loaded', 'warned') and r.number is not null
)
select count(*) filter (where changed and exists (select from issue_order i where i.certificate_id = concern.id
                                                   and i.created_at >= (select registered_at from batch))) as "ordered!",
       count(*) filter (where changed and not own) as "later_events!",
       count(*) filter (where (changed or created) and number in (select number from later)) as "delivered_again!",
       count(*) filter (where created and (exists (select from decision d where d.certificate_id = concern.id)
                                           or exists (select from application a where a.certificate_id = concern.id)
                                           or exists (select from lock l where l.certificate_id = concern.id and l.batch_id is distinct from $1)
                                           or exists (select from pending_business w where w.certificate_id = concern.id))) as "referred_to!"
from concern
