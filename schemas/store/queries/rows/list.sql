-- Held rows. One whose cells were decided about as a row of another batch of the shape, and came back in a report, is told apart.
with decided as materialized (
    select b.shape, b.kind, md5(r.original::text) as cells
    from row_resolution x
    join intake_row r on (r.batch_id, r.row_no) = (x.batch_id, x.row_no)
    join intake_batch b on b.id = r.batch_id
    where b.state = 'finished'
    group by 1, 2, 3
)
select r.batch_id as "batch: BatchId", r.row_no, r.sheet, r.line, r.findings, r.number, r.name, r.original as "original: Value",
       b.shape, b.kind, f.name as file_name
from intake_row r
join intake_batch b on b.id = r.batch_id and b.state = 'finished'
join intake_file f on f.batch_id = r.batch_id
where r.outcome = 'held' and ($1::bigint is null or r.batch_id = $1)
  and not exists (select from decided d where (d.shape, d.kind, d.cells) = (b.shape, b.kind, md5(r.original::text)))
order by r.batch_id desc, r.row_no
limit $2
