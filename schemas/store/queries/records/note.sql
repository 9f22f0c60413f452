-- Outcomes from mild to severe.
update intake_row r
set findings = r.findings || n.findings,
    outcome = case when array_position(array['loaded', 'warned', 'held', 'rejected', 'dropped'], n.outcome)
                        > array_position(array['loaded', 'warned', 'held', 'rejected', 'dropped'], r.outcome)
                   then n.outcome else r.outcome end
from unnest($2::bigint[], $3::jsonb[], $4::text[]) as n (row_no, findings, outcome)
where r.batch_id = $1 and r.row_no = n.row_no
