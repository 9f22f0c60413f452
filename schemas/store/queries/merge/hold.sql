-- What another delivery made known since the rows were compared.
update intake_row r
set outcome = 'held', findings = r.findings || jsonb_build_array(jsonb_build_object('code', h.code))
from unnest($2::bigint[], $3::text[]) as h (row_no, code)
where r.batch_id = $1 and r.row_no = h.row_no
