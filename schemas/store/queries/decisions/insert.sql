insert into decision (number, kind, decided_on, effective_on, certificate_id, reason, content, printed, batch_id, row_no)
select w.content ->> 'number', w.content ->> 'kind', (w.content ->> 'on')::date, w.effective_on, w.certificate_id,
       w.content ->> 'reason', w.content, r.original, $1, w.row_no
from unnest($2::bigint[], $3::bigint[], $4::date[], $5::jsonb[]) as w (row_no, certificate_id, effective_on, content)
join intake_row r on r.batch_id = $1 and r.row_no = w.row_no
order by w.row_no
returning row_no, id as "id: DecisionId"
