update intake_row r
set outcome = case when r.outcome = 'loaded' then 'warned' else r.outcome end,
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', $3::text))
where r.batch_id = $1 and r.row_no = any ($2)
