update intake_row r
set merged = true, certificate_id = m.certificate_id
from unnest($2::bigint[], $3::bigint[]) as m (row_no, certificate_id)
where r.batch_id = $1 and r.row_no = m.row_no
