-- Rows of these employers name them by the unified code from now on; what was delivered stays in the finding and among the cells.
update intake_row r
set employer_code = l.unified,
    outcome = case when r.outcome = 'loaded' and l.old <> '' then 'warned' else r.outcome end,
    findings = r.findings || jsonb_build_array(jsonb_build_object(
        'code', case when l.old = '' then 'employer-linked-by-name' else 'employer-linked' end, 'original', l.old, 'repaired', l.unified))
from unnest($2::text[], $3::text[], $4::text[]) as l (key, old, unified)
where r.batch_id = $1 and r.employer_key = l.key and coalesce(r.employer_code, '') = l.old
  and r.outcome in ('loaded', 'warned', 'held')
