select r.batch_id as "batch: BatchId", r.row_no, r.sheet, r.line, r.findings, f.name as file_name
from intake_row r
join intake_batch b on b.id = r.batch_id and b.state = 'finished'
join intake_file f on f.batch_id = r.batch_id
where r.outcome = 'held' and ($1::bigint is null or r.batch_id = $1)
order by r.batch_id desc, r.row_no
limit $2
