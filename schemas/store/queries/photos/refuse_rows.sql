with refused as (
    select * from unnest($1::bigint[], $2::jsonb[]) as r (photo_id, findings)
), changed as (
    update intake_row w set outcome = 'rejected', findings = w.findings || r.findings
    from refused r join photo f on f.id = r.photo_id
    where w.batch_id = f.batch_id and w.photo_id = f.id and w.outcome in ('loaded', 'warned')
    returning w.batch_id, (select o.outcome from intake_row o where o.batch_id = w.batch_id and o.row_no = w.row_no) as before
)
update intake_batch b
set rows_rejected = rows_rejected + c.n, rows_loaded = rows_loaded - c.loaded, rows_warned = rows_warned - (c.n - c.loaded)
from (select batch_id, count(*) as n, count(*) filter (where before = 'loaded') as loaded from changed group by batch_id) c
where b.id = c.batch_id and b.state = 'finished'
