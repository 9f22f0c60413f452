insert into application (number, certificate_id, applied_on, channel, phone, answer, reasons, content, batch_id, row_no)
select w.content ->> 'number', w.certificate_id, (w.content ->> 'on')::date, w.content ->> 'channel', w.content ->> 'phone',
       w.answer, w.reasons, w.content, $1, w.row_no
from unnest($2::bigint[], $3::bigint[], $4::text[], $5::jsonb[], $6::jsonb[]) as w (row_no, certificate_id, answer, reasons, content)
order by w.row_no
