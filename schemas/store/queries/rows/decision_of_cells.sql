-- The row of another batch whose same cells were decided about.
select x.batch_id as "batch: BatchId", x.row_no, x.decision, x.actor, x.at
from row_resolution x
join intake_row o on (o.batch_id, o.row_no) = (x.batch_id, x.row_no)
join intake_batch ob on ob.id = o.batch_id and ob.state = 'finished'
join intake_batch b on b.id = $1 and (ob.shape, ob.kind) = (b.shape, b.kind)
join intake_row r on (r.batch_id, r.row_no) = ($1, $2)
where x.batch_id <> $1 and md5(o.original::text) = md5(r.original::text)
order by x.at desc
limit 1
