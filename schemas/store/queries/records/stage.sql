insert into intake_row (batch_id, row_no, sheet, line, outcome, findings, original, fields)
select $1, w.row_no, w.sheet, w.line, w.outcome, w.findings, w.original::json, w.fields
from unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::jsonb[], $7::jsonb[], $8::jsonb[])
     as w (row_no, sheet, line, outcome, findings, original, fields)
