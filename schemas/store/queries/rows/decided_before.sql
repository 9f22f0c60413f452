-- How many held rows came back in a report after their cells had been decided about as rows of another batch.
select count(*) as "n!"
from intake_row r
join intake_batch b on b.id = r.batch_id and b.state = 'finished'
where r.outcome = 'held' and ($1::bigint is null or r.batch_id = $1)
  and exists (select
              from row_resolution x
              join intake_row o on (o.batch_id, o.row_no) = (x.batch_id, x.row_no)
              join intake_batch ob on ob.id = o.batch_id and ob.state = 'finished'
              where (ob.shape, ob.kind) = (b.shape, b.kind) and md5(o.original::text) = md5(r.original::text))
