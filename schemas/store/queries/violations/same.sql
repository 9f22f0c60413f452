select id as "id: LockId", until, appeal_by, batch_id as "batch: BatchId", row_no
from lock
where (certificate_id = $1 or person_id = $2) and since = $3 and trim(cause_text) = trim($4)
order by id
limit 1
